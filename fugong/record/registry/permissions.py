from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core import clock
from fugong.core.decision import Decision, allowed_if
from fugong.core.roles import SEES_AREA, Role
from fugong.core.viewer import Viewer
from fugong.record.registry.models import AccessSheet, Enterprise, ExportRun

KEEPERS = (Role.BUREAU_CLERK, Role.TOWNSHIP_CADRE, Role.ADMINISTRATOR)
_ANSWERING = (Role.DUTY_OFFICER, Role.COMMANDER)


def can_list_enterprises(viewer: Viewer) -> Decision:
    return allowed_if(viewer.is_service or viewer.has(*SEES_AREA), _("The register is for officials."))


def can_export_list(viewer: Viewer) -> Decision:
    """Whoever sees the list may take it along, phone numbers masked; each export is on record."""
    return can_list_enterprises(viewer)


def can_export_phones(viewer: Viewer, area_id: int | None = None) -> Decision:
    """Numbers in full go along for those who keep them, where they do; for a reason, on record."""
    if not viewer.has(*KEEPERS):
        return Decision(False, _("Phone numbers in full are taken along by those who keep the register."))
    inside = area_id is None or viewer.holds(area_id, *KEEPERS)
    return allowed_if(inside, _("This area lies outside your mandate; ask its own bureau."))


def can_fetch_export(viewer: Viewer, export: ExportRun) -> Decision:
    mine = allowed_if(viewer.id == export.actor_id, _("Another person asked for this file; ask for your own."))
    return mine and can_export_list(viewer) and (can_export_phones(viewer) if export.phones_for else Decision(True))


def can_register_enterprise(viewer: Viewer, area_id: int | None = None) -> Decision:
    """Without an area: may the viewer register any enterprise at all."""
    keeps = viewer.is_service or viewer.has(*KEEPERS)
    if not keeps:
        return Decision(False, _("The register is kept by bureau clerks, township cadres and administrators."))
    inside = area_id is None or viewer.holds(area_id, *KEEPERS)
    return allowed_if(inside, _("This area lies outside your mandate; ask its own bureau."))


def can_edit_enterprise(viewer: Viewer, enterprise: Enterprise) -> Decision:
    return _standing(enterprise) and can_register_enterprise(viewer, enterprise.managing_area_id)


def can_invite_reporter(viewer: Viewer, enterprise: Enterprise) -> Decision:
    if enterprise.closed_on is not None and enterprise.closed_on <= clock.today():
        return Decision(False, _("The enterprise is closed for good; nobody reports for it."))
    return _standing(enterprise) and can_register_enterprise(viewer, enterprise.managing_area_id)


def can_state_fact(viewer: Viewer, enterprise: Enterprise) -> Decision:
    return can_edit_enterprise(viewer, enterprise)


def can_keep_contacts(viewer: Viewer, enterprise: Enterprise) -> Decision:
    return can_edit_enterprise(viewer, enterprise)


def can_open_contact(viewer: Viewer, enterprise: Enterprise) -> Decision:
    """Who works in the area calls its enterprises; each opening is on record."""
    return allowed_if(
        viewer.holds(enterprise.managing_area_id, *SEES_AREA),
        _("Telephone numbers are opened by those who work in the enterprise's area."),
    )


def can_decide_scope(viewer: Viewer, enterprise: Enterprise) -> Decision:
    """Who keeps the register decides what is counted, and so do those who answer for the figures."""
    if not (viewer.is_service or viewer.has(*KEEPERS, *_ANSWERING)):
        return Decision(
            False, _("What is counted is decided by those who keep the register, the duty officer and the commander.")
        )
    inside = viewer.holds(enterprise.managing_area_id, *KEEPERS, *_ANSWERING)
    return _standing(enterprise) and allowed_if(inside, _("This area lies outside your mandate; ask its own bureau."))


def can_import_enterprises(viewer: Viewer) -> Decision:
    return can_register_enterprise(viewer)


def can_close_enterprise(viewer: Viewer, enterprise: Enterprise) -> Decision:
    if enterprise.closed_on is not None:
        return Decision(False, _("The enterprise is closed for good already."))
    return _standing(enterprise) and can_register_enterprise(viewer, enterprise.managing_area_id)


