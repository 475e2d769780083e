"""Short messages: never twice within the quiet time, a drill's never leave, numbers in no log and no trail."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import IntegrityError, close_old_connections, connection, transaction
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from fugong.base.audit.models import AuditEntry
from fugong.base.notifications.actions import queue_message
from fugong.base.notifications.enums import MessageState
from fugong.base.notifications.models import Message
from fugong.base.notifications.tasks import send
from fugong.core.text import masked_phone
from fugong.core.viewer import service_viewer
from tests import factories

ACTOR = service_viewer("tests")
PHONE = "13812345678"


class Job:
    """A job's context as the queue gives it: which attempt this is."""

    def __init__(self, attempts: int = 0) -> None:
        self.job = self
        self.attempts = attempts


@pytest.fixture
def person(db):
    return factories.UserFactory(phone=PHONE)


@pytest.fixture
def gateway(settings):
    """A gateway on this machine that keeps what it gets; `answers` are the (status, body) of the next requests."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.got.append((self.headers["Authorization"], json.loads(body)))
            status, text = server.answers.pop(0) if server.answers else (200, '{"code": "OK", "id": "g-1"}')
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.got, server.answers = [], []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.SMS_ADAPTER = "fugong.base.notifications.adapters.HttpGateway"
    settings.SMS_URL = f"http://127.0.0.1:{server.server_port}/send"
    settings.SMS_KEY, settings.SMS_SUCCESS = "the-key", '"OK"'
    settings.SMS_TEMPLATE = '{"to": ["{phone}"], "content": "【复工】{text}", "no": "{id}"}'
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def say(person, **values):
    return queue_message(actor=ACTOR, to=person, kind="reporting.reminder", text="今天还没有填报。", **values)


def test_a_message_is_queued_with_its_job_and_goes_with_the_transaction(person):
    message = say(person)
    assert (message.state, message.phone) == (MessageState.QUEUED, PHONE)
    job = ProcrastinateJob.objects.get(task_name="notifications.send")
    assert job.args == {"message_id": message.pk}
    with pytest.raises(RuntimeError), transaction.atomic():
        say(person)
        raise RuntimeError
    assert Message.objects.count() == ProcrastinateJob.objects.filter(task_name="notifications.send").count() == 1


def test_not_said_twice_within_the_quiet_time(person, set_clock):
    key = {"quiet_key": "reminder:1", "quiet_for": timedelta(hours=12)}
    first, second = say(person, **key), say(person, **key)
    assert second.state == MessageState.SUPPRESSED
    assert second.said_by == first and second.said_by.created_at == first.created_at
    assert say(person, quiet_key="reminder:2", quiet_for=timedelta(hours=12)).state == MessageState.QUEUED
    assert say(factories.UserFactory(phone="1"), **key).state == MessageState.QUEUED, "another person is told"
    set_clock("2020-03-24T21:00:01+08:00")
    assert say(person, **key).state == MessageState.QUEUED, "the time has passed"


def test_a_message_that_failed_counts_as_not_said(person):
    key = {"quiet_key": "reminder:1", "quiet_for": timedelta(hours=12)}
    nobody = factories.UserFactory(phone="")
    assert (say(nobody, **key).state, say(nobody, **key).problem) == (MessageState.FAILED, "no_phone")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_say_it_once():
    person = factories.UserFactory(phone=PHONE)
    start = threading.Barrier(2)

    def at_once():
        start.wait(5)
        try:
            say(person, quiet_key="warning:7", quiet_for=timedelta(hours=1))
        finally:
            connection.close()

    threads = [threading.Thread(target=at_once) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    close_old_connections()
    states = sorted(Message.objects.order_by("pk").values_list("state", flat=True))
    assert states == [MessageState.QUEUED, MessageState.SUPPRESSED]


def test_a_drill_never_leaves(person, gateway):
    message = say(person, drill=True)
    send.func(Job(), message_id=message.pk)
    message.refresh_from_db()
    assert (message.state, gateway.got) == (MessageState.KEPT, [])
    with pytest.raises(IntegrityError, match="message_drill_never_leaves"):
        Message.objects.filter(pk=message.pk).update(state=MessageState.QUEUED)


def test_without_a_gateway_it_stays_in_the_outbox(person):
    message = say(person)
    send.func(Job(), message_id=message.pk)
    message.refresh_from_db()
    assert (message.state, message.text) == (MessageState.KEPT, "今天还没有填报。")


def test_the_gateway_gets_it_once(person, gateway):
    message = queue_message(actor=ACTOR, to=person, kind="x.y", text='验证码 "{phone}" 5 分钟有效', secret=True)
    for _attempt in range(2):
        send.func(Job(), message_id=message.pk)
    expected = {"to": [PHONE], "content": '【复工】验证码 "{phone}" 5 分钟有效', "no": str(message.pk)}
    assert gateway.got == [("Bearer the-key", expected)]
    message.refresh_from_db()
    assert (message.state, message.text, message.attempts) == (MessageState.SENT, "", 1), "a code is not kept"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [((200, '{"code": "limit 13812345678"}'), "refused"), ((403, "no"), "http_403")],
)
def test_a_refusal_ends_it(person, gateway, answer, problem):
    gateway.answers = [answer]
    message = say(person)
    send.func(Job(), message_id=message.pk)
    message.refresh_from_db()
    assert (message.state, message.problem, message.reference) == (MessageState.FAILED, problem, "")


def test_a_gateway_that_is_down_is_asked_again_and_then_given_up(person, gateway, caplog):
    gateway.answers = [(503, "busy"), (429, "slow down"), (503, "busy")]
    message = say(person)
    for attempt in (0, 1):
        with pytest.raises(Exception, match="http_") as caught:
            send.func(Job(attempt), message_id=message.pk)
        assert PHONE not in str(caught.value) + repr(caught.value.__context__ and caught.value.__suppress_context__)
    send.func(Job(4), message_id=message.pk)
    message.refresh_from_db()
    assert (message.state, message.problem, message.attempts) == (MessageState.FAILED, "http_503", 3)
    trail = json.dumps(list(AuditEntry.objects.order_by("pk").values_list("subject", "detail", "reason")))
    assert PHONE not in trail + caplog.text


def test_the_outbox_shows_masked_numbers_and_why(client_for, place):
    person = factories.UserFactory(name="李敏", phone=PHONE)
    key = {"quiet_key": "k", "quiet_for": timedelta(hours=1)}
    say(person, drill=True, **key)
    say(person, **key)
    say(factories.UserFactory(phone=""))
    client = client_for("administrator@city")
    page = client.get(reverse("notifications:outbox")).content.decode()
    assert "138****5678" in page and PHONE not in page and "李敏" in page
    only = client.get(reverse("notifications:outbox"), {"state": "failed", "before": "x" * 30}).content.decode()
    assert "李敏" not in only


def test_the_outbox_is_paged_by_key(client_for, place):
    for number in range(51):
        queue_message(actor=ACTOR, kind="x.y", phone=PHONE, text=f"第{number}条。")
    client = client_for("administrator@city")
    first = client.get(reverse("notifications:outbox"))
    assert "第50条。" in first.content.decode() and "第0条。" not in first.content.decode()
    second = client.get(first.context["next_url"]).content.decode()
    assert "第0条。" in second and "第50条。" not in second


@pytest.mark.parametrize(
    ("phone", "shown"),
    [(PHONE, "138****5678"), ("06351234567", "063****4567"), ("8234567", "*****67"), ("110", "***"), ("", "")],
)
def test_masked(phone, shown):
    assert masked_phone(phone) == shown
