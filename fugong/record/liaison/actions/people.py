from __future__ import annotations

from django.db import transaction

from fugong.base.accounts.actions.people import open_account
from fugong.base.accounts.actions.secrets import issue_code
from fugong.base.accounts.models import User
from fugong.base.areas.models import Area
from fugong.core.viewer import Viewer
from fugong.record.liaison import permissions


@transaction.atomic
def open_officer(*, actor: Viewer, username: str, name: str, phone: str, area: Area) -> tuple[User, str]:
    """An account for an officer, who may do nothing until enterprises are given; with a code for the first sign-in.

    The code is shown once and kept nowhere. Raises `ValidationError` with the sentence of a broken constraint.
    """
    permissions.can_open_officer(actor, area.pk).require()
    user = open_account(actor=actor, username=username, name=name, phone=phone, area=area)
    return user, issue_code(actor=actor, user=user, label=name)
