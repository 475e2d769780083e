"""What every page stands in: where one begins, language and type size, ways back, words for what went wrong."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse

from fugong.core.roles import Role
from tests import factories
from tests.strict import StrictClient
from tests.tools import in_english, words_of

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "http:evil.example",
    "https:///evil.example",
    "javascript:alert(1)",
    "\x08//evil.example",
    " //evil.example",
    "data:text/html,x",
]
NOWHERE = ["", "nonsense", "registry:new", "account_login", "..", "[", "http://["]


class TestWhereOneBegins:
    @pytest.mark.parametrize("kind", ["commander@city", "bureau_clerk", "township_cadre@outside"])
    def test_an_official_at_the_board_of_the_open_incident(self, place, client_for, kind):
        factories.IncidentFactory(area=place.city, slug="flood-2018", ended_on=date(2020, 3, 1))
        response = client_for(kind).get(reverse("home"))
        assert response["Location"] == reverse("situation:board", args=[place.incident.slug])

    def test_when_all_have_ended_at_the_latest(self, place, client_for):
        place.incident.ended_on = date(2020, 3, 1)
        place.incident.save()
        response = client_for("commander@city").get(reverse("home"))
        assert response["Location"] == reverse("situation:board", args=[place.incident.slug])
        assert client_for("commander@city").get(response["Location"]).status_code == 200

    def test_a_reporter_at_the_report(self, place, client_for):
        assert client_for("reporter").get(reverse("home"))["Location"] == reverse("reporting:home")

    @pytest.mark.parametrize("kind", ["nobody"])
    def test_who_has_no_page_yet_is_told_so(self, place, client_for, kind):
        response = in_english(client_for(kind)).get(reverse("home"))
        assert place.person(kind).name in words_of(response)
        assert "you are signed in" in words_of(response)

    def test_without_an_incident_there_is_nothing_to_look_at_yet(self, place, client_for):
        place.incident.delete()
        assert client_for("commander@city").get(reverse("home")).status_code == 200

    def test_a_stranger_at_the_sign_in_and_then_where_they_wanted(self, place, client):
        wanted = reverse("situation:board", args=[place.incident.slug])
        user = place.person("commander")
        sent = client.get(wanted)
        assert sent["Location"] == f"{reverse('account_login')}?next={wanted}"
        answer = client.post(sent["Location"], {"login": user.username, "password": "correct horse battery"})
        assert answer["Location"] == wanted


class TestLanguage:
    def test_chinese_comes_first(self, client, db):
        page = client.get(reverse("account_login")).content.decode()
        assert '<html lang="zh-CN"' in page
        assert "Sign in" not in page

    def test_it_is_chosen_by_a_form_and_kept(self, client, db):
        client.post(reverse("language"), {"language": "en", "next": reverse("account_login")})
        cookie = client.cookies[settings.LANGUAGE_COOKIE_NAME]
        assert (cookie.value, cookie["samesite"], bool(cookie["httponly"])) == ("en", "Lax", True)
        page = client.get(reverse("account_login")).content.decode()
        assert '<html lang="en"' in page
        client.post(reverse("language"), {"language": "zh-hans"})
        assert '<html lang="zh-CN"' in client.get(reverse("account_login")).content.decode()

    @pytest.mark.parametrize("code", ["", "de", "xx", "en; Path=/", "\r\nSet-Cookie: a=b"])
    def test_a_language_that_is_not_there_changes_nothing(self, client, db, code):
        response = client.post(reverse("language"), {"language": code})
        assert (response.status_code, settings.LANGUAGE_COOKIE_NAME in response.cookies) == (302, False)

    def test_the_switch_leads_back_to_the_same_page(self, place, client_for):
        url = reverse("situation:board", args=[place.incident.slug]) + "?day=2020-03-23"
        page = client_for("commander@city").get(url).content.decode()
        assert f'name="next" value="{url}"' in " ".join(page.split())


class TestLargeType:
    def test_it_is_switched_on_and_off_and_kept(self, client, db):
        url = reverse("account_login")
        assert "fu-large" not in client.get(url).content.decode()
        client.post(reverse("large_type"), {"large": "1", "next": url})
        assert 'class="fu-large"' in client.get(url).content.decode()
        client.post(reverse("large_type"), {"large": "0", "next": url})
        assert 'class="fu-large"' not in client.get(url).content.decode()

    def test_anything_else_is_off(self, client, db):
        client.post(reverse("large_type"), {"large": "yes"})
        assert client.cookies["fu_large"].value == "0"


class TestTheWayBack:
    @pytest.mark.parametrize("name", ["language", "large_type"])
    @pytest.mark.parametrize("target", ELSEWHERE, ids=repr)
    def test_never_leads_to_another_house(self, client, db, name, target):
        response = client.post(reverse(name), {"next": target})
        assert (response.status_code, response["Location"]) == (302, reverse("home"))

    @pytest.mark.parametrize("name", ["language", "large_type"])
    @pytest.mark.parametrize("target", NOWHERE, ids=repr)
    def test_leads_home_from_nowhere(self, client, db, name, target):
        response = client.post(reverse(name), {"next": target})
        assert (response.status_code, response["Location"]) == (302, reverse("home"))

    @pytest.mark.parametrize("target", ["/my/", "/i/covid-2020/?day=2020-03-23&area=371500-JK", "/?q=纺织"])
    def test_leads_back_within_the_house(self, client, db, target):
        response = client.post(reverse("language"), {"next": target, "language": "en"})
        assert response.status_code == 302
        assert response.url.startswith(target.split("?")[0])
        assert "evil" not in response.url

    @pytest.mark.parametrize("target", ELSEWHERE[:5], ids=repr)
    def test_nor_does_the_sign_in(self, place, client, target):
        user = place.person("commander")
        data = {"login": user.username, "password": "correct horse battery", "next": target}
        assert client.post(reverse("account_login"), data)["Location"] == reverse("home")

    @pytest.mark.parametrize("name", ["language", "large_type", "account_logout"])
    def test_a_form_of_elsewhere_is_refused(self, place, client_for, name):
        client = client_for("commander")
        client.with_token = False
        response = client.post(reverse(name), {"language": "en"})
        assert response.status_code == 403
        assert client.get(reverse("situation:board", args=[place.incident.slug])).status_code == 200


class TestScope:
    def url(self, place, query=""):
        return reverse("situation:board", args=[place.incident.slug]) + query

    def test_the_day_before_and_after_keep_the_area(self, place, client_for):
        page = client_for("commander@city").get(self.url(place, "?area=371502&day=2020-03-22")).content.decode()
        for day in ("2020-03-21", "2020-03-23"):
            assert f'href="{self.url(place)}?area=371502&amp;day={day}"' in page

    def test_there_is_no_day_after_today_and_none_before_the_incident(self, place, client_for):
        client = client_for("commander@city")
        assert "2020-03-25" not in client.get(self.url(place)).content.decode()
        first = client.get(self.url(place, "?day=2020-02-10")).content.decode()
        assert "2020-02-09" not in first

    @pytest.mark.parametrize("day", ["2020-03-25", "2021-01-01", "yesterday", "2020-02-30", "9999-12-31", "-1", "é"])
    def test_a_day_that_cannot_be_is_today(self, place, client_for, day):
        page = client_for("commander@city").get(self.url(place), {"day": day}).content.decode()
        assert 'datetime="2020-03-24"' in page

    def test_the_choices_are_the_areas_of_the_mandate(self, place, client_for):
        page = client_for("commander@city").get(self.url(place)).content.decode()
        for area in (place.city, place.county, place.other_county, place.zone):
            assert area.name in page
        county = client_for("commander").get(self.url(place)).content.decode()
        assert place.county.name in county
        assert place.other_county.name not in county

    @pytest.mark.parametrize("query", ["?area=371503", "?area=371500", "?area=999999", "?area=371502'", "?area=é"])
    def test_an_area_that_is_not_the_viewer_s_is_not_found(self, place, client_for, query):
        assert client_for("commander").get(self.url(place, query)).status_code == 404

    def test_an_incident_elsewhere_is_not_found_and_not_offered(self, place, client_for):
        other = factories.IncidentFactory(area=place.other_county, slug="flood-elsewhere", name="洪水在别处")
        client = client_for("commander")
        assert client.get(reverse("situation:board", args=[other.slug])).status_code == 404
        assert "洪水在别处" not in client.get(self.url(place)).content.decode()

    def test_an_incident_that_is_not_there_is_not_found(self, place, client_for):
        assert client_for("commander@city").get(reverse("situation:board", args=["typhoon"])).status_code == 404


class TestPeople:
    def test_a_closed_account_is_out_at_once(self, place, client_for):
        client = client_for("commander")
        user = place.person("commander")
        user.is_active = False
        user.save()
        response = client.get(reverse("situation:board", args=[place.incident.slug]))
        assert response["Location"].startswith(reverse("account_login"))

    def test_a_mandate_that_has_ended_opens_nothing_at_once(self, place, client_for):
        client = client_for("commander")
        place.person("commander").mandates.update(valid_to=date(2020, 3, 23))
        assert client.get(reverse("situation:board", args=[place.incident.slug])).status_code == 404

    def test_signing_out_is_a_post_and_ends_it(self, place, client_for):
        client = client_for("commander")
        assert client.get(reverse("account_logout")).status_code == 200
        assert client.get(reverse("situation:board", args=[place.incident.slug])).status_code == 200
        client.post(reverse("account_logout"))
        assert client.get(reverse("situation:board", args=[place.incident.slug])).status_code == 302

    def test_a_wrong_password_says_the_same_as_an_unknown_name(self, place, client):
        user, url, said = place.person("commander"), reverse("account_login"), []
        for name in (user.username, "nobody-of-this-name"):
            words = words_of(in_english(client).post(url, {"login": name, "password": "wrong"}))
            said.append(words.replace(name, ""))
        assert said[0] == said[1]

    def test_the_menu_names_the_person_and_the_body(self, place, client_for):
        page = client_for("commander").get(reverse("situation:board", args=[place.incident.slug])).content.decode()
        assert place.person("commander").name in page
        assert "东昌府区工业和信息化局" in page

    def test_each_role_is_offered_only_doors_that_open(self, place, client_for):
        for role in Role:
            client = client_for(str(role))
            page = client.get(reverse("home"), follow=True).content.decode()
            for door in set(re.findall(r'href="(/[^"#]*)"', page)):
                if not door.startswith("/static/"):
                    assert client.get(door.replace("&amp;", "&")).status_code in (200, 302), (role, door)


class TestErrors:
    def test_an_address_that_is_not_there(self, place, client_for):
        for client in (client_for("commander"), StrictClient()):
            response = in_english(client).get("/nowhere/")
            assert response.status_code == 404
            assert words_of(response)

    def test_the_reason_of_a_refusal_is_said(self, place, client_for):
        response = in_english(client_for("commander")).get(reverse("registry:new", args=[place.incident.slug]))
        assert response.status_code == 403
        assert "The register is kept by bureau clerks, township cadres and administrators." in words_of(response)

    def test_the_process_says_that_it_is_well_to_anybody_and_nothing_else(self, client, db):
        response = client.get(reverse("healthz"))
        assert (response.status_code, response.json()) == (200, {"status": "ok"})
        assert not response.cookies
        assert client.post(reverse("healthz")).status_code == 405
