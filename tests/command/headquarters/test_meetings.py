"""The meeting that prepares itself: agenda by thresholds, yesterday's unfinished first, decisions, minutes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from docx import Document

from fugong.command.headquarters.actions import meetings as acting
from fugong.command.headquarters.actions.issuing import Order
from fugong.command.headquarters.enums import ItemState, MeetingState
from fugong.command.headquarters.models import AgendaItem, Meeting
from fugong.command.headquarters.selectors import meetings as reading
from fugong.command.headquarters.selectors.papers import paper_of
from fugong.command.headquarters.tasks import run_clocks
from fugong.command.situation.actions.indicators import set_target
from fugong.core import clock
from fugong.core.decision import Denied, OutOfScope
from fugong.record.desk.models import Request, RootProblem
from tests import factories
from tests.tools import Race


@pytest.fixture
def prepare(place, hq, duty):
    """`prepare()`: today's dispatch of the city, its agenda made."""

    def prepared(actor=None, area=None, kind="dispatch") -> Meeting:
        return acting.prepare_meeting(actor=actor or duty, incident=place.incident, area=area or place.city, kind=kind)

    return prepared


@pytest.fixture
def worse(place):
    """The county's return rate fell from 80 to 60; its neighbour has not reported at all."""
    place.report(day="2020-03-23", roster=100, on_post=80)
    place.report(roster=100, on_post=60)


def items(meeting: Meeting) -> list[tuple[str, str]]:
    return [(item.source, item.title) for item in meeting.items.order_by("order")]


def order(body, title: str = "三天内回升", hours: float = 20, **more) -> Order:
    return Order(title=title, owner_body=body, due_at=clock.now() + timedelta(hours=hours), **more)


def opened(meeting: Meeting, duty) -> Meeting:
    return acting.open_meeting(actor=duty, meeting=meeting, chair="梁长河", attendees="市工信局、市交通局")


def test_the_agenda_fills_itself_from_figures_and_says_why(worse, prepare):
    meeting = prepare()
    found = items(meeting)
    assert ("situation", "东昌府区: Return rate fell by 20.00 points") in found
    assert ("situation", "茌平区: 1 enterprise has not reported") in found
    fell = meeting.items.get(key="situation:return_rate:371502")
    assert fell.reason == "threshold: a fall of 0.5 points against the day before"
    assert [(seen["value"], seen["base"]) for seen in fell.seen] == [
        ("60.00%", "60 / 100"),
        ("80.00%", "change −20.00 points"),
    ]
    assert fell.seen[0]["path"].startswith("/i/covid-2020/situation/figures/return_rate/?area=371502")
    with translation.override("zh-hans"):
        assert fell.title == "东昌府区：员工返岗率比前一日降20.00个百分点"


def test_the_frozen_figures_stay_when_the_facts_move(place, worse, prepare, duty):
    meeting = opened(prepare(), duty)
    place.report(factories.EnterpriseFactory(managing_area=place.township), roster=100, on_post=100)
    prepare()  # an open meeting keeps its agenda
    fell = meeting.items.get(key="situation:return_rate:371502")
    assert fell.seen[0]["value"] == "60.00%"


def test_made_again_before_it_opens_it_takes_todays_figures_and_keeps_what_was_added(place, worse, prepare, duty):
    meeting = prepare()
    acting.add_item(actor=duty, meeting=meeting, title="清明值守")
    place.report(factories.EnterpriseFactory(managing_area=place.township), roster=300, on_post=300)
    again = prepare()
    assert again == meeting
    assert [title for source, title in items(again) if source == "hand"] == ["清明值守"]
    assert not any("fell" in title for _source, title in items(again))


def test_below_its_target_a_rate_comes_too(place, prepare, duty, viewer_of):
    place.report(day="2020-03-23", roster=100, on_post=80)
    place.report(roster=100, on_post=80)
    set_target(
        actor=viewer_of("commander@city"), incident=place.incident, code="return_rate", area=place.city,
        value=Decimal(95), valid_from=clock.today(), source="市指挥部第3号令",
    )  # fmt: skip
    meeting = prepare()
    item = meeting.items.get(key="situation:return_rate:371502")
    assert item.title == "东昌府区: Return rate is 15.00 points below the target"


def test_the_desk_brings_overdue_bodies_and_root_problems(place, hq, prepare, set_clock):
    root = RootProblem.objects.create(
        incident=place.incident, title="熔喷布断供", body=hq, opened_at=clock.now(), opened_by_name="王"
    )
    for number in range(3):
        request = factories.RequestFactory(place, title=f"断供{number}", category=("policy", "orders", "other")[number])
        Request.objects.filter(pk=request.pk).update(root=root, people_waiting=90)
    set_clock("2020-04-20T07:30:00+08:00")
    Request.objects.update(next_due_at=clock.now() - timedelta(days=2))
    assert Request.objects.count() == 3
    found = items(prepare())
    assert ("desk", "聊城市指挥部: 3 requests are overdue") in found
    assert ("desk", "熔喷布断供") in found


def test_a_decision_is_a_directive_and_what_is_left_open_comes_first_tomorrow(
    place, worse, prepare, duty, county_hq, set_clock
):
    meeting = opened(prepare(), duty)
    first, second = meeting.items.order_by("order")[:2]
    directive = acting.decide_item(actor=duty, item=first, order=order(county_hq))
    acting.end_item(actor=duty, item=second, state=ItemState.CARRIED, outcome="等县里数字")
    acting.close_meeting(actor=duty, meeting=meeting)
    assert set(meeting.items.values_list("state", flat=True)) <= {"decided", "carried"}
    assert directive.item == first

    set_clock("2020-03-25T07:30:00+08:00")
    next_one = prepare()
    assert (next_one.number, next_one.period_from) == (2, meeting.period_to)
    ahead = next_one.items.order_by("order").first()
    assert (ahead.source, ahead.reason, ahead.carried_from) == ("carried", "carried over from 03-24", second)


