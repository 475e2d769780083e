"""Who looks after whom: what is given, taken away, handed over; who stands in; what follows in the register."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from fugong.base.accounts.enums import BodyKind
from fugong.base.accounts.events import PersonLeft
from fugong.base.audit.models import AuditEntry
from fugong.core import clock
from fugong.core.decision import Denied
from fugong.core.events import announce
from fugong.core.registries import Filter
from fugong.core.viewer import service_viewer
from fugong.record.liaison.actions.absences import end_absence, enter_absence
from fugong.record.liaison.actions.assigning import (
    assign_body,
    assign_officer,
    end_all_of,
    end_assignments,
    hand_over,
)
from fugong.record.liaison.models import Absence, Assignment
from fugong.record.liaison.selectors.coverage import coverage_of, uncovered_for
from fugong.record.liaison.selectors.officers import candidates, choosable, officer_for, officers_for
from fugong.record.liaison.selectors.planning import Rule, handing_over
from fugong.record.registry.actions.merging import merge_enterprises
from fugong.record.registry.actions.officers import set_officers
from fugong.record.registry.models import EnterpriseGrant
from tests import factories
from tests.record.liaison.conftest import has

pytestmark = pytest.mark.django_db
FIELD = service_viewer("liaison")


def held(user) -> set[int]:
    rows = Assignment.objects.held_on(clock.today()).filter(user=user)
    return set(rows.values_list("enterprise_id", flat=True))


class TestGiving:
    def test_an_assignment_is_a_right_from_the_same_moment(self, place, person, give):
        officer = person("许志远")
        assert has(officer) == frozenset()
        done = give(officer, [place.enterprise])
        assert (len(done.new), done.load_before, done.load_after) == (1, 0, 1)
        assert has(officer) == {place.enterprise.pk}
        entry = AuditEntry.objects.get(verb="liaison.assignment.given")
        assert (entry.detail["number"], entry.detail["enterprises"]) == (1, [place.enterprise.pk])

    def test_given_twice_is_given_once(self, place, person, give):
        officer = person("许志远")
        give(officer, [place.enterprise])
        again = give(officer, [place.enterprise])
        assert (len(again.new), len(again.same)) == (0, 1)
        assert Assignment.objects.count() == EnterpriseGrant.objects.filter(user=officer).count() == 1

    def test_one_resident_officer_at_a_time_but_an_expert_beside(self, place, person, give):
        first, second = person("许志远"), person("乔颖")
        give(first, [place.enterprise])
        refused = give(second, [place.enterprise])
        assert refused.held == [(place.enterprise, "许志远")]
        assert has(second) == frozenset()
        give(second, [place.enterprise], kind="expert")
        assert has(second) == {place.enterprise.pk}

    def test_the_database_refuses_a_second_one_too(self, place, person, give):
        give(person("许志远"), [place.enterprise])
        row = Assignment.objects.get()
        row.pk, row.user = None, person("乔颖")
        with pytest.raises(IntegrityError, match="assignment_one_of_its_kind"), transaction.atomic():
            row.save(force_insert=True)

    def test_a_rule_means_area_and_industry(self, place, person, lead, several):
        textile, others = several(3), several(2)
        for one in textile:
            factories.FactFactory(enterprise=one, kind="industry", text="17")
        which = Filter(areas=(place.township.code,), industries=("C",))
        done = assign_officer(
            actor=lead, incident=place.incident, kind="liaison", user=person("许"), rule=Rule(which=which)
        )
        assert {one.pk for one in done.new} == {one.pk for one in textile}
        rest = Rule(which=Filter(areas=(place.county.code,)), without="liaison")
        done = assign_officer(actor=lead, incident=place.incident, kind="liaison", user=person("乔"), rule=rest)
        assert {one.pk for one in done.new} == {place.enterprise.pk, *(one.pk for one in others)}

    def test_what_lies_outside_is_not_even_seen(self, place, person, give, lead):
        officer = person("许志远")
        done = give(officer, [place.other])
        assert done.new == []
        assert has(officer) == frozenset()

    @pytest.mark.parametrize("kind", ["working_group_member", "auditor"])
    def test_who_may_not_assign_does_not(self, place, person, give, viewer_of, kind):
        with pytest.raises(Denied):
            give(person("许志远"), [place.enterprise], by=viewer_of(kind))
        assert not Assignment.objects.exists()

    def test_a_cadre_of_the_whole_place_without_the_role_there_may_not(self, place, person, give, viewer_of):
        """Sees the city as auditor of it would not help: the role itself must be held in that area."""
        with pytest.raises(Denied):
            give(person("许志远"), [place.enterprise], by=viewer_of("working_group_member@city"))

    def test_who_has_left_gets_nothing(self, place, person, give):
        officer = person("许志远")
        officer.is_active = False
        officer.save()
        with pytest.raises(ValidationError, match="has left"):
            give(officer, [place.enterprise])

    def test_an_unknown_kind_is_refused(self, place, person, give):
        with pytest.raises(ValidationError):
            give(person("许志远"), [place.enterprise], kind="team")

    def test_the_rights_follow_assignments_and_nothing_else(self, lead):
        with pytest.raises(Denied):
            set_officers(actor=lead, pairs=[], rights=[])


class TestEnding:
    def test_taken_away_is_gone_at_once(self, place, person, give, lead):
        officer = person("许志远")
        give(officer, [place.enterprise])
        assert end_assignments(actor=lead, rows=Assignment.objects.all(), reason="调离") == 1
        assert has(officer) == frozenset()
        assert end_assignments(actor=lead, rows=Assignment.objects.all(), reason="调离") == 0
        assert Assignment.objects.get().end_reason == "调离"

    def test_two_assignments_one_right(self, place, person, give, lead):
        officer = person("许志远")
        give(officer, [place.enterprise])
        give(officer, [place.enterprise], kind="expert")
        assert EnterpriseGrant.objects.held_on(clock.today()).filter(user=officer).count() == 1
        end_assignments(actor=lead, rows=Assignment.objects.filter(kind="expert"), reason="完成")
        assert has(officer) == {place.enterprise.pk}

    def test_outside_nobody_takes_away(self, place, person, give, viewer_of):
        give(person("许志远"), [place.enterprise])
        with pytest.raises(Denied):
            end_assignments(actor=viewer_of("team_lead@outside"), rows=Assignment.objects.all(), reason="x")

    def test_a_leaver_looks_after_nobody(self, place, person, give, several):
        officer = person("许志远")
        give(officer, several(3))
        with transaction.atomic():
            announce(PersonLeft(officer.pk))
        assert has(officer) == frozenset()
        assert held(officer) == set()

    def test_a_grant_by_hand_is_left_alone(self, place, person, give, lead):
        officer = person("许志远")
        factories.GrantFactory(user=officer, enterprise=place.other, capacity="liaison_officer")
        give(officer, [place.enterprise])
        end_all_of(actor=FIELD, user_id=officer.pk, reason="x")
        assert has(officer) == {place.other.pk}

    def test_the_officer_of_a_merged_entry_looks_after_the_one_that_stays(
        self, place, person, give, several, viewer_of
    ):
        first, second = several(2)
        officer = person("许志远")
        give(officer, [second])
        clerk = viewer_of("bureau_clerk")
        merge_enterprises(actor=clerk, kept=first, dropped=second, reason="同一企业")
        assert held(officer) == {first.pk}
        assert has(officer) == {first.pk}


class TestHandingOver:
    def test_forty_enterprises_of_a_sick_officer_go_to_three_by_load(self, place, person, give, several, lead):
        sick, busy, idle, third = (person(name) for name in ("许", "忙", "闲", "三"))
        give(sick, several(40))
        give(busy, several(10))
        give(third, several(4))
        plan = handing_over(lead, place.incident, sick, [busy, idle, third])
        assert [(share.user.name, share.load_before, share.load_after) for share in plan.shares] == [
            ("忙", 10, 18),
            ("闲", 0, 18),
            ("三", 4, 18),
        ]
        done = hand_over(
            actor=lead, incident=place.incident, user=sick, receivers=[busy, idle, third], reason="住院隔离"
        )
        assert done.moved == 40
        assert has(sick) == frozenset()
        assert [len(has(one)) for one in (busy, idle, third)] == [18, 18, 18]
        assert AuditEntry.objects.get(verb="liaison.assignment.handed_over").detail["number"] == 40

    def test_what_the_receiver_has_already_just_ends(self, place, person, give, lead):
        sick, expert = person("许"), person("乔")
        give(sick, [place.enterprise], kind="expert")
        give(expert, [place.enterprise], kind="expert")
        done = hand_over(actor=lead, incident=place.incident, user=sick, receivers=[expert], reason="x")
        assert (done.moved, len(done.doubled)) == (0, 1)
        assert (held(sick), held(expert)) == (set(), {place.enterprise.pk})

    def test_what_lies_outside_stays_and_is_named(self, place, person, give, lead, viewer_of):
        sick, other = person("许"), person("乔")
        give(sick, [place.enterprise])
        give(sick, [place.other], by=viewer_of("team_lead@city"))
        done = hand_over(actor=lead, incident=place.incident, user=sick, receivers=[other], reason="x")
        assert (done.moved, done.outside) == (1, 1)
        assert held(sick) == {place.other.pk}

    def test_nobody_hands_over_to_himself(self, place, person, give, lead):
        sick = person("许")
        give(sick, [place.enterprise])
        with pytest.raises(ValidationError, match="already"):
            hand_over(actor=lead, incident=place.incident, user=sick, receivers=[sick], reason="x")


class TestAbsences:
    @pytest.fixture
    def pair(self, place, person, give):
        away, acting = person("许志远"), person("乔颖")
        give(away, [place.enterprise])
        return away, acting

    def enter(self, actor, pair, first="2020-03-25", last="2020-03-27", acting=None):
        days = (date.fromisoformat(first), date.fromisoformat(last))
        return enter_absence(
            actor=actor, user=pair[0], acting=acting or pair[1], first_on=days[0], last_on=days[1], reason="隔离"
        )

    def test_the_acting_officer_comes_and_goes_by_the_days_alone(self, place, pair, lead, set_clock):
        self.enter(lead, pair)
        seen = {}
        for day in ("24", "25", "27", "28"):
            set_clock(f"2020-03-{day}T09:00:00+08:00")
            seen[day] = (len(has(pair[0])), len(has(pair[1])))
        assert seen == {"24": (1, 0), "25": (1, 1), "27": (1, 1), "28": (1, 0)}

    def test_what_is_given_and_taken_meanwhile_goes_along(self, place, pair, lead, give, several, set_clock):
        self.enter(lead, pair)
        more = several(2)
        give(pair[0], more)
        end_assignments(actor=lead, rows=Assignment.objects.filter(enterprise=place.enterprise), reason="x")
        set_clock("2020-03-26T09:00:00+08:00")
        assert has(pair[1]) == {one.pk for one in more}

    def test_back_early(self, pair, lead, set_clock):
        absence = self.enter(lead, pair)
        set_clock("2020-03-26T09:00:00+08:00")
        end_absence(actor=lead, absence=absence)
        assert has(pair[1]) == frozenset()
        end_absence(actor=lead, absence=Absence.objects.get())
        assert AuditEntry.objects.filter(verb="liaison.absence.ended").count() == 1

    def test_who_acts_and_falls_ill_too_is_stood_in_for(self, place, pair, lead, person, set_clock):
        """The acting officer may only go after somebody else was named; then that one has the enterprise."""
        first = self.enter(lead, pair)
        third = person("第三")
        with pytest.raises(ValidationError, match="acts for 许志远"):
            self.enter(lead, (pair[1], third), first="2020-03-26")
        end_absence(actor=lead, absence=first)
        self.enter(lead, (pair[1], third), first="2020-03-26")
        self.enter(lead, pair, acting=third)
        set_clock("2020-03-26T09:00:00+08:00")
        assert (has(pair[1]), has(third)) == (frozenset(), {place.enterprise.pk})

    def test_nobody_acts_who_is_away(self, pair, lead, person):
        self.enter(lead, (pair[1], person("第三")))
        with pytest.raises(ValidationError, match="away in these days too"):
            self.enter(lead, pair)

    def test_an_acting_officer_who_leaves_acts_no_longer(self, place, pair, lead, give, several, set_clock):
        self.enter(lead, pair)
        set_clock("2020-03-26T09:00:00+08:00")
        with transaction.atomic():
            announce(PersonLeft(pair[1].pk))
        more = several(2)
        give(pair[0], more)  # what is given later does not go to who has left either
        assert (has(pair[1]), held(pair[1])) == (frozenset(), set())
        assert held(pair[0]) == {place.enterprise.pk, *(one.pk for one in more)}
        assert not Absence.objects.open_on(clock.today()).exists()
        entry = AuditEntry.objects.get(verb="liaison.absence.ended")
        assert (entry.area_id, entry.detail["acting"]) == (place.township.pk, pair[1].pk)

    def test_who_leaves_while_away_is_stood_in_for_no_longer(self, place, pair, lead, person, set_clock):
        self.enter(lead, pair)
        set_clock("2020-03-26T09:00:00+08:00")
        with transaction.atomic():
            announce(PersonLeft(pair[0].pk))
        assert (has(pair[1]), held(pair[1])) == (frozenset(), set())
        assert AuditEntry.objects.get(verb="liaison.absence.ended").area_id == place.township.pk
        self.enter(lead, (pair[1], person("第三")), first="2020-03-26")  # and may go away themselves

    def test_days_that_are_over_are_refused(self, pair, lead):
        with pytest.raises(ValidationError, match="over"):
            self.enter(lead, pair, first="2020-03-20", last="2020-03-22")

    def test_ones_own_absence_but_not_another_officers(self, place, pair, viewer_of_user, person):
        self.enter(viewer_of_user(pair[0]), pair)
        with pytest.raises(Denied):
            self.enter(viewer_of_user(person("旁人")), (pair[0], person("旁人")), first="2020-04-01", last="2020-04-02")


class TestCoverage:
    def test_holes_and_double_duty_show(self, place, person, give, several, viewer_of):
        city = viewer_of("commander@city")
        team = factories.BodyFactory(area=place.city, name="第一服务队", kind=BodyKind.SERVICE_TEAM)
        for area in (place.county, place.zone):
            assign_body(actor=city, incident=place.incident, kind="team", body=team, area=area)
        give(person("许志远"), several(2))
        board = coverage_of(city, place.incident, place.city)
        assert (board.enterprises, board.covered, board.open, board.officers, board.teams) == (4, 2, 2, 1, 1)
        assert [row.area.name for row in board.without_team] == ["茌平区"]
        assert [(duty.name, duty.others) for duty in board.double] == [("第一服务队", ("经开区",))]
        by_area = {row.area.name: (row.enterprises, row.covered, row.officers) for row in board.rows}
        assert by_area == {"东昌府区": (3, 2, 1), "茌平区": (1, 0, 0), "经开区": (0, 0, 0), "聊城市": (0, 0, 0)}

    def test_a_county_sees_its_townships_and_its_own_only(self, place, person, give, several, viewer_of):
        give(person("许志远"), several(2))
        own = coverage_of(viewer_of("commander"), place.incident, place.county)
        assert {row.area.name: row.enterprises for row in own.rows} == {"古楼街道": 3, "东昌府区": 0}
        other = viewer_of("commander@outside")
        assert coverage_of(other, place.incident, place.county).enterprises == 0
        assert uncovered_for(other, place.incident, place.county).total == 0
        assert officers_for(other, place.incident).rows == []

    def test_an_expert_alone_covers_nothing(self, place, person, give, viewer_of):
        give(person("乔颖"), [place.enterprise], kind="expert")
        assert coverage_of(viewer_of("commander"), place.incident, place.county).open == 1

    def test_those_without_an_officer_page_by_key(self, place, several, viewer_of, give, person):
        made = several(7)
        give(person("许"), made[:1])
        clerk = viewer_of("commander")
        first = uncovered_for(clerk, place.incident, place.county, size=4)
        second = uncovered_for(clerk, place.incident, place.county, after=first.after, size=4)
        names = [row.name for row in (*first.rows, *second.rows)]
        assert (first.total, len(names), names, second.after) == (7, 7, sorted(names), "")

    def test_officers_by_load_page_by_key(self, place, several, viewer_of, give, person):
        for number in (3, 1, 2):
            give(person(f"官{number}"), several(number))
        clerk = viewer_of("commander")
        first = officers_for(clerk, place.incident, size=2)
        second = officers_for(clerk, place.incident, after=first.after, size=2)
        assert [(row.name, row.load) for row in (*first.rows, *second.rows)] == [("官3", 3), ("官2", 2), ("官1", 1)]

    def test_people_of_elsewhere_are_not_offered(self, place, person, viewer_of):
        here, there = person("本地王"), person("外地王", area=place.other_county)
        lead = viewer_of("team_lead")
        assert candidates(lead, place.incident, "地王", frozenset()) == [here]
        assert choosable(lead, place.incident, frozenset({here.pk, there.pk})) == [here]

    def test_an_officer_of_elsewhere_is_no_page(self, place, person, give, viewer_of):
        from fugong.core.decision import OutOfScope

        officer = person("许志远")
        give(officer, [place.enterprise])
        with pytest.raises(OutOfScope):
            officer_for(viewer_of("commander@outside"), place.incident, officer.pk)
