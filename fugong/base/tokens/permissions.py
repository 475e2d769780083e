from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.tokens.models import ApiToken
from fugong.core.decision import Decision, allowed_if
from fugong.core.registries import api_scopes
from fugong.core.roles import Role
from fugong.core.viewer import Viewer


def can_make_token(viewer: Viewer, scopes: frozenset[str]) -> Decision:
    """A person makes keys for what the person may do; a key makes no keys."""
    if viewer.id is None or viewer.token_id is not None:
        return Decision(False, _("Keys are made by a person who has signed in."))
    lacking = next((name for name in sorted(scopes) if name not in api_scopes or not api_scopes[name].may(viewer)), "")
    return allowed_if(not lacking, _("You may not do this yourself, so no key can do it for you."))


def can_revoke_token(viewer: Viewer, token: ApiToken) -> Decision:
    """Its owner, or an administrator over an area in which the owner serves, or over the whole place."""
    if viewer.token_id is not None:
        return Decision(False, _("Keys are revoked by a person who has signed in."))
    areas = token.owner.mandates.values_list("area_id", flat=True)
    return allowed_if(
        (viewer.id is not None and token.owner_id == viewer.id)
        or viewer.holds_everywhere(Role.ADMINISTRATOR)
        or any(viewer.holds(area_id, Role.ADMINISTRATOR) for area_id in areas),
        _("A key is revoked by its owner or by the administrator."),
    )


def can_keep_answer(viewer: Viewer) -> Decision:
    return allowed_if(viewer.token_id is not None, _("Answers are kept for requests that come with a key."))


def can_forget_answers(viewer: Viewer) -> Decision:
    return allowed_if(viewer.is_service, _("Kept answers are forgotten by the nightly job."))
