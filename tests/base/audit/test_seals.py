"""The chain of seals: late commits, two sealers, kill, and every way to get past the trigger."""

from __future__ import annotations

import json
import threading
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction

from fugong.base.audit.actions import MOST_ENTRIES, record, seal_waiting
from fugong.base.audit.logic import seals
from fugong.base.audit.management.commands.seal import SEALER, seal_all, seal_until
from fugong.base.audit.models import AuditEntry, Seal, Unsealed
from fugong.base.audit.selectors import seal_of_day, seal_state
from fugong.base.audit.selectors.seals import verify_trail
from fugong.core.decision import Denied
from fugong.core.viewer import ANONYMOUS, Viewer
from tests.tools import at_once

pytestmark = pytest.mark.django_db
CLERK = Viewer(id=7, name="王芳")
AUDITOR = Viewer(id=8, name="岳文静")


def act(number: int = 1, **values) -> list[int]:
    for _ in range(number):
        values = {"area_id": None} | values
        record(actor=CLERK, verb="registry.enterprise.edited", subject="registry.enterprise:1", **values)
    return list(AuditEntry.objects.order_by("pk").values_list("pk", flat=True))


def as_superuser(statement: str, *values) -> None:
    """What somebody does who owns the tables: the triggers are no hindrance."""
    with connection.cursor() as cursor:
        for table in ("audit_auditentry", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        for table in ("audit_auditentry", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def fault():
    return verify_trail(AUDITOR).fault


@pytest.fixture
def chain(db):
    """Three seals over seven entries."""
    for number in (3, 1, 3):
        act(number, detail={"before": {"name": "旧厂"}, "rows": 3}, reason="换照", area_id=5)
        seal_all()
    return list(AuditEntry.objects.order_by("pk").values_list("pk", flat=True))


def test_every_entry_is_closed_by_one_seal_and_the_chain_holds(chain):
    found = verify_trail(AUDITOR)
    assert (found.seals, found.entries, found.waiting, found.fault) == (3, 7, 0, None)
    closed = [number for seal in Seal.objects.order_by("pk") for number, _digest in seals.unpack(bytes(seal.members))]
    assert closed == chain
    assert found.last == Seal.objects.latest("pk").digest


def test_a_backlog_is_closed_in_pieces():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditentry (at, actor_name, verb, subject, detail, reason, origin)"
            " SELECT now(), 'console', 'a.b.done', 'a.b:' || n, '{}', '', '' FROM generate_series(1, %s) n",
            [MOST_ENTRIES + 2],
        )
    assert seal_all() == MOST_ENTRIES + 2
    assert list(Seal.objects.order_by("pk").values_list("entries", flat=True)) == [MOST_ENTRIES, 2]
    assert fault() is None


def test_entries_that_come_while_it_seals_wait_for_the_next_second(monkeypatch):
    def seal_while_they_write(**values):
        seal = seal_waiting(**values)
        act(2)
        return seal

    monkeypatch.setattr("fugong.base.audit.management.commands.seal.seal_waiting", seal_while_they_write)
    act(3)
    assert seal_all() == 3
    assert Seal.objects.count() == 1
    assert seal_state(AUDITOR).waiting == 2


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = 'x'", "actor_id = 9", "area_id = NULL", "verb = 'registry.enterprise.closed'", "reason = '换证'",
        "subject = 'registry.enterprise:2'", "at = at + interval '1 microsecond'", "origin = 'web 10.0.0.2'",
        """detail = jsonb_set(detail, '{rows}', '4')""", """detail = jsonb_set(detail, '{before,name}', '"旧广"')""",
    ],
)  # fmt: skip
def test_one_changed_byte_is_named(chain, change):
    as_superuser(f"UPDATE audit_auditentry SET {change} WHERE id = %s", chain[3])
    broken = fault()
    second = Seal.objects.order_by("pk")[1]
    assert (broken.kind, broken.seal, broken.entry) == ("entry_changed", second.pk, chain[3])


def test_an_entry_that_is_gone_is_named(chain):
    as_superuser("DELETE FROM audit_auditentry WHERE id = %s", chain[5])
    assert (fault().kind, fault().entry) == ("entry_missing", chain[5])


def test_an_entry_slipped_in_past_the_trigger_is_named(chain):
    as_superuser(
        "INSERT INTO audit_auditentry (id, at, actor_name, verb, subject, detail, reason, origin)"
        " VALUES (999999, now(), '王芳', 'a.b.done', 'a.b:1', '{}', '', '')"
    )
    assert (fault().kind, fault().entry) == ("entry_unsealed", 999999)


@pytest.mark.parametrize(
    ("statement", "kind", "number"),
    [
        ("DELETE FROM audit_seal WHERE id = {1}", "chain", 2),
        ("UPDATE audit_seal SET sealed_at = sealed_at - interval '1 day' WHERE id = {1}", "seal", 1),
        ("UPDATE audit_seal SET members = substring(members FOR 39) WHERE id = {1}", "seal", 1),
        ("UPDATE audit_seal SET digest = previous || 'a' WHERE id = {0}", "seal", 0),
    ],
)
def test_a_tampered_seal_is_named(chain, statement, kind, number):
    keys = list(Seal.objects.order_by("pk").values_list("pk", flat=True))
    as_superuser(statement.format(*keys))
    assert (fault().kind, fault().seal, fault().entry) == (kind, keys[number], 0)


