"""Taking a whole import of enterprises back."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fugong.base.spreadsheets.logic.kinds import Written
from fugong.core.bulk import all_rows, execute, one_row
from fugong.core.decision import Denied
from fugong.core.events import announce
from fugong.core.text import listed
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.actions.facts import withdraw_facts_in_bulk
from fugong.record.registry.actions.traits import renew_traits
from fugong.record.registry.events import RegisterChanged
from fugong.record.registry.models import Enterprise, EnterpriseFact, ImportedEnterprise, ScopeDecision

_NAMED = 3
# Imports wait here for one another once their files are read, and undoing waits with them: two files with the same code
# cannot both enter it, and none counts as known what another is about to remove.
TURN = "SELECT pg_advisory_xact_lock(hashtext('registry.import'))"
# From here nobody edits what is looked at below.
_HOLD = """
SELECT FROM registry_enterprise AS e JOIN registry_importedenterprise AS i ON i.enterprise_pk = e.id
WHERE i.run_id = %(run)s ORDER BY e.id FOR UPDATE OF e
"""
_TOUCHED_SINCE = """
SELECT count(*), COALESCE((array_agg(e.name ORDER BY e.name))[1:%(named)s], '{}')
FROM registry_importedenterprise AS i LEFT JOIN registry_enterprise AS e ON e.id = i.enterprise_pk
WHERE i.run_id = %(run)s AND e.updated_at IS DISTINCT FROM %(written)s
"""
_RESTORE = """
UPDATE registry_enterprise AS e SET
    name = b.name, kind = b.kind, registered_area_id = b.registered_area_id, established_on = b.established_on,
    registered_address = b.registered_address, business_scope = b.business_scope, capital_amount = b.capital_amount,
    capital_currency = b.capital_currency, updated_at = b.updated_at
FROM registry_importedenterprise AS i
CROSS JOIN LATERAL jsonb_populate_record(NULL::registry_enterprise, i.before) AS b
WHERE i.run_id = %(run)s AND i.before IS NOT NULL AND e.id = i.enterprise_pk
"""
# Those whose name or kind an import changed, while it stands and when it was taken back.
CALLED_OTHERWISE = """
SELECT i.enterprise_pk FROM registry_importedenterprise AS i JOIN registry_enterprise AS e ON e.id = i.enterprise_pk
WHERE i.run_id = %(run)s AND i.before IS NOT NULL
    AND (i.before->>'kind', i.before->>'name') IS DISTINCT FROM (e.kind, e.name)
"""
_AREAS = """
SELECT DISTINCT e.managing_area_id FROM registry_importedenterprise AS i
JOIN registry_enterprise AS e ON e.id = i.enterprise_pk WHERE i.run_id = %(run)s
"""
# What was said of an entered enterprise and was taken back, by whichever import or hand.
_FORGET_FACTS = """
DELETE FROM registry_enterprisefact AS f USING registry_importedenterprise AS i
WHERE i.run_id = %(run)s AND i.before IS NULL AND f.enterprise_id = i.enterprise_pk AND f.withdrawn_at IS NOT NULL
"""
# The contacts that it told, and of an entered enterprise those that were removed; who gave way to them stands again.
_FORGET_CONTACTS = """
DELETE FROM registry_contact AS k
WHERE k.source = %(source)s OR k.ended_at IS NOT NULL AND EXISTS (
    SELECT FROM registry_importedenterprise AS i
    WHERE i.run_id = %(run)s AND i.before IS NULL AND i.enterprise_pk = k.enterprise_id
)
"""
_REVIVE_CONTACTS = """
UPDATE registry_contact AS k SET ended_at = NULL, ended_by_name = ''
FROM registry_contact AS n
WHERE n.source = %(source)s AND k.ended_at = n.entered_at AND k.enterprise_id = n.enterprise_id
    AND k.role = n.role AND k.name = n.name AND k.id <> n.id
"""


@transaction.atomic
def undo_enterprises(*, actor: Viewer, written: Written) -> dict[str, Any]:
    """Remove what an import entered, put back what it changed; returns how many of each.

    What was said of a removed enterprise meanwhile and was taken back (a fact of a later import that was undone, a
    scope decision that was revoked) says nothing any more and goes with it; the trail keeps that it was said.

    Raises `Denied` with the reason where something was changed since, or stands on what was entered.
    """
    permissions.can_import_enterprises(actor).require()
    values = {"run": written.run_id, "written": written.written_at, "named": _NAMED, "source": written.source}
    execute(TURN)
    execute(_HOLD, values)
    areas = frozenset(pk for (pk,) in all_rows(_AREAS, values))
    _refuse_if_changed(*one_row(_TOUCHED_SINCE, values))
    facts = EnterpriseFact.objects.filter(source=written.source)
    if facts.filter(withdrawn_at__isnull=False).exists():
        raise Denied(_("A headcount or industry of this import was corrected since, so it stays."))
    entered = ImportedEnterprise.objects.filter(run_id=written.run_id, before__isnull=True)
    called_otherwise = [pk for (pk,) in all_rows(CALLED_OTHERWISE, values)]
    removed, restored = entered.count(), execute(_RESTORE, values)
    renew_traits(actor=actor, enterprise_ids=called_otherwise)
    withdraw_facts_in_bulk(actor=actor, source=written.source)
    execute(_FORGET_FACTS, values)
    execute(_REVIVE_CONTACTS, values)
    execute(_FORGET_CONTACTS, values)
    ids = entered.values("enterprise_pk")
    ScopeDecision.objects.filter(enterprise__in=ids, revoked_at__isnull=False).delete()
    try:
        Enterprise.objects.filter(pk__in=ids).delete()
    except ProtectedError as error:
        raise Denied(_stands_on(error)) from error
    ImportedEnterprise.objects.filter(run_id=written.run_id).delete()
    announce(RegisterChanged(areas))
    return {"removed": removed, "restored": restored}


def _refuse_if_changed(count: int, names: list[str]) -> None:
    if count:
        named = listed(name for name in names if name) or "—"
        raise Denied(
            ngettext(
                "%(count)d enterprise of this import was changed since: %(names)s. Undo that first, or mend by hand.",
                "%(count)d enterprises of this import were changed since, such as %(names)s. Mend them by hand.",
                count,
            )
            % {"count": count, "names": named}
        )


def _stands_on(error: ProtectedError) -> str:
    kinds = Counter(str(row._meta.verbose_name_plural) for row in error.protected_objects)
    entries = listed(f"{name} {count}" for name, count in kinds.most_common())
    return _("Later entries stand on enterprises of this import (%(entries)s), so it stays.") % {"entries": entries}