def can_reopen_enterprise(viewer: Viewer, enterprise: Enterprise) -> Decision:
    """Whoever may close it may take that back: the keepers of its managing area."""
    if enterprise.closed_on is None:
        return Decision(False, _("The enterprise is not closed."))
    return _standing(enterprise) and can_register_enterprise(viewer, enterprise.managing_area_id)


def can_move_enterprise(viewer: Viewer, enterprise: Enterprise) -> Decision:
    """Only the area that has it now gives it away; the receiving one is told and may move it back."""
    return _standing(enterprise) and can_register_enterprise(viewer, enterprise.managing_area_id)


def can_give_code(viewer: Viewer, enterprise: Enterprise) -> Decision:
    if enterprise.uscc:
        return Decision(False, _("The enterprise has a credit code already."))
    return _standing(enterprise) and can_register_enterprise(viewer, enterprise.managing_area_id)


def can_merge_enterprises(viewer: Viewer, kept: Enterprise, dropped: Enterprise) -> Decision:
    """Both must lie within the mandate, and both must still stand for themselves."""
    for enterprise in (kept, dropped):
        decision = _standing(enterprise) and can_register_enterprise(viewer, enterprise.managing_area_id)
        if not decision:
            return decision
    return allowed_if(kept.pk != dropped.pk, _("An enterprise cannot be merged into itself."))


def can_propose_change(viewer: Viewer, enterprise: Enterprise) -> Decision:
    if enterprise.closed_on is not None:
        return Decision(False, _("The enterprise is closed for good; ask the bureau that looks after it."))
    return allowed_if(
        viewer.acts_for(enterprise.pk, Role.REPORTER),
        _("You do not report for this enterprise; its bureau clerk gives this right."),
    )


def can_decide_change(viewer: Viewer, enterprise: Enterprise) -> Decision:
    """The keepers of its managing area answer what an enterprise proposes."""
    return can_register_enterprise(viewer, enterprise.managing_area_id)


def _standing(enterprise: Enterprise) -> Decision:
    """A tombstone is history: nothing is done to it any more."""
    return allowed_if(enterprise.merged_into_id is None, _("It was merged into another enterprise; work on that one."))


def can_end_grant(viewer: Viewer, enterprise: Enterprise) -> Decision:
    """Whoever gives it may take it away, also of an enterprise that is closed for good."""
    return can_register_enterprise(viewer, enterprise.managing_area_id)


def can_end_all_grants(viewer: Viewer) -> Decision:
    return allowed_if(viewer.is_service, _("Grants of a person who leaves end with the person."))


def can_call_contact(viewer: Viewer, enterprise: Enterprise) -> Decision:
    """Its liaison officer rings the people of an enterprise; each opening is on record."""
    return allowed_if(
        viewer.acts_for(enterprise.pk, Role.LIAISON_OFFICER),
        _("You do not look after this enterprise; its office gives it to you."),
    )


def can_set_officers(viewer: Viewer) -> Decision:
    return allowed_if(viewer.is_service, _("The rights of officers follow their assignments in the field book."))


def can_propose_colleague(viewer: Viewer, enterprise: Enterprise) -> Decision:
    return can_propose_change(viewer, enterprise)


def can_claim_enterprise(viewer: Viewer) -> Decision:
    """Whoever reports for some enterprise already may ask for another one by its code."""
    return allowed_if(
        viewer.id is not None and viewer.has(Role.REPORTER),
        _("Only a reporter adds an enterprise; open the code without being signed in instead."),
    )


def can_print_sheet(viewer: Viewer, area_id: int | None) -> Decision:
    if viewer.id is None:
        return Decision(False, _("A sheet is made for a person; sign in with your own account."))
    return can_register_enterprise(viewer, area_id)


def can_fetch_sheet(viewer: Viewer, sheet: AccessSheet) -> Decision:
    """The codes stand in it in clear: it goes to the one who asked for it, and to nobody else."""
    return allowed_if(
        viewer.id == sheet.actor_id, _("Another person asked for this sheet; make one of your own.")
    ) and can_print_sheet(viewer, sheet.area_id)
