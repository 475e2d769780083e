from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from fugong.base.audit.actions import record, record_access
from fugong.base.audit.models import AuditEntry
from fugong.core import clock
from fugong.core.origin import origin
from fugong.core.readonly import WriteInRead, writes_forbidden
from fugong.core.viewer import Viewer, service_viewer

pytestmark = pytest.mark.django_db
CLERK = Viewer(id=7, name="王芳")


def entry(**values) -> AuditEntry:
    record(actor=CLERK, verb="registry.enterprise.edited", subject="registry.enterprise:1", area_id=None, **values)
    return AuditEntry.objects.latest("pk")


def test_an_entry_says_who_what_whom_when_where_and_why():
    token = origin.set("web 10.0.0.1")
    try:
        written = entry(detail={"before": {"name": "旧"}}, reason="licence")
    finally:
        origin.reset(token)
    assert (written.actor_id, written.actor_name) == (7, "王芳")
    assert (written.verb, written.subject) == ("registry.enterprise.edited", "registry.enterprise:1")
    assert (written.detail, written.reason, written.origin) == ({"before": {"name": "旧"}}, "licence", "web 10.0.0.1")
    assert clock.now() - written.at < timedelta(seconds=5)
    assert str(written) == "registry.enterprise.edited registry.enterprise:1"


def test_a_service_is_kept_by_its_name():
    record(actor=service_viewer("console"), verb="areas.area.imported", subject="areas.file:areas.csv", area_id=None)
    written = AuditEntry.objects.latest("pk")
    assert (written.actor_id, written.actor_name, written.detail) == (None, "console", {})


@pytest.mark.parametrize(
    "change",
    [
        lambda: AuditEntry.objects.update(reason="nothing happened"),
        lambda: AuditEntry.objects.all().delete(),
        lambda: connection.cursor().execute("TRUNCATE audit_auditentry"),
        lambda: connection.cursor().execute("UPDATE audit_auditentry SET actor_id = NULL WHERE false OR true"),
    ],
    ids=["UPDATE", "DELETE", "TRUNCATE", "UPDATE in SQL"],
)
def test_the_trail_refuses_change(change):
    written = entry()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change()
    assert AuditEntry.objects.get() == written
    assert AuditEntry.objects.get().reason == ""


def test_the_entry_goes_with_an_act_that_failed():
    with pytest.raises(RuntimeError), transaction.atomic():
        entry()
        raise RuntimeError("the act failed")
    assert not AuditEntry.objects.exists()


def test_reading_may_be_written_down_where_nothing_else_may():
    with writes_forbidden():
        record_access(
            actor=CLERK, verb="accounts.user.phone_opened", subject="accounts.user:3", area_id=None, reason="visit"
        )
        with pytest.raises(WriteInRead), transaction.atomic():
            entry()
    written = AuditEntry.objects.get()
    assert (written.verb, written.reason) == ("accounts.user.phone_opened", "visit")
