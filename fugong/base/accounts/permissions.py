from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import Mandate, User
from fugong.core.decision import SIGN_IN_FIRST, Decision, allowed_if
from fugong.core.registries import granted_areas
from fugong.core.roles import SEES_AREA, Role
from fugong.core.viewer import Viewer

_OPENING = (Role.ADMINISTRATOR, Role.BUREAU_CLERK, Role.TOWNSHIP_CADRE)


def can_open_account(viewer: Viewer, area_id: int | None = None) -> Decision:
    """Clerks open accounts for reporters, administrators for everybody. Without an area: anywhere at all."""
    may = viewer.has(*_OPENING) if area_id is None else viewer.holds(area_id, *_OPENING)
    return allowed_if(
        viewer.is_service or may, _("Accounts are opened by bureau clerks, township cadres and administrators.")
    )


def can_administer(viewer: Viewer) -> Decision:
    """For menus and doors: administers any area at all."""
    return allowed_if(
        viewer.is_service or viewer.has(Role.ADMINISTRATOR), _("People and bodies are kept by administrators.")
    )


def can_administer_area(viewer: Viewer, area_id: int | None) -> Decision:
    return allowed_if(viewer.holds(area_id, Role.ADMINISTRATOR), _("This area has another administrator; ask there."))


def can_give_mandate(viewer: Viewer, area_id: int) -> Decision:
    return allowed_if(
        viewer.holds(area_id, Role.ADMINISTRATOR),
        _("Mandates are given by the administrator of the area."),
    )


def can_end_mandate(viewer: Viewer, mandate: Mandate) -> Decision:
    return can_give_mandate(viewer, mandate.area_id)


def can_name_deputy(viewer: Viewer, mandate: Mandate) -> Decision:
    """The administrator of the area, or the person who goes away. A deputy names no further deputy."""
    if mandate.deputy_for_id is not None:
        return Decision(False, _("A deputy does not hand the role on; the person in office names another one."))
    own = viewer.id is not None and viewer.id == mandate.user_id
    return Decision(True) if own else can_give_mandate(viewer, mandate.area_id)


def can_found_body(viewer: Viewer, area_id: int) -> Decision:
    return allowed_if(
        viewer.holds(area_id, Role.ADMINISTRATOR),
        _("Bodies are set up by the administrator of the area."),
    )


def _granted(viewer: Viewer, user: User) -> list[int]:
    return [area_id for source in granted_areas.values() for area_id in source(viewer, user.pk)]


def _holds_all(viewer: Viewer, area_ids: Iterable[int], *roles: Role) -> bool:
    return all(viewer.holds(area_id, *roles) for area_id in area_ids)


def can_look_after(viewer: Viewer, user: User, mandate_areas: Collection[int]) -> Decision:
    """Acts on an account itself: whoever resets it could act as that person, so all that it may must lie within."""
    if user.left_at is not None:
        return Decision(False, _("This person has left; the account stays for the record."))
    within = _holds_all(viewer, [*mandate_areas, *_granted(viewer, user)], Role.ADMINISTRATOR)
    own = viewer.holds(user.area_id, Role.ADMINISTRATOR) or (user.area_id is None and bool(mandate_areas))
    return allowed_if(
        within and own, _("This person also serves outside your area; the administrator of the wider area does this.")
    )


def can_issue_code(viewer: Viewer, user: User, mandate_areas: Collection[int]) -> Decision:
    """Officials get theirs from the administrator, reporters also from those who keep the register of the area."""
    opens = user.left_at is None and not mandate_areas and viewer.holds(user.area_id, *_OPENING)
    # With the code one could act for every enterprise that this person acts for.
    if opens and _holds_all(viewer, _granted(viewer, user), *_OPENING):
        return Decision(True)
    return can_look_after(viewer, user, mandate_areas)


def can_change_own(viewer: Viewer, user: User) -> Decision:
    """Password, PIN, second factor, sessions: everybody one's own."""
    return SIGN_IN_FIRST if viewer.is_anonymous else allowed_if(viewer.id == user.pk, _("This is another account."))


def can_let_in(viewer: Viewer) -> Decision:
    """Checking secrets, counting attempts, redeeming codes: the sign-in page itself, before anybody is known."""
    return allowed_if(viewer.is_service, _("This is done by the sign-in page."))


def can_forget(viewer: Viewer) -> Decision:
    """Retention is the program's own nightly work."""
    return allowed_if(viewer.is_service, _("Old entries are deleted by the program itself."))


def can_import_accounts(viewer: Viewer) -> Decision:
    return can_administer(viewer)


def can_open_phone(viewer: Viewer, user_id: int, area_id: int | None) -> Decision:
    """One's own number; else who works in the area of the person calls people there."""
    return allowed_if(
        viewer.id == user_id or viewer.holds(area_id, *SEES_AREA),
        _("Telephone numbers are opened by those who work in the person's area."),
    )
