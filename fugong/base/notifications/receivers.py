from __future__ import annotations

from fugong.base.accounts.events import AccountChanged, MessageCodeIssued
from fugong.base.accounts.selectors import user_by_id
from fugong.base.notifications.actions import queue_message
from fugong.core.events import receiver
from fugong.core.viewer import service_viewer

_ACTOR = service_viewer("sign-in")


@receiver(MessageCodeIssued)
def send_code(event: MessageCodeIssued) -> None:
    """A one-time code goes out at once; its text is not kept."""
    to = user_by_id(event.user_id)
    if to is not None:
        queue_message(actor=_ACTOR, to=to, kind="accounts.code", text=event.text, secret=True)


@receiver(AccountChanged)
def tell_of_change(event: AccountChanged) -> None:
    """Whose sign-in was changed hears of it, where there is a number to say it to."""
    to = user_by_id(event.user_id)
    if to is not None and to.phone:
        queue_message(actor=_ACTOR, to=to, kind="accounts.change", text=event.text)
