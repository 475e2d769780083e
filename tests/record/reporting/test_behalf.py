"""Officials report on behalf; whose word stands when both speak; the list of those missing, reminded once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from fugong.base.notifications.models import Message
from fugong.core.decision import Denied
from fugong.core.registries import Counting
from fugong.record.incidents.selectors import playbook_on
from fugong.record.reporting.actions.submit import Sending, submit_report
from fugong.record.reporting.enums import Channel
from fugong.record.reporting.logic.checks import ReportValues
from fugong.record.reporting.models import DailyReport, SupersededReport
from fugong.record.reporting.selectors.counts import asking_cells
from tests import factories
from tests.tools import Race, entries, in_english, words_of

TODAY, EVE = date(2020, 3, 24), date(2020, 3, 23)


def said(on_post):
    return ReportValues("open", "", 100, on_post, Decimal(90), (), None, "", {})


def act(place, actor, on_post, channel=Channel.PHONE, **sending):
    return lambda: submit_report(
        actor=actor,
        incident=place.incident,
        enterprise=place.enterprise,
        day=TODAY,
        values=said(on_post),
        sending=Sending(channel=channel, **sending),
    )


def story():
    """(people on post, channel, set aside) in the order of arrival; the one that stands last, whenever it came."""
    report = DailyReport.objects.get()
    old = SupersededReport.objects.filter(report=report).order_by("revision")
    assert [one.revision for one in old] == list(range(1, report.revision))
    return [*((o.values["on_post"], o.channel, o.was_set_aside) for o in old), (report.on_post, report.channel, False)]


class TestWhoseWordStands:
    @pytest.fixture
    def officer(self, place, viewer_of):
        return lambda on_post, **sending: act(
            place, viewer_of("township_cadre"), on_post, Channel.ON_BEHALF, means="call", told_by="王", **sending
        )()

    @pytest.fixture
    def own(self, place, viewer_of):
        return lambda on_post, **sending: act(place, viewer_of("reporter"), on_post, **sending)()

    def test_channel_person_and_means_are_kept(self, place, officer):
        report = officer(80)
        assert (report.channel, report.means, report.told_by) == ("on_behalf", "call", "王")
        assert report.reported_by_name == place.person("township_cadre").name

    def test_the_enterprise_s_own_word_replaces_one_entered_on_its_behalf(self, officer, own):
        officer(80)
        own(60)
        assert story() == [(80, "on_behalf", False), (60, "phone", False)]
        assert SupersededReport.objects.get().values["told_by"] == "王"

    def test_on_behalf_unseen_gives_way_to_it_and_is_kept(self, officer, own):
        own(60)
        report = officer(80, seen=0)
        assert report.on_post == 60
        assert story() == [(80, "on_behalf", True), (60, "phone", False)]
        assert len(entries("reporting.report.set_aside")) == 1

    def test_who_has_seen_it_may_correct_it(self, officer, own):
        own(60)
        officer(80, seen=1)
        assert story() == [(60, "phone", False), (80, "on_behalf", False)]

    def test_sent_again_it_is_set_aside_once(self, officer, own):
        own(60)
        key = uuid4()
        officer(80, seen=0, client_key=key)
        officer(80, seen=0, client_key=key)
        assert len(story()) == 2

    def test_whoever_chooses_the_other_s_word_keeps_the_own_in_the_history(self, own):
        own(60)
        own(70, gives_way=True)
        assert story() == [(70, "phone", True), (60, "phone", False)]

    @pytest.mark.parametrize("kind", ["reporter", "commander", "township_cadre@outside", "auditor"])
    def test_others_report_for_nobody(self, place, viewer_of, kind):
        with pytest.raises(Denied):
            act(place, viewer_of(kind), 80, Channel.ON_BEHALF)()

    def test_the_liaison_officer_does(self, place, viewer_of):
        assert act(place, viewer_of("liaison_officer"), 80, Channel.ON_BEHALF)().channel == "on_behalf"


@pytest.mark.django_db(transaction=True)
class TestRace:
    def test_the_enterprise_first(self, place, viewer_of):
        own = act(place, viewer_of("reporter"), 60)
        officer = act(place, viewer_of("township_cadre"), 80, Channel.ON_BEHALF, seen=0)
        Race().run(own, officer)
        assert story() == [(80, "on_behalf", True), (60, "phone", False)]

    def test_the_officer_first(self, place, viewer_of):
        own = act(place, viewer_of("reporter"), 60)
        officer = act(place, viewer_of("township_cadre"), 80, Channel.ON_BEHALF, seen=0)
        Race().run(officer, own)
        assert story() == [(80, "on_behalf", False), (60, "phone", False)]


class TestScreen:
    @pytest.fixture
    def second(self, place):
        return factories.EnterpriseFactory(managing_area=place.township, name="东昌府酿造有限公司")

    @pytest.fixture
    def url(self, place, second):
        return reverse("reports:behalf", args=[place.incident.slug]) + f"?e={place.enterprise.pk}&e={second.pk}"

    @pytest.fixture
    def desk(self, client_for):
        return in_english(client_for("township_cadre"))

    @staticmethod
    def typed(enterprise, **changes):
        data = {"state": "open", "roster": "100", "on_post": "80", "means": "visit", "told_by": "李厂长", "seen": "0"}
        return {f"e{enterprise.pk}-{name}": value for name, value in (data | changes).items()}

    def test_each_is_sent_by_its_own_button(self, place, second, url, desk):
        data = self.typed(place.enterprise) | self.typed(second, on_post="70") | {"send": str(second.pk)}
        assert "70 on post of 100" in words_of(desk.post(url, data))
        report = DailyReport.objects.get()
        assert (report.enterprise, report.means, report.told_by) == (second, "visit", "李厂长")

    def test_together_one_that_is_wrong_does_not_hold_up_the_other(self, place, second, url, desk):
        data = self.typed(place.enterprise, on_post="101") | self.typed(second) | {"send": "all"}
        response = desk.post(url, data)
        assert response.status_code == 422
        assert "101 is more than the 100 on the roster" in words_of(response)
        assert DailyReport.objects.get().enterprise == second

    def test_the_own_report_that_came_meanwhile_counts_and_both_are_shown(self, place, url, desk, client_for):
        desk.get(url)
        place.report(on_post=60)
        page = words_of(desk.post(url, self.typed(place.enterprise) | {"send": str(place.enterprise.pk)}))
        assert "60 on post of 100. That counts; yours is kept beside it." in page
        mine = words_of(
            in_english(client_for("reporter")).get(reverse("reporting:history", args=[place.enterprise.pk]))
        )
        assert "kept beside it: 80 / 100" in mine
        assert "official on behalf (on site, told by 李厂长)" in mine

    def test_one_of_another_area_is_not_found(self, place, desk):
        url = reverse("reports:behalf", args=[place.incident.slug])
        assert desk.get(f"{url}?e={place.other.pk}").status_code == 404
        unticked = desk.get(url, follow=True)
        assert unticked.redirect_chain[0][0].startswith(reverse("reports:missing", args=[place.incident.slug]))
        assert "No enterprise is ticked" in unticked.content.decode()
        assert desk.get(f"{url}?e=abc").status_code == 404


class TestMissing:
    @pytest.fixture
    def url(self, place):
        return lambda name: reverse(f"reports:{name}", args=[place.incident.slug])

    @pytest.fixture
    def desk(self, place, client_for):
        reporter = place.person("reporter")
        reporter.phone = "13812346217"
        reporter.save()
        return in_english(client_for("bureau_clerk"))

    def test_it_names_them_with_whom_to_call_and_a_masked_number(self, place, url, desk):
        place.report(day=EVE)
        words = words_of(desk.get(url("missing")))
        assert "东昌府纺织有限公司" in words and "138****6217" in words and "13812346217" not in words
        assert "03-23 open" in words
        assert "茌平铝业有限公司" not in words
        place.report()
        assert "Everybody expected has reported" in words_of(desk.get(url("missing")))

    def test_one_tap_reminds_and_never_twice_within_the_quiet_time(self, place, url, desk, set_clock):
        response = desk.post(url("remind"), follow=True)
        assert "Reminded: 1." in words_of(response)
        message = Message.objects.get()
        assert (message.recipient, message.kind) == (place.person("reporter"), "reporting.reminder")
        assert "东昌府纺织有限公司还没有报2020-03-24的日报" in message.text
        assert "09:00" in words_of(desk.get(url("missing")))
        again = words_of(desk.post(url("remind"), follow=True))
        assert "Reminded: 0." in again and "not again: 1" in again
        set_clock("2020-03-24T13:30:00+08:00")
        assert "Reminded: 1." in words_of(desk.post(url("remind"), follow=True))
        assert Message.objects.exclude(state="suppressed").count() == 2

    def test_the_quiet_time_is_that_of_the_enterprises_own_area(self, place, url, client_for, set_clock):
        factories.DueTimeFactory(incident=place.incident, area=place.county, valid_from="2020-03-01", quiet_hours=24)
        factories.DueTimeFactory(incident=place.incident, area=place.city, valid_from="2020-03-01", quiet_hours=2)
        for number, kind in enumerate(("reporter", "reporter@other")):
            person = place.person(kind)
            person.phone = f"1380635000{number}"
            person.save()
        city = in_english(client_for("duty_officer@city"))
        city.post(url("remind"))
        set_clock("2020-03-24T13:00:00+08:00")
        words = words_of(city.post(url("remind"), follow=True))
        # The county wants a day of quiet, the city two hours.
        assert "Reminded: 1." in words and "not again: 1" in words

    def test_where_no_area_sets_one_the_quiet_time_is_that_of_the_days_playbook(self, place, url, desk, set_clock):
        from_today(place, quiet_hours=1)
        desk.post(url("remind"))
        set_clock("2020-03-24T09:59:00+08:00")
        assert "not again: 1" in words_of(desk.post(url("remind"), follow=True))
        set_clock("2020-03-24T10:01:00+08:00")
        assert "Reminded: 1." in words_of(desk.post(url("remind"), follow=True))

    def test_of_one_report_no_more_counts_as_asking_than_the_days_playbook_says(self, place):
        place.report(seconds_taken=90 * 60)
        counting = Counting(place.incident.pk, TODAY)
        assert sum(cell.numerator for cell in asking_cells(counting)) == 60 * 60
        from_today(place, longest_minutes=80)
        assert sum(cell.numerator for cell in asking_cells(counting)) == 80 * 60

    def test_who_has_reported_or_has_no_reporter_is_not_reminded(self, place, url, desk):
        place.report()
        factories.EnterpriseFactory(managing_area=place.county)
        assert "Without a reporter or a phone number: 1" in words_of(desk.post(url("remind"), follow=True))
        assert not Message.objects.exists()


def from_today(place, **spans):
    """A version of the playbook that holds from today on and sets other spans."""
    before = playbook_on(place.incident, TODAY)
    report = before.content["report"] | spans
    factories.PlaybookVersionFactory(version="today", effective_from=TODAY, content=before.content | {"report": report})


class TestTimes:
    def test_the_duty_officer_opens_a_closed_day_for_one_enterprise(self, place, client_for):
        desk, phone = in_english(client_for("duty_officer")), in_english(client_for("reporter"))
        url = lambda name: reverse(f"reports:{name}", args=[place.incident.slug])  # noqa: E731
        form = reverse("reporting:report", args=[place.enterprise.pk, place.incident.slug])
        data = {"state": "open", "roster": "100", "on_post": "80"}
        assert "The day is closed." in words_of(desk.post(url("lock"), {"note": ""}, follow=True))
        refused = phone.post(form, data)
        assert refused.status_code == 422
        assert "closed the day. The duty officer can open it." in words_of(refused)
        wrong = desk.post(url("open"), {"enterprise": "91", "until": "2020-03-24T11:00", "reason": "x"})
        assert "No enterprise of your area has this code" in words_of(wrong)
        opened = {"enterprise": place.enterprise.uscc, "until": "2020-03-24T11:00", "reason": "录入有误"}
        words = words_of(desk.post(url("open"), opened, follow=True))
        assert "东昌府纺织有限公司 · open until" in words
        assert phone.post(form, data).status_code == 302
