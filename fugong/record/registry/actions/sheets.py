"""Printed sheets of one-time codes: asked for by a keeper, made by a job, fetched by whoever asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from fugong.base.accounts.actions.people import open_account
from fugong.base.accounts.actions.secrets import CODE_LASTS, issue_code, revoke_batch
from fugong.base.accounts.enums import SecretKind
from fugong.base.accounts.models import User
from fugong.base.accounts.selectors import may_issue_code
from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.files import side_path
from fugong.core.jobs import defer
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.actions.grants import grant_enterprise
from fugong.record.registry.enums import GrantCapacity, SheetState
from fugong.record.registry.logic.sheet import Card
from fugong.record.registry.models import AccessSheet, Enterprise, EnterpriseGrant
from fugong.record.registry.selectors.sheets import count_for_sheet, enterprises_for_sheet

MOST_CARDS = 1_000
KEPT = timedelta(days=3)


@transaction.atomic
def ask_for_sheet(*, actor: Viewer, area: Area, base_url: str, everybody: bool = False) -> AccessSheet:
    """Have a sheet made for the enterprises of an area that nobody has signed in for, or for all with `everybody`.

    Raises `ValidationError` when there is none, or more than fit on one sheet.
    """
    permissions.can_print_sheet(actor, area.pk).require()
    count = count_for_sheet(actor, area, everybody=everybody)
    if not count:
        raise ValidationError(_("Somebody signs in for every enterprise here already. No sheet is needed."))
    if count > MOST_CARDS:
        raise ValidationError(
            _("%(count)d enterprises are too many for one sheet (%(most)d). Choose a township.")
            % {"count": count, "most": MOST_CARDS}
        )
    sheet = AccessSheet.objects.create(
        area=area,
        actor_id=actor.id or 0,
        everybody=everybody,
        base_url=base_url,
        language=translation.get_language() or "",
        asked_at=clock.now(),
    )
    record(
        actor=actor,
        verb="registry.sheet.asked",
        subject=f"registry.sheet:{sheet.pk}",
        area_id=area.pk,
        detail={"area": area.code, "enterprises": count},
    )
    defer("registry.make_sheet", sheet_id=sheet.pk)
    for old in AccessSheet.objects.filter(asked_at__lt=clock.now() - KEPT).order_by("pk"):
        side_path(old.file_name).unlink(missing_ok=True)
    return sheet


@transaction.atomic
def make_sheet(*, actor: Viewer, sheet_id: int, draw: Callable[[AccessSheet, list[Card]], bytes]) -> None:
    """Open what accounts are missing, issue a code for each and write the file; all or nothing, and once.

    `actor` is the person who asked, with the rights of now. `draw` turns the cards into a PDF.
    """
    sheet = AccessSheet.objects.select_for_update(of=("self",)).select_related("area").get(pk=sheet_id)
    permissions.can_print_sheet(actor, sheet.area_id).require()
    if sheet.state != SheetState.WAITING:
        return
    found = enterprises_for_sheet(actor, sheet.area, everybody=sheet.everybody)[:MOST_CARDS]
    cards = [_card(actor, sheet, enterprise) for enterprise in found]
    place = side_path(sheet.file_name)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = place.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_bytes(draw(sheet, cards))
    fresh.replace(place)
    sheet.state, sheet.cards, sheet.finished_at = SheetState.READY, len(cards), clock.now()
    sheet.codes_until = clock.real_now() + CODE_LASTS
    sheet.save()


def _card(actor: Viewer, sheet: AccessSheet, enterprise: Enterprise) -> Card:
    user = _reporter(actor, enterprise)
    code = issue_code(actor=actor, user=user, label=enterprise.name, batch=sheet.pk)
    return Card(enterprise.name, enterprise.code, str(enterprise.managing_area), user.username, code)


def _reporter(actor: Viewer, enterprise: Enterprise) -> User:
    held = EnterpriseGrant.objects.held_on(clock.today()).filter(
        enterprise=enterprise, capacity=GrantCapacity.REPORTER, user__is_active=True
    )
    # An account that an official holds as well is not reset by a sheet.
    for grant in held.filter(user__secret_kind=SecretKind.PIN).select_related("user").order_by("pk"):
        # Who also acts outside the area of this sheet keeps the code they have: it opens more than this enterprise.
        if may_issue_code(actor, grant.user):
            return grant.user
    number = EnterpriseGrant.objects.filter(enterprise=enterprise).count() + 1
    user = open_account(
        actor=actor,
        username=f"e{enterprise.pk}-{number}",
        name=_("Reporter of %(name)s") % {"name": enterprise.name[:40]},
        area=enterprise.managing_area,
        secret_kind=SecretKind.PIN,
    )
    grant_enterprise(actor=actor, user=user, enterprise=enterprise, capacity=GrantCapacity.REPORTER, source="sheet")
    return user


@transaction.atomic
def fail_sheet(*, actor: Viewer, sheet: AccessSheet) -> None:
    """The file could not be made; nothing was opened, no code issued."""
    permissions.can_print_sheet(actor, sheet.area_id).require()
    sheet.state, sheet.finished_at = SheetState.FAILED, clock.now()
    sheet.save(update_fields=["state", "finished_at"])


@transaction.atomic
def fetch_sheet(*, actor: Viewer, sheet: AccessSheet) -> Path | None:
    """Where the file lies, for the person who asked for it; None when there is none (any more). On record."""
    permissions.can_fetch_sheet(actor, sheet).require()
    place = side_path(sheet.file_name)
    if sheet.state != SheetState.READY or not place.exists():
        return None
    record(actor=actor, verb="registry.sheet.fetched", subject=f"registry.sheet:{sheet.pk}", area_id=sheet.area_id)
    return place


@transaction.atomic
def revoke_sheet(*, actor: Viewer, sheet: AccessSheet) -> int:
    """A sheet was lost: every code on it that was not used is void, the file is gone. Returns how many codes."""
    sheet = AccessSheet.objects.select_for_update().get(pk=sheet.pk)
    permissions.can_print_sheet(actor, sheet.area_id).require()
    revoked = revoke_batch(actor=actor, batch=sheet.pk)
    side_path(sheet.file_name).unlink(missing_ok=True)
    sheet.state, sheet.finished_at = SheetState.REVOKED, clock.now()
    sheet.save(update_fields=["state", "finished_at"])
    record(
        actor=actor,
        verb="registry.sheet.revoked",
        subject=f"registry.sheet:{sheet.pk}",
        area_id=sheet.area_id,
        detail={"codes": revoked},
    )
    return revoked
