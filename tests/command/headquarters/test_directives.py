"""A directive from its issue to its end: the owner's side, the issuer's side, lights, reminders, the level beneath."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from fugong.base.audit.models import AuditEntry
from fugong.base.notifications.models import Message
from fugong.command.headquarters.actions import directives as acting
from fugong.command.headquarters.actions.issuing import Order, issue_directive
from fugong.command.headquarters.enums import DirectiveState
from fugong.command.headquarters.models import Directive
from fugong.command.headquarters.selectors import directives as reading
from fugong.command.headquarters.tasks import run_clocks
from fugong.core import clock
from fugong.core.decision import Denied, OutOfScope
from fugong.core.roles import Role
from tests import factories


def light(directive: Directive, hours: int = 24) -> tuple[str, str]:
    directive.refresh_from_db()
    lit = directive.lit(clock.now(), hours)
    return lit.light.value, lit.words


def test_issued_acknowledged_progressed_claimed_sent_back_and_closed(place, issue, duty, commander, county_head):
    directive = issue()
    assert (directive.number, directive.state) == ("0324-01", "issued")
    assert issue("第二条").number == "0324-02"

    acting.acknowledge_directive(actor=county_head, directive=directive)
    acting.note_progress(
        actor=county_head, directive=directive, text="9家已落实", evidence="莘复工办〔2020〕7号", percent=64
    )
    with pytest.raises(ValidationError, match="where it can be seen"):
        acting.claim_done(actor=county_head, directive=directive, text="全部落实", evidence=" ")
    acting.claim_done(actor=county_head, directive=directive, text="14家落实", evidence="清单见附表")
    assert light(directive) == ("brand", "waits for the issuer")

    acting.send_back(actor=duty, directive=directive, reason="3家没有床位", due_at=clock.now() + timedelta(days=3))
    directive.refresh_from_db()
    assert (directive.state, light(directive)[1]) == ("acknowledged", "3 days left")
    acting.claim_done(actor=county_head, directive=directive, text="补齐3家", evidence="照片已存县办")
    acting.close_directive(actor=commander, directive=directive, text="看过清单")

    directive.refresh_from_db()
    assert (directive.state, directive.percent) == ("closed", 64)
    whole = reading.whole_directive(duty, place.incident, directive.pk)
    assert [step.kind for step in whole.steps] == [
        "issued", "acknowledged", "progressed", "claimed", "sent_back", "extended", "claimed", "closed",
    ]  # fmt: skip
    verbs = AuditEntry.objects.filter(subject=f"headquarters.directive:{directive.pk}").values_list("verb", flat=True)
    assert len(verbs) == 8
    with pytest.raises(ValidationError, match="is closed meanwhile"):
        acting.withdraw_directive(actor=duty, directive=directive, reason="x")


def test_each_side_does_its_own_and_nobody_closes_what_he_claimed(
    place, issue, hq, duty, county_head, neighbour, staffed
):
    directive = issue()
    for act, denied in (
        (lambda: acting.acknowledge_directive(actor=duty, directive=directive), "for another body"),
        (lambda: acting.acknowledge_directive(actor=neighbour, directive=directive), "for another body"),
        (
            lambda: acting.withdraw_directive(actor=county_head, directive=directive, reason="x"),
            "headquarters that issued",
        ),
        (
            lambda: acting.extend_directive(actor=county_head, directive=directive, due_at=clock.now(), reason="x"),
            "issued",
        ),
    ):
        with pytest.raises(Denied, match=denied):
            act()
    own = issue("本级自己办", owner_body=hq)
    acting.acknowledge_directive(actor=duty, directive=own)
    acting.claim_done(actor=duty, directive=own, text="办了", evidence="会议室")
    with pytest.raises(Denied, match="a colleague does"):
        acting.close_directive(actor=duty, directive=Directive.objects.get(pk=own.pk))
    colleague = staffed(hq, "另一位", Role.DUTY_OFFICER)
    acting.close_directive(actor=colleague, directive=own)


def test_lights_are_computed_green_amber_red(issue, county_head, set_clock):
    directive = issue()
    assert light(directive) == ("ok", "2 days left")
    set_clock("2020-03-24T14:00:00+08:00")  # four hours to acknowledge it have passed
    assert light(directive) == ("risk", "not acknowledged in time")
    acting.acknowledge_directive(actor=county_head, directive=directive)
    assert light(directive) == ("ok", "2 days left")
    set_clock("2020-03-25T10:30:00+08:00")
    assert light(directive) == ("risk", "23 hours left")
    set_clock("2020-03-26T10:30:00+08:00")
    assert light(directive) == ("bad", "overdue by 2 hours")
    set_clock("2020-03-28T10:30:00+08:00")
    assert light(directive) == ("bad", "overdue by 2 days")


def test_a_supervision_note_only_when_red(issue, duty, county_head, set_clock):
    directive = issue()
    with pytest.raises(ValidationError, match="It is not overdue"):
        acting.supervise_directive(actor=duty, directive=directive, text="快办")
    set_clock("2020-03-27T09:30:00+08:00")
    acting.supervise_directive(actor=duty, directive=directive, text="今天18时前报结果")
    directive.refresh_from_db()
    assert directive.supervised == 1
    text = Message.objects.filter(kind="headquarters.supervision").get().text
    assert "0324-01" in text and "今天18时前报结果" in text


def test_the_owner_is_told_once_of_each_thing_and_in_service_hours(issue, county_head, set_clock):
    issue()
    told = lambda: list(  # noqa: E731
        Message.objects.filter(kind="headquarters.reminder").order_by("pk").values_list("state", flat=True)
    )
    run_clocks()
    assert told() == []
    set_clock("2020-03-24T13:30:00+08:00")
    run_clocks()
    run_clocks()
    assert told() == ["queued"]
    set_clock("2020-03-26T22:00:00+08:00")
    run_clocks()
    assert told() == ["queued"]  # at night nobody is told
    set_clock("2020-03-27T09:00:00+08:00")
    run_clocks()
    run_clocks()
    assert told() == ["queued", "queued"]


def test_a_figure_is_measured_by_itself(place, issue, duty):
    place.report(roster=100, on_post=60)
    directive = issue("返岗率到80%", area=place.county, figure="return_rate", target=Decimal(80))
    assert (directive.baseline, directive.matter_area) == (Decimal("60.00"), place.county)
    assert reading.measured(duty, directive).percent == 0

    place.report(factories.EnterpriseFactory(managing_area=place.township), roster=100, on_post=80)
    found = reading.measured(duty, directive)
    assert (found.value, found.percent, found.is_reached) == (Decimal("70.00"), 50, False)
    place.report(factories.EnterpriseFactory(managing_area=place.township), roster=300, on_post=290)
    assert reading.measured(duty, directive).is_reached


def test_a_directive_is_on_one_matter_within_the_area(place, issue, county_hq, county_head):
    with pytest.raises(ValidationError, match="on one matter"):
        issue(enterprise=place.enterprise, figure="return_rate", target=Decimal(1))
    with pytest.raises(ValidationError, match="value that the figure is to reach"):
        issue(figure="return_rate")
    with pytest.raises(ValidationError, match="does not exist today"):
        issue(figure="nonsense", target=Decimal(1))
    with pytest.raises(ValidationError, match="passed already"):
        issue(hours=-1)
    order = {"owner_body": county_hq, "due_at": clock.now() + timedelta(hours=9)}
    for wrong in ({"enterprise": place.other}, {"area": place.other_county}):
        with pytest.raises(ValidationError, match="outside the area"):
            issue_directive(
                actor=county_head,
                incident=place.incident,
                area=place.county,
                issuer_body=county_hq,
                order=Order(title="越界", **order, **wrong),
            )
    directive = issue(enterprise=place.enterprise)
    with pytest.raises(IntegrityError, match="directive_on_one_matter"), transaction.atomic():
        Directive.objects.filter(pk=directive.pk).update(matter="text")


def test_parts_are_done_by_their_bodies_before_the_whole_is_claimed(place, issue, duty, county_head, staffed):
    directive = issue()
    bureau = place.county.bodies.get(kind="bureau")
    clerk = staffed(bureau, "温立群", Role.BUREAU_CLERK)
    part = acting.give_part(actor=duty, directive=directive, body=bureau, task="腾出两所校舍")
    with pytest.raises(ValidationError, match="has its part of it already"):
        acting.give_part(actor=duty, directive=directive, body=bureau, task="再给一份")
    acting.acknowledge_directive(actor=county_head, directive=directive)
    with pytest.raises(ValidationError, match="has not done its part yet"):
        acting.claim_done(actor=county_head, directive=directive, text="办了", evidence="清单")
    with pytest.raises(Denied, match="another body"):
        acting.finish_part(actor=county_head, part=part, note="替他办了")
    acting.finish_part(actor=clerk, part=part, note="两所都腾出来了")
    acting.claim_done(actor=county_head, directive=directive, text="办了", evidence="清单")


def test_down_to_the_county_and_seen_by_nobody_beside_it(place, issue, county_hq, county_head, neighbour, duty):
    directive = issue()
    below = issue_directive(
        actor=county_head,
        incident=place.incident,
        area=place.county,
        issuer_body=county_hq,
        order=Order(
            title="古楼街道先落实3家",
            owner_body=place.county.bodies.get(kind="bureau"),
            due_at=clock.now() + timedelta(hours=20),
        ),
        parent=directive,
    )
    # Numbered in the county's own book; the city sees what became of its directive.
    assert below.number == "0324-01"
    assert reading.whole_directive(duty, place.incident, directive.pk).passed_down == [below]
    assert reading.whole_directive(county_head, place.incident, directive.pk).directive == directive
    with pytest.raises(OutOfScope):
        reading.directive_for(neighbour, place.incident, directive.pk)
    assert not reading.directives_for(neighbour, place.incident).exists()
    assert reading.pile_counts(neighbour, place.incident, 24)["all"] == 0
    assert reading.pile_counts(county_head, place.incident, 24)["ours"] == 1


@pytest.mark.django_db(transaction=True)
def test_two_that_issue_at_once_get_two_numbers(place, hq, county_hq, duty):
    problems: list[Exception] = []

    def issue() -> None:
        try:
            issue_directive(
                actor=duty,
                incident=place.incident,
                area=place.city,
                issuer_body=hq,
                order=Order(title="同时", owner_body=county_hq, due_at=clock.now() + timedelta(hours=5)),
            )
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=issue) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert sorted(Directive.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4]


def test_a_drill_sends_nothing_outside(place, hq, county_hq, duty, county_head, set_clock):
    drill = factories.IncidentFactory(slug="drill", area=place.city, is_drill=True)
    directive = issue_directive(
        actor=duty,
        incident=drill,
        area=place.city,
        issuer_body=hq,
        order=Order(title="演练", owner_body=county_hq, due_at=clock.now() + timedelta(hours=5)),
    )
    set_clock("2020-03-24T15:00:00+08:00")
    run_clocks()
    acting.supervise_directive(actor=duty, directive=directive, text="演练督办")
    messages = Message.objects.filter(incident_id=drill.pk)
    assert {message.kind for message in messages} == {
        "headquarters.directive", "headquarters.reminder", "headquarters.supervision",
    }  # fmt: skip
    assert {message.state for message in messages} == {"kept"}
    assert not Directive.objects.filter(incident=place.incident).exists()


def test_states_that_cannot_be_are_refused_by_the_database(issue):
    directive = issue()
    for wrong in (
        {"state": DirectiveState.CLOSED},
        {"state": DirectiveState.ACKNOWLEDGED},
        {"ended_at": clock.now()},
        {"percent": 101},
        {"title": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Directive.objects.filter(pk=directive.pk).update(**wrong)


def test_the_wall_shows_the_three_most_urgent_of_the_area(place, issue, county_head, neighbour, client_for, set_clock):
    for number in range(4):
        issue(f"事项{number}", hours=10 + number)
    set_clock("2020-03-25T09:00:00+08:00")
    url = f"/i/{place.incident.slug}/situation/wall/"
    text = client_for("commander@city").get(url).content.decode()
    assert [f"事项{number}" in text for number in range(4)] == [True, True, True, False]
    assert "逾期14小时" in text
    assert "事项" not in client_for("commander@outside").get(url).content.decode()