def test_who_rewrites_the_whole_chain_is_caught_by_what_was_printed(chain):
    printed = seal_of_day(AUDITOR, date(2020, 3, 24)).digest[:16]
    as_superuser("DELETE FROM audit_seal")
    as_superuser("UPDATE audit_auditentry SET reason = '别的' WHERE id = %s", chain[0])
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO audit_unsealed (entry_id) SELECT id FROM audit_auditentry")
    seal_all()
    assert fault() is None, "a chain made anew holds in itself"
    assert verify_trail(AUDITOR, {"2020-03-24": printed}).fault.kind == "day_seal"


@pytest.mark.parametrize(
    "change",
    [
        lambda: Seal.objects.update(digest="0"),
        lambda: Seal.objects.all().delete(),
        lambda: connection.cursor().execute("TRUNCATE audit_seal"),
    ],
)
def test_the_chain_refuses_change(chain, change):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change()


def test_only_the_program_seals():
    with pytest.raises(Denied):
        seal_waiting(actor=CLERK)


def test_the_seal_of_a_day_is_its_last(chain, set_clock):
    last = Seal.objects.latest("pk")
    set_clock("2020-03-25T08:00:00+08:00")
    act()
    seal_all()
    assert seal_of_day(AUDITOR, date(2020, 3, 24)) == last
    assert seal_of_day(AUDITOR, date(2020, 3, 25)) == Seal.objects.latest("pk")
    assert seal_of_day(AUDITOR, date(2020, 3, 23)) is None


def test_the_state_says_what_waits(chain):
    act(2)
    state = seal_state(AUDITOR)
    assert (state.waiting, state.last) == (2, Seal.objects.latest("pk"))
    assert state.oldest is not None
    assert seal_state(ANONYMOUS).last is None


def verify(*words: str) -> tuple[str, int]:
    out = StringIO()
    try:
        call_command("audit", "verify", *words, stdout=out)
    except SystemExit as end:
        return out.getvalue(), end.code
    return out.getvalue(), 0


def test_the_command_says_that_it_holds_and_what_is_broken(chain):
    words, code = verify("--json")
    assert code == 0
    assert json.loads(words) == {
        "holds": True, "seals": 3, "entries": 7, "waiting": 0, "last": Seal.objects.latest("pk").digest, "fault": None,
    }  # fmt: skip
    as_superuser("UPDATE audit_auditentry SET reason = 'x' WHERE id = %s", chain[0])
    words, code = verify()
    assert code == 1
    assert str(chain[0]) in words
    assert json.loads(verify("--json")[0])["fault"]["entry"] == chain[0]


@pytest.mark.parametrize("word", ["2020-03-24", "2020-03-24=abc", "yesterday=0123456789abcdef"])
def test_a_printed_seal_that_cannot_be_read_is_refused(word):
    with pytest.raises(CommandError, match="--printed"):
        verify("--printed", word)


@pytest.mark.django_db(transaction=True)
def test_an_entry_whose_transaction_commits_late_is_not_passed_over():
    with transaction.atomic():
        early = act()[0]
        at_once(lambda: act())  # another connection commits a later number first
        at_once(lambda: seal_all())
        assert [number for number, _ in seals.unpack(bytes(Seal.objects.get().members))] == [early + 1]
    seal_all()
    assert [number for number, _ in seals.unpack(bytes(Seal.objects.latest("pk").members))] == [early]
    assert verify_trail(AUDITOR).fault is None


@pytest.mark.django_db(transaction=True)
def test_an_act_that_is_taken_back_leaves_nothing_to_seal():
    with pytest.raises(RuntimeError), transaction.atomic():
        act()
        raise RuntimeError
    assert not Unsealed.objects.exists()
    assert seal_all() == 0


@pytest.mark.django_db(transaction=True)
def test_sealers_and_writers_at_once_leave_one_chain():
    def write() -> None:
        for _ in range(20):
            act()

    def seal() -> None:
        for _ in range(10):
            seal_waiting(actor=SEALER)

    assert at_once(write, seal, write, seal, seal) == [None] * 5
    seal_all()
    found = verify_trail(AUDITOR)
    assert (found.entries, found.waiting, found.fault) == (40, 0, None)


@pytest.mark.django_db(transaction=True)
def test_the_loop_seals_until_it_is_told_to_end(monkeypatch):
    monkeypatch.setattr("fugong.base.audit.management.commands.seal.SECONDS", 0.05)
    stop = threading.Event()
    loop = threading.Thread(target=seal_until, args=[stop])
    loop.start()
    act(3)
    stop.set()
    loop.join(20)
    assert not Unsealed.objects.exists()
    assert verify_trail(AUDITOR).fault is None


def test_an_act_that_leaves_no_entry_fails():
    last = act()[-1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('audit_auditentry', 'id'), %s, false)", [last])
    with pytest.raises(RuntimeError, match="did not take"):
        act()