def test_an_overdue_directive_opens_the_next_day(place, worse, prepare, duty, county_hq, set_clock):
    meeting = opened(prepare(), duty)
    for item in meeting.items.order_by("order"):
        acting.decide_item(actor=duty, item=item, order=order(county_hq, title=f"办{item.pk}", hours=10))
    acting.close_meeting(actor=duty, meeting=meeting)
    set_clock("2020-03-25T07:30:00+08:00")
    next_one = prepare()
    head = next_one.items.order_by("order").first()
    assert head.source == "headquarters"
    assert "overdue by" in head.reason


def test_a_figure_decided_on_is_measured(place, worse, prepare, duty, county_hq):
    meeting = opened(prepare(), duty)
    item = meeting.items.get(key="situation:return_rate:371502")
    directive = acting.decide_item(
        actor=duty, item=item,
        order=order(county_hq, figure="return_rate", area=place.county, target=Decimal(80)),
    )  # fmt: skip
    assert (directive.matter, directive.baseline) == ("figure", Decimal("60.00"))


def test_minutes_and_sheet_as_documents(worse, prepare, duty, county_hq, client_for, place, staffed):
    meeting = opened(prepare(), duty)
    first, second = meeting.items.order_by("order")[:2]
    acting.decide_item(actor=duty, item=first, order=order(county_hq, title="县里包抓到企业"))
    acting.end_item(actor=duty, item=second, state=ItemState.CONSULTED, outcome="由县指挥部逐家电话核实。")
    assert paper_of(duty, meeting, "minutes").is_draft
    acting.close_meeting(actor=duty, meeting=meeting)
    meeting.refresh_from_db()

    client = client_for("duty_officer@city")
    for paper, words in (("minutes", "议定：由县指挥部逐家电话核实。"), ("sheet", "0324-01")):
        url = reverse("headquarters:meeting_paper", args=[place.incident.slug, meeting.pk, paper])
        response = client.post(url)
        document = Document(BytesIO(response.content))
        text = "\n".join(one.text for one in document.paragraphs)
        text += "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
        assert words in text
        assert "草稿" not in text
        assert "第1次日调度" in text
    assert "fell" not in text  # a paper is Chinese, whoever asks for it


def test_nobody_outside_reads_or_runs_it(place, worse, prepare, duty, county_head, neighbour, viewer_of):
    city = prepare()
    county = prepare(actor=county_head, area=place.county)
    # The meeting of a county sees the county: nothing of its neighbour's is on the agenda.
    assert not any("茌平" in title for _source, title in items(county))
    assert reading.meeting_for(duty, place.incident, county.pk) == county
    for viewer, meeting in ((neighbour, county), (neighbour, city), (county_head, city)):
        with pytest.raises(OutOfScope):
            reading.meeting_for(viewer, place.incident, meeting.pk)
    clerk = viewer_of("bureau_clerk@city")
    assert reading.meeting_for(clerk, place.incident, city.pk) == city
    with pytest.raises(Denied, match="duty officers and commanders"):
        acting.open_meeting(actor=clerk, meeting=city, chair="x")


def test_states_that_cannot_be(worse, prepare, duty, county_hq):
    meeting = prepare()
    item = meeting.items.first()
    with pytest.raises(ValidationError, match="The meeting is prepared"):
        acting.decide_item(actor=duty, item=item, order=order(county_hq))
    with pytest.raises(ValidationError, match="who chairs"):
        acting.open_meeting(actor=duty, meeting=meeting, chair=" ")
    opened(meeting, duty)
    with pytest.raises(ValidationError, match="what was agreed"):
        acting.end_item(actor=duty, item=item, state=ItemState.CONSULTED, outcome=" ")
    acting.end_item(actor=duty, item=item, state=ItemState.NOTED, outcome="知悉")
    with pytest.raises(ValidationError, match="ended already"):
        acting.decide_item(actor=duty, item=item, order=order(county_hq))
    acting.close_meeting(actor=duty, meeting=meeting)
    with pytest.raises(ValidationError, match="The meeting is closed"):
        acting.add_item(actor=duty, meeting=meeting, title="晚了")
    for model, wrong in ((Meeting, {"closed_at": None}), (AgendaItem, {"ended_at": None})):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.update(**wrong)


def test_the_agenda_is_made_by_itself_in_the_morning_once(place, hq, county_hq, set_clock):
    set_clock("2020-03-25T07:20:00+08:00")
    run_clocks()
    assert not Meeting.objects.exists()
    set_clock("2020-03-25T07:31:00+08:00")
    run_clocks()
    run_clocks()
    assert sorted(Meeting.objects.values_list("area__code", "kind")) == [
        ("371500", "dispatch"), ("371502", "dispatch"),
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_an_agenda_is_not_made_anew_while_somebody_opens_it(worse, prepare, duty):
    meeting = prepare()
    before = list(meeting.items.values_list("pk", flat=True))
    assert before
    opened_now, again = Race().run(lambda: opened(meeting, duty), prepare)
    assert (opened_now.state, again.state) == (MeetingState.RUNNING, MeetingState.RUNNING)
    assert list(meeting.items.values_list("pk", flat=True)) == before
