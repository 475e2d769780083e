"""The desk through the interface: the same requests, rights and words as the phone, once per idempotency key."""

from __future__ import annotations

import pytest

from fugong.record.desk.actions import ending
from fugong.record.desk.models import Rating, Request
from tests.record.desk.conftest import DESK

REQUESTS = "/api/v1/requests/"


@pytest.fixture
def program(program_for):
    return program_for("reporter", "requests:read", "requests:write")


def body(place, **values):
    named = {"incident": place.incident.slug, "enterprise": place.enterprise.uscc}
    return named | {"category": "staff-shortage", "title": "缺磨工20人"} | values


def faults(response):
    return {fault["field"]: (fault["reason"], fault["mend"]) for fault in response.json()["errors"]}


def test_what_can_be_asked_and_asking_it(program, place, labour):
    offered = program.get(f"{REQUESTS}categories?incident={place.incident.slug}").json()["categories"]
    goods = next(item for item in offered if item["code"] == "goods")
    assert [(field["name"], field["type"]) for field in goods["details"]] == [
        ("item", "text"), ("quantity", "integer"), ("unit", "text"),
    ]  # fmt: skip
    assert "staff" not in [item["code"] for item in offered], "only what can be chosen, not what stands above it"
    made = program.post(REQUESTS, body(place, people_waiting=20, text="本周缺")).json()
    request = Request.objects.get()
    assert (made["number"], made["state"], made["body"]) == (request.number, "received", "东昌府区人社局")
    assert (request.channel, request.people_waiting, request.owner_body) == ("api", 20, labour)


def test_details_of_another_kind(program, place):
    wrong = program.post(REQUESTS, body(place, category="goods", detail={"quantity": "很多", "colour": "red"}))
    assert (wrong.status_code, list(faults(wrong))) == (422, ["detail.colour"])
    wrong = program.post(REQUESTS, body(place, category="goods", detail={"quantity": "很多"}))
    assert (wrong.status_code, list(faults(wrong))) == (422, ["detail.quantity"])
    made = program.post(REQUESTS, body(place, category="goods", detail={"item": "口罩", "quantity": "500"})).json()
    assert (made["kind"], made["detail"]) == ("goods", {"item": "口罩", "quantity": "500"})


def test_the_same_key_asks_once(program, place):
    first = program.post(REQUESTS, body(place), HTTP_IDEMPOTENCY_KEY="k1")
    again = program.post(REQUESTS, body(place), HTTP_IDEMPOTENCY_KEY="k1")
    assert (first.status_code, again.json()) == (200, first.json())
    assert program.post(REQUESTS, body(place, title="别的"), HTTP_IDEMPOTENCY_KEY="k1").status_code == 409
    assert Request.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"category": "nonsense"}, "category"),
        ({"title": ""}, "title"),
        ({"title": "x" * 81}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"people_waiting": -1}, "people_waiting"),
        ({"surprise": 1}, "surprise"),
        ({"client_key": "no"}, "client_key"),
    ],
)
def test_nonsense_is_named_by_its_field(program, place, values, field):
    answer = program.post(REQUESTS, body(place, **values))
    assert (answer.status_code, list(faults(answer))) == (422, [field])
    assert not Request.objects.exists()


def test_own_requests_by_page_and_state(program, place, ask, monkeypatch):
    monkeypatch.setattr("fugong.record.desk.web.api.requests._PAGE", 2)
    numbers = [ask("policy", f"问{index}").number for index in range(3)][::-1]
    first = program.get(REQUESTS).json()
    rest = program.get(f"{REQUESTS}?before={first['next']}").json()
    assert [row["number"] for row in first["requests"] + rest["requests"]] == numbers
    assert rest["next"] is None
    assert program.get(f"{REQUESTS}?state=ended").json()["requests"] == []
    assert program.get(f"{REQUESTS}?state=nonsense").status_code == 422
    assert program.get(f"{REQUESTS}?enterprise={place.other.uscc}").status_code == 404


def test_a_word_and_a_rating_and_what_the_enterprise_does_not_read(program, place, ask, clerk, colleague):
    from fugong.base.accounts.models import User
    from fugong.record.desk.actions import working

    request = ask()
    working.assign_request(actor=clerk, request=request, to=User.objects.get(pk=colleague.id))
    early = program.post(f"{REQUESTS}{request.number}/rating", {"was_contacted": True, "outcome": "solved"})
    assert (early.status_code, list(faults(early))) == (422, ["outcome"])
    assert program.post(f"{REQUESTS}{request.number}/words", {"text": "还差得多"}).status_code == 200
    ending.answer_request(actor=DESK, request=request, text="已送")
    said = {"was_contacted": False, "outcome": "nothing", "comment": "没来人"}
    assert program.post(f"{REQUESTS}{request.number}/rating", said).status_code == 200
    assert program.post(f"{REQUESTS}{request.number}/rating", said | {"outcome": "solved"}).status_code == 200
    assert Rating.objects.get().outcome == "nothing"
    whole = program.get(f"{REQUESTS}{request.number}").json()
    assert whole["rated"] is True
    kinds = [entry["kind"] for entry in whole["timeline"]]
    assert "asked" in kinds and "assigned" not in kinds and "rated" not in kinds
    ended = ending.withdraw_request(actor=DESK, request=request)
    assert program.post(f"{REQUESTS}{ended.number}/words", {"text": "再说"}).status_code == 422


@pytest.mark.parametrize("path", ["{n}", "{n}/words", "{n}/rating"])
def test_another_enterprise_finds_nothing(program_for, place, ask, path):
    other = program_for("reporter@other", "requests:read", "requests:write")
    address = REQUESTS + path.format(n=ask("policy", "问").number)
    data = {"text": "x"} if path.endswith("words") else {"was_contacted": True, "outcome": "solved"}
    answer = other.get(address) if path == "{n}" else other.post(address, data)
    assert answer.status_code == 404
    assert place.enterprise.name not in answer.content.decode()
