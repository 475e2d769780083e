"""Who acts for an enterprise: invited by those who keep the register, on record, once, for a time."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from fugong.base.accounts.models import EntryCode, User
from fugong.base.accounts.selectors import viewer_for
from fugong.core import clock
from fugong.core.decision import Denied
from fugong.core.roles import Role
from fugong.record.registry.actions.grants import grant_enterprise, invite_reporter
from fugong.record.registry.enums import GrantCapacity
from fugong.record.registry.models import EnterpriseGrant
from fugong.record.registry.selectors.grants import my_enterprises
from tests import factories
from tests.strict import StrictClient
from tests.tools import entries, in_english, words_of


def invited(actor, enterprise, **values):
    return invite_reporter(actor=actor, enterprise=enterprise, **{"name": "方静宜", "phone": "0635 8888888"} | values)


class TestInviting:
    def test_the_person_can_sign_in_and_reports_for_this_enterprise_only(self, place, viewer_of):
        user, code = invited(viewer_of("bureau_clerk"), place.enterprise)
        browser = StrictClient()
        browser.post("/accounts/code/", {"code": code})
        browser.post("/accounts/code/new/", {"secret": "580417", "again": "580417"})
        assert browser.get("/my/").status_code == 200
        viewer = viewer_for(user, clock.today())
        assert (viewer.roles, viewer.area_ids) == ({Role.REPORTER}, frozenset())
        assert list(my_enterprises(viewer)) == [place.enterprise]
        grant = EnterpriseGrant.objects.get(user=user)
        assert (grant.valid_from, grant.valid_to, grant.source) == (date(2020, 3, 24), None, "invitation")
        assert grant.given_by_name == place.person("bureau_clerk").name

    def test_the_code_can_be_read_from_paper_and_is_kept_nowhere(self, place, viewer_of):
        _user, code = invited(viewer_of("bureau_clerk"), place.enterprise)
        assert re.fullmatch(r"[2-9a-hjkmnp-z]{4}(-[2-9a-hjkmnp-z]{4}){2}", code)
        assert code.replace("-", "") not in str(list(EntryCode.objects.order_by("pk").values()))
        for verb in ("accounts.user.opened", "accounts.code.issued", "registry.grant.given"):
            assert all(code not in str(entry.detail) for entry in entries(verb))

    def test_an_accountant_of_several_keeps_one_account(self, place, viewer_of):
        clerk = viewer_of("bureau_clerk@city")
        phone = {"name": "方静宜", "phone": "138 1234 5678"}
        first, _code = invited(clerk, place.enterprise, **phone)
        first.choose_secret("580417")
        first.save()
        second, code = invited(clerk, place.other, **phone)
        assert (second, code) == (first, "")
        assert viewer_for(first, clock.today()).enterprises("reporter") == {place.enterprise.pk, place.other.pk}
        assert invited(clerk, place.other, name="另一人", phone="138 1234 5678")[0] != first

    def test_the_trail_names_the_account_and_no_personal_data(self, place, viewer_of):
        user, _password = invited(viewer_of("bureau_clerk"), place.enterprise)
        (opened,), (given,) = entries("accounts.user.opened"), entries("registry.grant.given")
        assert opened.subject == f"accounts.user:{user.pk}"
        assert given.subject == f"registry.enterprise:{place.enterprise.pk}"
        assert given.detail == {"user": user.pk, "capacity": "reporter", "source": "invitation"}
        assert "方静宜" not in f"{opened.detail}{given.detail}"
        assert "8888888" not in f"{opened.detail}{given.detail}"

    def test_several_people_get_accounts_of_their_own(self, place, viewer_of):
        clerk = viewer_of("bureau_clerk")
        (first, code), (second, other) = (invited(clerk, place.enterprise, phone=phone) for phone in ("", "1381234"))
        assert first.username != second.username and code != other

    def test_an_account_that_was_granted_by_another_way_does_not_take_the_next_name(self, place, viewer_of):
        clerk = viewer_of("bureau_clerk")
        first, _password = invited(clerk, place.enterprise, phone="")
        EnterpriseGrant.objects.filter(user=first).update(valid_to=date(2020, 3, 24))
        place.person("reporter")
        second, _password = invited(clerk, place.enterprise, phone="")
        assert first.username != second.username

    @pytest.mark.parametrize("kind", ["bureau_clerk", "township_cadre", "administrator", "bureau_clerk@city"])
    def test_who_keeps_the_register_invites(self, place, viewer_of, kind):
        assert invited(viewer_of(kind), place.enterprise)[0].pk

    @pytest.mark.parametrize(
        "kind",
        ["bureau_clerk@outside", "commander", "duty_officer", "auditor@city", "reporter", "liaison_officer", "nobody"],
    )
    def test_others_do_not_and_no_account_is_left_behind(self, place, viewer_of, kind):
        actor = viewer_of(kind)
        accounts = User.objects.count()
        with pytest.raises(Denied):
            invited(actor, place.enterprise)
        assert User.objects.count() == accounts

    def test_nobody_reports_for_an_enterprise_that_is_closed_for_good(self, place, viewer_of):
        place.enterprise.closed_on = date(2020, 3, 1)
        place.enterprise.save()
        with pytest.raises(Denied, match="closed for good"):
            invited(viewer_of("bureau_clerk"), place.enterprise)

    def test_an_enterprise_that_closes_next_month_still_has_a_month_to_report(self, place, viewer_of):
        place.enterprise.closed_on = date(2020, 4, 24)
        place.enterprise.save()
        assert invited(viewer_of("bureau_clerk"), place.enterprise)[0].pk


class TestGranting:
    def given(self, actor, user, enterprise, capacity=GrantCapacity.REPORTER):
        return grant_enterprise(actor=actor, user=user, enterprise=enterprise, capacity=capacity, source="test")

    def test_the_same_twice_is_refused_in_words(self, place, viewer_of):
        clerk, user = viewer_of("bureau_clerk"), factories.UserFactory()
        self.given(clerk, user, place.enterprise)
        with pytest.raises(ValidationError, match="may act for this enterprise already"):
            self.given(clerk, user, place.enterprise)
        assert EnterpriseGrant.objects.filter(user=user).count() == len(entries("registry.grant.given")) == 1

    def test_another_capacity_and_another_enterprise_are_something_else(self, place, viewer_of):
        clerk, user = viewer_of("bureau_clerk@city"), factories.UserFactory()
        self.given(clerk, user, place.enterprise)
        self.given(clerk, user, place.enterprise, GrantCapacity.LIAISON_OFFICER)
        self.given(clerk, user, place.other)
        viewer = viewer_for(user, clock.today())
        assert viewer.grants == {
            ("reporter", place.enterprise.pk),
            ("liaison_officer", place.enterprise.pk),
            ("reporter", place.other.pk),
        }

    def test_after_one_has_ended_it_may_be_given_again(self, place, viewer_of):
        clerk, user = viewer_of("bureau_clerk"), factories.UserFactory()
        first = self.given(clerk, user, place.enterprise)
        EnterpriseGrant.objects.filter(pk=first.pk).update(valid_to=date(2020, 3, 24))
        assert self.given(clerk, user, place.enterprise).pk != first.pk

    def test_an_unknown_capacity_is_refused(self, place, viewer_of):
        with pytest.raises(ValidationError, match="capacity does not exist"):
            self.given(viewer_of("bureau_clerk"), factories.UserFactory(), place.enterprise, "owner")

    def test_it_holds_from_its_first_to_its_last_day(self, place):
        grant = factories.GrantFactory(
            enterprise=place.enterprise, valid_from=date(2020, 3, 1), valid_to=date(2020, 3, 20)
        )
        days = {date(2020, 2, 29): 0, date(2020, 3, 1): 1, date(2020, 3, 20): 1, date(2020, 3, 21): 0}
        assert {day: len(viewer_for(grant.user, day).grants) for day in days} == days


class TestPages:
    def url(self, place, enterprise=None):
        return reverse("registry:invite", args=[place.incident.slug, (enterprise or place.enterprise).pk])

    def test_account_and_code_are_shown_and_work(self, place, client_for):
        response = in_english(client_for("bureau_clerk")).post(self.url(place), {"name": "方静宜", "phone": ""})
        page = response.content.decode()
        username = re.search(r'id="username"[^>]*>([^<]+)<', page)[1]
        code = re.search(r'id="code"[^>]*>([^<]+)<', page)[1]
        client = StrictClient()
        client.post("/accounts/code/", {"code": code})
        client.post("/accounts/code/new/", {"secret": "580417", "again": "580417"})
        assert client.get(reverse("account_me")).context["person"].username == username
        assert client.get(reverse("reporting:home")).status_code == 200

    def test_the_code_is_not_kept_by_the_browser_either(self, place, client_for):
        response = client_for("bureau_clerk").post(self.url(place), {"name": "方静宜", "phone": ""})
        assert "no-store" in response.headers.get("Cache-Control", "")

    def test_what_is_no_phone_number_comes_back(self, place, client_for):
        response = in_english(client_for("bureau_clerk")).post(self.url(place), {"name": "方静宜", "phone": "call me"})
        assert "A phone number has digits, spaces, + and - only." in words_of(response)
        assert not EnterpriseGrant.objects.filter(enterprise=place.enterprise).exists()

    def test_the_enterprise_names_its_reporters(self, place, client_for):
        client = in_english(client_for("bureau_clerk"))
        client.post(self.url(place), {"name": "方静宜", "phone": ""})
        words = words_of(client.get(reverse("registry:detail", args=[place.incident.slug, place.enterprise.pk])))
        assert f"方静宜 account e{place.enterprise.pk}-1, since 2020-03-24" in words

    def test_a_closed_enterprise_offers_no_invitation_and_takes_none(self, place, client_for):
        place.enterprise.closed_on = date(2020, 3, 1)
        place.enterprise.save()
        client = in_english(client_for("bureau_clerk"))
        detail = client.get(reverse("registry:detail", args=[place.incident.slug, place.enterprise.pk]))
        assert self.url(place) not in detail.content.decode()
        assert "struck off 2020-03-01" in words_of(detail)
        response = client.post(self.url(place), {"name": "方静宜"})
        assert response.status_code == 403
        assert "closed for good" in words_of(response)

    def test_the_enterprise_of_another_area_is_not_found(self, place, client_for):
        assert client_for("bureau_clerk").post(self.url(place, place.other), {"name": "方"}).status_code == 404
