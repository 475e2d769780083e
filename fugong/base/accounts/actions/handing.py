from __future__ import annotations

from django.db import transaction

from fugong.base.accounts import permissions
from fugong.base.accounts.actions.secrets import issue_code
from fugong.base.accounts.models import Body, User
from fugong.base.accounts.selectors import may_issue_code, waiting_in
from fugong.core.viewer import Viewer


@transaction.atomic
def issue_codes_in(*, actor: Viewer, body: Body) -> list[tuple[User, str]]:
    """A one-time code for everybody of a body who has never signed in, by name; earlier codes of theirs are void.

    Whoever also serves outside the actor's area is left out: the administrator of the wider area gives that code.
    """
    permissions.can_found_body(actor, body.area_id).require()
    return [
        (user, issue_code(actor=actor, user=user, label=body.name))
        for user in waiting_in(actor, body)
        if may_issue_code(actor, user)
    ]
