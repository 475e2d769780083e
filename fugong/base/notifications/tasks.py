from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from fugong.base.notifications.actions import begin_sending, end_sending, forget_messages
from fugong.base.notifications.adapters import Adapter, NotDelivered
from fugong.base.notifications.enums import MessageState
from fugong.core.jobs import job
from fugong.core.viewer import service_viewer

_ACTOR = service_viewer("notifications")
_ATTEMPTS = 5
_RETRY = RetryStrategy(max_attempts=_ATTEMPTS, exponential_wait=4, retry_exceptions=[NotDelivered])


@job(name="notifications.send", retry=_RETRY, pass_context=True)
def send(context: JobContext, message_id: int) -> None:
    """Hand a message to the gateway. Repeated, it sends nothing that has ended.

    A worker that dies between the gateway's answer and its own note sends again under the same number.
    """
    message = begin_sending(actor=_ACTOR, message_id=message_id)
    if message is None:
        return
    adapter: Adapter = import_string(settings.SMS_ADAPTER)()
    try:
        delivery = adapter.send(message.pk, message.kind, message.phone, message.text)
    except NotDelivered as error:
        if error.again and context.job.attempts + 1 < _ATTEMPTS:
            raise
        end_sending(actor=_ACTOR, message_id=message_id, state=MessageState.FAILED, problem=error.word)
        return
    state = MessageState.SENT if delivery.left else MessageState.KEPT
    end_sending(actor=_ACTOR, message_id=message_id, state=state, reference=delivery.reference)


@app.periodic(cron="51 3 * * *")
@app.task(name="notifications.forget_messages", queueing_lock="notifications.forget_messages")
def forget(timestamp: int) -> None:
    """Delete messages whose time has passed; `timestamp` is the time for which the run was planned."""
    forget_messages(actor=_ACTOR)
