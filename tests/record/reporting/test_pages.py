"""The reporter's pages: the one thing due, a form that remembers, a receipt, one's own history and nobody else's."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from fugong.record.registry.models import Enterprise
from fugong.record.reporting.models import DailyReport, SupersededReport
from tests import factories
from tests.tools import in_english, words_of

TODAY, EVE = date(2020, 3, 24), date(2020, 3, 23)
TYPED = {"state": "open", "roster": "100", "on_post": "82", "capacity": "90.5", "supply_days": "3"}


@pytest.fixture
def phone(place, client_for):
    """The reporter's browser, in English."""
    return in_english(client_for("reporter"))


@pytest.fixture
def url(place):
    def of(name, enterprise=None, incident=None):
        pk = (enterprise or place.enterprise).pk
        args = [pk] if name == "history" else [pk, (incident or place.incident).slug]
        return reverse(f"reporting:{name}", args=args)

    return of


@pytest.fixture
def home(phone):
    return lambda: words_of(phone.get(reverse("reporting:home")))


def wrong(page, field):
    """The words beside a field of the form; empty without a fault."""
    found = re.search(rf'id="id_{field}_error".*?<div>(.*?)</div>', page.content.decode(), re.S)
    return " ".join(found[1].split()) if found else ""


def standing(page):
    """Name → value of the text fields of the form."""
    inputs = re.findall(r"<input[^>]*>", page.content.decode())
    named = [
        (re.search(r'name="(\w+)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in inputs if "radio" not in tag
    ]
    return {name[1]: value[1] if value else "" for name, value in named if name}


class TestHome:
    def test_before_the_first_report_there_is_a_form_to_fill_in(self, place, home, phone, url):
        assert "Not reported yet today" in home()
        assert "COVID-19 · Tue 24 March · due at 10:00" in home()
        page = phone.get(reverse("reporting:home")).content.decode()
        assert url("report") in page
        assert url("same") not in page

    @pytest.mark.parametrize(
        ("moment", "words"),
        [
            ("07:00", "3 hours left"),
            ("08:12", "1 hour 48 min left"),
            ("09:00", "1 hour left"),
            ("09:59", "1 min left"),
            ("10:00", "0 min left"),
            ("10:30", "30 min late"),
            ("18:05", "8 hours 5 min late"),
        ],
    )
    def test_how_long_there_is_left(self, home, set_clock, moment, words):
        set_clock(f"2020-03-24T{moment}:00+08:00")
        assert words in home()

    def test_yesterday_s_words_stand_above_the_button_that_repeats_them(self, place, home, phone, url):
        place.report(day=EVE, on_post=80, capacity=Decimal(72))
        assert "Yesterday you reported: State open On post / roster 80 / 100 Capacity 72%" in home()
        assert "Same as yesterday, report" in home()
        page = phone.get(reverse("reporting:home")).content.decode()
        assert f'action="{url("same")}"' in page

    def test_an_older_report_is_not_called_yesterday_s(self, place, home):
        place.report(day=date(2020, 3, 20))
        assert "Your last report, of Fri 20 March" in home()
        assert "Same as last time, report" in home()
        assert "yesterday" not in home().lower()

    def test_after_the_report_it_is_in_and_can_be_changed(self, place, home, phone, url):
        place.report(day=EVE)
        place.report(on_post=85)
        assert "Today's report is in in at 09:00" in home()
        assert "You reported: State open On post / roster 85 / 100 Capacity —" in home()
        page = phone.get(reverse("reporting:home")).content.decode()
        assert url("report") in page
        assert url("same") not in page

    def test_each_enterprise_has_a_card_and_waiting_incidents_share_it(self, place, home):
        second = factories.EnterpriseFactory(managing_area=place.zone, name="经开纸业有限公司")
        factories.GrantFactory(user=place.person("reporter"), enterprise=second)
        factories.IncidentFactory(area=place.county, slug="flood", name_en="Flood")
        said = home()
        assert "My enterprises" in said
        # The county's flood waits on the same screen as the epidemic of the same enterprise.
        assert (said.count("due at 10:00"), said.count("COVID-19, Flood ·")) == (2, 1)
        assert (said.count("东昌府纺织有限公司"), said.count("经开纸业有限公司")) == (1, 1)

    def test_an_enterprise_that_is_closed_owes_nothing(self, place, home):
        Enterprise.objects.filter(pk=place.enterprise.pk).update(closed_on=TODAY)
        assert "due at" not in home()

    def test_an_incident_that_has_ended_asks_nothing(self, place, home):
        place.incident.ended_on = EVE
        place.incident.save()
        assert "due at" not in home()

    def test_a_report_of_another_incident_does_not_stand_in(self, place, home):
        flood = factories.IncidentFactory(area=place.city, name_en="Flood")
        factories.ReportFactory(incident=flood, enterprise=place.enterprise, playbook_version=place.playbook)
        assert (home().count("You reported:"), home().count("due at 10:00")) == (1, 1)


class TestSameAgain:
    def test_one_tap_sends_the_last_values_for_today(self, place, phone, url):
        before = place.report(
            day=EVE, on_post=80, capacity=Decimal(72), obstacles=["labour"], supply_days=Decimal(4),
            extra={"quarantined": "2"}, remark="昨天停电",
        )  # fmt: skip
        key = uuid4()
        response = phone.post(url("same"), {"client_key": str(key)})
        assert response["Location"] == url("receipt")
        report = DailyReport.objects.get(day=TODAY)
        assert (report.on_post, report.capacity, report.obstacles, report.supply_days, report.extra) == (
            before.on_post, before.capacity, before.obstacles, before.supply_days, before.extra,
        )  # fmt: skip
        assert (report.channel, report.seconds_taken, report.client_key) == ("phone", 0, key)
        assert report.remark == "", "a remark is of its day"

    def test_two_taps_are_one_report(self, place, phone, url):
        place.report(day=EVE)
        key = str(uuid4())
        for _ in range(2):
            assert phone.post(url("same"), {"client_key": key})["Location"] == url("receipt")
        assert DailyReport.objects.get(day=TODAY).revision == 1
        assert not SupersededReport.objects.exists()

    def test_a_tap_on_a_page_left_open_does_not_undo_what_was_reported_since(self, place, phone, url):
        place.report(day=EVE, on_post=80)
        place.report(on_post=60)
        assert phone.post(url("same"), {"client_key": str(uuid4())})["Location"] == url("receipt")
        assert DailyReport.objects.get(day=TODAY).on_post == 60

    def test_without_an_earlier_report_it_leads_to_the_form(self, phone, url):
        assert phone.post(url("same"))["Location"] == url("report")
        assert not DailyReport.objects.exists()

    @pytest.mark.parametrize("key", ["", "nonsense", "1"])
    def test_a_key_that_is_none_does_not_stop_it(self, place, phone, url, key):
        place.report(day=EVE)
        assert phone.post(url("same"), {"client_key": key})["Location"] == url("receipt")

    def test_what_the_playbook_no_longer_knows_leads_to_the_form_with_a_word(self, place, phone, url):
        place.report(day=EVE, obstacles=["weather"])
        response = phone.post(url("same"), follow=True)
        assert response.redirect_chain == [(url("report"), 302)]
        assert "“weather” is not in the list of obstacles" in words_of(response)
        assert not DailyReport.objects.filter(day=TODAY).exists()

    def test_a_day_like_yesterday_needs_no_second_explanation(self, place, phone, url):
        place.report(day=EVE, state="closed", on_post=3, warning_reason="repair")
        assert phone.post(url("same"))["Location"] == url("receipt")
        assert DailyReport.objects.get(day=TODAY).warning_reason == "repair"

    def test_it_is_a_post(self, phone, url):
        assert phone.get(url("same")).status_code == 405


class TestForm:
    def test_yesterday_stands_in_it_without_its_remark(self, place, phone, url):
        place.report(
            day=EVE, on_post=80, capacity=Decimal("72.0"), obstacles=["labour"], remark="昨天停电",
            extra={"quarantined": "2"},
        )  # fmt: skip
        page = phone.get(url("report"))
        found = standing(page)
        assert (found["roster"], found["on_post"], found["capacity"], found["extra_quarantined"]) == (
            "100", "80", "72", "2",
        )  # fmt: skip
        assert found["supply_days"] == ""
        assert "昨天停电" not in page.content.decode()
        assert "yesterday 80" in words_of(page)
        assert re.search(r'value="labour"[^>]*checked', page.content.decode())

    def test_for_a_correction_today_s_words_stand_in_it(self, place, phone, url):
        place.report(day=EVE, on_post=80)
        place.report(on_post=85, remark="下午到岗")
        page = phone.get(url("report"))
        assert standing(page)["on_post"] == "85"
        assert "下午到岗" in page.content.decode()

    def test_looking_at_it_stores_nothing(self, phone, url):
        phone.get(url("report"))
        assert not DailyReport.objects.exists()

    def test_what_is_sent_is_stored_and_leads_to_the_receipt(self, place, phone, url):
        key = uuid4()
        data = TYPED | {
            "obstacles": ["labour", "money"], "remark": " 招工中 ", "extra_quarantined": "2", "seconds": "21",
            "client_key": str(key), "closed_reason": "orders",
        }  # fmt: skip
        assert phone.post(url("report"), data)["Location"] == url("receipt")
        report = DailyReport.objects.get()
        assert (report.state, report.closed_reason, report.roster, report.on_post) == ("open", "", 100, 82)
        assert (report.capacity, report.supply_days, report.obstacles) == (Decimal("90.5"), 3, ["labour", "money"])
        assert (report.remark, report.extra, report.seconds_taken, report.client_key) == (
            "招工中", {"quarantined": "2"}, 21, key,
        )  # fmt: skip
        assert (report.channel, report.reported_by) == ("phone", place.person("reporter"))

    @pytest.mark.parametrize(
        ("changes", "field", "words"),
        [
            ({"on_post": "101"}, "on_post", "101 is more than the 100 on the roster. Lower it, or change the roster"),
            ({"on_post": ""}, "on_post", "required"),
            ({"roster": "many"}, "roster", "whole number"),
            ({"roster": "-1"}, "roster", "greater than or equal to 0"),
            ({"roster": "1e9"}, "roster", "whole number"),
            ({"capacity": "1000.1"}, "capacity", ""),
            ({"capacity": "NaN"}, "capacity", ""),
            ({"supply_days": "9999.9"}, "supply_days", ""),
            ({"supply_days": "99999999"}, "supply_days", ""),
            ({"state": ""}, "state", "required"),
            ({"state": "asleep"}, "state", "asleep"),
            (
                {"state": "closed", "on_post": "0", "capacity": ""},
                "closed_reason",
                "A closed enterprise gives the reason",
            ),
            ({"obstacles": ["weather"]}, "obstacles", "weather"),
            ({"extra_quarantined": "-2"}, "extra_quarantined", ""),
            ({"remark": "话" * 501}, "remark", "500"),
            ({"remark": "a\0b"}, "remark", "Null"),
        ],
        ids=lambda value: str(value)[:40] if isinstance(value, dict) else "",
    )
    def test_a_fault_stands_beside_its_field_and_what_was_typed_stays(self, phone, url, changes, field, words):
        page = phone.post(url("report"), TYPED | changes)
        assert page.status_code == 422
        assert wrong(page, field), "no word beside the field"
        assert words in wrong(page, field)
        summary = re.search(r'class="fu-errors".*?</div>', page.content.decode(), re.S)[0]
        assert "1 thing to mend" in summary
        assert f'href="#id_{field}"' in summary
        for name, value in (TYPED | changes).items():
            if name in ("roster", "on_post", "capacity", "supply_days"):
                assert standing(page)[name] == value
        assert not DailyReport.objects.exists()

    def test_several_faults_are_told_at_once(self, phone, url):
        page = phone.post(url("report"), {"state": "open", "roster": "", "on_post": "x"})
        assert "2 things to mend" in words_of(page)
        assert wrong(page, "roster")
        assert wrong(page, "on_post")

    def test_a_jump_asks_for_its_reason_and_goes_in_with_one(self, place, phone, url):
        place.report(day=EVE, roster=100, on_post=80)
        jump = TYPED | {"roster": "140"}
        page = phone.post(url("report"), jump)
        assert page.status_code == 422
        assert "The roster was 100 yesterday and is 140 today. What is the reason?" in words_of(page)
        assert standing(page)["roster"] == "140"
        assert 'value="hired"' in page.content.decode()
        assert not DailyReport.objects.filter(day=TODAY).exists()
        assert phone.post(url("report"), jump | {"warning_reason": "hired"}).status_code == 302
        assert DailyReport.objects.get(day=TODAY).warning_reason == "hired"

    def test_a_reason_that_is_not_on_the_list_is_none(self, place, phone, url):
        place.report(day=EVE, roster=100, on_post=80)
        page = phone.post(url("report"), TYPED | {"roster": "140", "warning_reason": "because"})
        assert page.status_code == 422
        assert not DailyReport.objects.filter(day=TODAY).exists()

    @pytest.mark.parametrize(
        "hidden", [{"seconds": "-5"}, {"seconds": "999999"}, {"seconds": "x"}, {"client_key": "x"}]
    )
    def test_what_the_device_adds_wrongly_is_nobody_s_mistake_to_mend(self, phone, url, hidden):
        assert phone.post(url("report"), TYPED | hidden).status_code == 302

    def test_a_page_left_open_over_midnight_asks_to_look_again(self, place, phone, url, set_clock):
        opened = standing(phone.get(url("report")))
        set_clock("2020-03-25T00:05:00+08:00")
        data = TYPED | {"day": opened["day"], "seen": opened["seen"], "client_key": opened["client_key"]}
        page = phone.post(url("report"), data)
        assert page.status_code == 422
        assert "This page was opened for another day" in words_of(page)
        assert not DailyReport.objects.exists()
        again = data | {name: standing(page)[name] for name in ("day", "seen")}
        assert phone.post(url("report"), again).status_code == 302
        assert DailyReport.objects.get().day == date(2020, 3, 25)

    def test_a_page_left_open_while_a_colleague_reported_says_so_before_it_replaces(self, place, phone, url):
        opened = standing(phone.get(url("report")))
        place.report(on_post=60, reported_by_name="王芳")
        data = TYPED | {"day": opened["day"], "seen": opened["seen"], "client_key": opened["client_key"]}
        page = phone.post(url("report"), data)
        assert page.status_code == 422
        assert "王芳 reported 60 on post of 100 at 09:00. Send again to replace it by yours." in words_of(page)
        assert DailyReport.objects.get().on_post == 60
        again = data | {name: standing(page)[name] for name in ("day", "seen")}
        assert phone.post(url("report"), again).status_code == 302
        assert (DailyReport.objects.get().on_post, DailyReport.objects.get().revision) == (82, 2)

    def test_a_form_of_elsewhere_is_refused(self, phone, url):
        phone.with_token = False
        assert phone.post(url("report"), TYPED).status_code == 403
        assert not DailyReport.objects.exists()


class TestReceipt:
    def test_it_says_when_how_long_and_what(self, place, phone, url):
        place.report(day=EVE, roster=100, on_post=80, capacity=Decimal(80))
        phone.post(url("report"), TYPED | {"seconds": "21", "obstacles": ["labour"], "extra_quarantined": "2"})
        words = words_of(phone.get(url("receipt")))
        assert "received at 09:00, it took 21 s" in words
        assert "You can change it until midnight; it is due at 10:00." in words
        assert "State open" in words
        assert "On post / roster +2 82 / 100" in words
        assert "Capacity used +10.5 90.5%" in words
        assert "What holds you up Staff shortage" in words
        assert "People in quarantine 2" in words
        assert "Who sees it 古楼街道 Liaocheng" in words

    def test_less_than_the_day_before_has_a_minus(self, place, phone, url):
        place.report(day=EVE, on_post=80)
        place.report(on_post=75)
        assert "−5 75 / 100" in words_of(phone.get(url("receipt")))

    def test_a_closed_enterprise_with_its_reason(self, place, phone, url):
        place.report(state="closed", closed_reason="orders")
        words = words_of(phone.get(url("receipt")))
        assert "closed · No orders" in words
        assert "What holds you up Nothing" in words

    def test_without_a_report_there_is_none(self, place, phone, url):
        place.report(day=EVE)
        assert phone.get(url("receipt"))["Location"] == reverse("reporting:home")


class TestHistory:
    def test_it_is_one_s_own_newest_first_with_channel_person_and_revision(self, place, phone, url):
        place.report(day=EVE, on_post=70, channel="import", reported_by_name="console", revision=2)
        place.report(on_post=85)
        place.report(place.other, on_post=11)
        words = words_of(phone.get(url("history")))
        assert words.index("85 / 100") < words.index("70 / 100")
        assert "console · file revision 2" in words
        assert "11 / 100" not in words

    def test_before_the_first_report_it_says_so(self, phone, url):
        assert "Nothing reported yet" in words_of(phone.get(url("history")))

    def test_the_last_sixty_are_shown(self, place, phone, url):
        for number in range(62):
            day = date.fromordinal(TODAY.toordinal() - number)
            place.report(day=day, roster=1000, on_post=100 + number)
        words = words_of(phone.get(url("history")))
        assert words.count("/ 1,000") == 60
        assert "161 / 1,000" not in words


class TestOthers:
    PAGES = ("report", "receipt", "history")

    @pytest.mark.parametrize("name", PAGES)
    def test_another_s_enterprise_is_not_found(self, place, phone, url, name):
        place.report(place.other)
        assert phone.get(url(name, place.other)).status_code == 404

    @pytest.mark.parametrize("name", ["report", "same"])
    def test_and_nothing_is_sent_for_it(self, place, phone, url, name):
        place.report(place.other, day=EVE)
        assert phone.post(url(name, place.other), TYPED).status_code == 404
        assert not DailyReport.objects.filter(day=TODAY).exists()

    @pytest.mark.parametrize("name", PAGES)
    def test_one_whose_right_has_ended_finds_nothing_either(self, place, phone, url, name):
        place.person("reporter").enterprise_grants.update(valid_to=EVE)
        assert phone.get(url(name)).status_code == 404

    def test_an_incident_elsewhere_or_ended_or_made_up_is_not_found(self, place, phone, url):
        elsewhere = factories.IncidentFactory(area=place.other_county)
        ended = factories.IncidentFactory(area=place.city, ended_on=EVE)
        for incident in (elsewhere, ended):
            assert phone.get(url("report", incident=incident)).status_code == 404
            assert phone.post(url("report", incident=incident), TYPED).status_code == 404
        assert phone.get(reverse("reporting:report", args=[place.enterprise.pk, "typhoon"])).status_code == 404
        assert not DailyReport.objects.exists()

    def test_an_enterprise_closed_today_takes_no_report(self, place, phone, url):
        Enterprise.objects.filter(pk=place.enterprise.pk).update(closed_on=TODAY)
        assert phone.get(url("report")).status_code == 404
        assert phone.post(url("report"), TYPED).status_code in (403, 404)

    def test_the_official_sees_the_reports_on_the_enterprise_s_page(self, place, client_for):
        place.report(on_post=85, reported_by_name="李四", capacity=Decimal(0))
        place.report(day=EVE, on_post=70, channel="import", revision=3)
        page = reverse("registry:detail", args=[place.incident.slug, place.enterprise.pk])
        words = words_of(in_english(client_for("commander")).get(page))
        assert "2020-03-24 open 85 / 100 0% 李四 phone page" in words
        assert "2020-03-23 open 70 / 100 — 李 file · revision 3" in words
        before = words_of(in_english(client_for("commander")).get(f"{page}?day=2020-03-23"))
        assert "85 / 100" not in before
