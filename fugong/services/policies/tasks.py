from __future__ import annotations

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from fugong.core import clock
from fugong.core.jobs import job
from fugong.core.viewer import service_viewer
from fugong.services.policies.actions.matching import match_versions, tell_entitled
from fugong.services.policies.selectors.catalogue import current_versions

_POLICIES = service_viewer("policies")


def _fresh_connection() -> None:
    if not connection.in_atomic_block:
        close_old_connections()


@job(name="policies.match", lock="policies.match")
def match(version_id: int | None = None) -> None:
    """A version was published, or files brought some (None: all that hold): answer for every enterprise, then tell the
    entitled, each once. One that has not begun, or in whose place a later one stands, decides nothing today.

    A worker that dies in between has matched all or none, and told some; the next run goes on with the others.
    """
    _fresh_connection()
    versions = [one for one in current_versions(_POLICIES) if version_id in (None, one.pk)]
    match_versions(actor=_POLICIES, versions=versions, day=clock.today())
    for version in versions:
        while tell_entitled(actor=_POLICIES, version=version):
            pass


@app.periodic(cron="20 3 * * *")
@job(name="policies.renew", queueing_lock="policies.renew", lock="policies.match")
def renew(timestamp: int) -> None:
    """Every night: facts have changed, measures have begun. Who became entitled is told in the morning's run."""
    _fresh_connection()
    match_versions(actor=_POLICIES, versions=current_versions(_POLICIES), day=clock.today())


@app.periodic(cron="30 8 * * *")
@job(name="policies.tell", queueing_lock="policies.tell", lock="policies.match")
def tell(timestamp: int) -> None:
    """In the morning, not at night: who became entitled since is told, each once for a measure."""
    _fresh_connection()
    for version in current_versions(_POLICIES):
        while tell_entitled(actor=_POLICIES, version=version):
            pass
