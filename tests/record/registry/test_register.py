"""One enterprise by hand: who may enter and change it, what is refused, what stays on record."""

from __future__ import annotations

import re
from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from fugong.base.areas.enums import AreaLevel
from fugong.core.decision import Denied
from fugong.core.viewer import service_viewer
from fugong.record.registry.actions.register import edit_enterprise, register_enterprise
from fugong.record.registry.logic.uscc import compose_code
from fugong.record.registry.models import Enterprise
from tests import factories
from tests.tools import entries, in_english, words_of

CODE = compose_code("371502", "MA3DK20P")
KEEPERS = ["bureau_clerk", "township_cadre", "administrator", "bureau_clerk@city"]
OTHERS = [
    "commander", "duty_officer", "team_lead", "working_group_member", "auditor", "reporter", "liaison_officer",
    "nobody", "anonymous",
]  # fmt: skip


def typed(place, **changes):
    """What a clerk types."""
    return {
        "name": "鲁西机械有限公司",
        "uscc": CODE,
        "kind": "enterprise",
        "managing_area": place.township,
        "established_on": date(2015, 6, 1),
        "registered_address": "兴华路1号",
    } | changes


def edited(actor, enterprise, **changes):
    """The fields as they stand, with changes."""
    values = {
        "name": enterprise.name,
        "uscc": enterprise.uscc or "",
        "kind": enterprise.kind,
        "managing_area": enterprise.managing_area,
        "established_on": enterprise.established_on,
        "registered_address": enterprise.registered_address,
    }
    return edit_enterprise(actor=actor, enterprise=enterprise, values=values | changes)


class TestRegistering:
    def test_it_stands_in_the_register_and_on_record(self, place, viewer_of):
        made = register_enterprise(actor=viewer_of("bureau_clerk"), values=typed(place))
        stored = Enterprise.objects.get(uscc=CODE)
        assert stored == made
        assert (stored.name, stored.managing_area, stored.established_on) == (
            "鲁西机械有限公司",
            place.township,
            date(2015, 6, 1),
        )
        assert stored.registered_area == place.county
        assert (stored.provisional_id, stored.closed_on, stored.created_at) == (None, None, stored.updated_at)
        (entry,) = entries("registry.enterprise.registered")
        assert entry.actor_name == place.person("bureau_clerk").name
        assert (entry.subject, entry.detail) == (
            f"registry.enterprise:{made.pk}",
            {"code": CODE, "area": place.township.code},
        )

    @pytest.mark.parametrize("kind", KEEPERS)
    def test_who_keeps_the_register_may(self, place, viewer_of, kind):
        assert register_enterprise(actor=viewer_of(kind), values=typed(place)).pk

    @pytest.mark.parametrize("kind", OTHERS)
    def test_nobody_else_may(self, place, viewer_of, kind):
        with pytest.raises(Denied, match="kept by bureau clerks"):
            register_enterprise(actor=viewer_of(kind), values=typed(place))
        assert not Enterprise.objects.filter(uscc=CODE).exists()
        assert not entries("registry.enterprise.registered")

    @pytest.mark.parametrize("kind", ["bureau_clerk@outside", "township_cadre@outside", "administrator@outside"])
    def test_an_area_outside_the_mandate_is_refused(self, place, viewer_of, kind):
        with pytest.raises(Denied, match="outside your mandate"):
            register_enterprise(actor=viewer_of(kind), values=typed(place))
        assert not Enterprise.objects.filter(uscc=CODE).exists()

    def test_the_area_above_the_mandate_is_outside_too(self, place, viewer_of):
        with pytest.raises(Denied):
            register_enterprise(actor=viewer_of("bureau_clerk"), values=typed(place, managing_area=place.city))

    def test_a_shop_without_a_code_gets_a_provisional_id_of_its_own(self, place, viewer_of):
        shops = [
            register_enterprise(actor=viewer_of("bureau_clerk"), values=typed(place, uscc="", name=f"第{n}面馆"))
            for n in range(3)
        ]
        for shop in shops:
            shop.refresh_from_db()
            assert shop.uscc is None
            assert re.fullmatch(r"P371502001-[0-9A-F]{8}", shop.provisional_id)
            assert shop.code == shop.provisional_id
        assert len({shop.code for shop in shops}) == 3
        assert entries("registry.enterprise.registered")[0].detail["code"] == shops[0].code

    def test_a_code_that_is_there_already_is_refused_in_words(self, place, viewer_of):
        with pytest.raises(ValidationError) as refusal:
            register_enterprise(actor=viewer_of("bureau_clerk"), values=typed(place, uscc=place.enterprise.uscc))
        assert refusal.value.messages == ["This code is in the register already."]
        assert Enterprise.objects.filter(uscc=place.enterprise.uscc).count() == 1
        assert not entries("registry.enterprise.registered")

    def test_where_it_is_registered_is_read_from_the_code_through_abolished_districts(self, place, viewer_of):
        factories.AreaFactory(code="371523", name="茌平县", parent=place.city, successor=place.other_county)
        old, unknown = compose_code("371523", "MA3DK20P"), compose_code("110101", "MA3DK20P")
        clerk = viewer_of("bureau_clerk")
        made = [register_enterprise(actor=clerk, values=typed(place, uscc=code)) for code in (old, unknown)]
        assert [enterprise.registered_area for enterprise in made] == [place.other_county, None]

    def test_a_code_of_another_area_s_enterprise_is_refused_likewise(self, place, viewer_of):
        with pytest.raises(ValidationError, match="in the register already"):
            register_enterprise(actor=viewer_of("bureau_clerk"), values=typed(place, uscc=place.other.uscc))

    @pytest.mark.parametrize("code", ["91371502MA3DK20P", CODE.lower(), CODE[:-1] + "I", f" {CODE}"])
    def test_what_is_no_code_is_refused_by_the_register_itself(self, place, viewer_of, code):
        with pytest.raises(ValidationError, match="18 digits and capital letters"):
            register_enterprise(actor=viewer_of("bureau_clerk"), values=typed(place, uscc=code))

    def test_an_unknown_kind_is_refused(self, place, viewer_of):
        with pytest.raises(ValidationError):
            register_enterprise(actor=viewer_of("bureau_clerk"), values=typed(place, kind="kiosk"))


class TestEditing:
    def test_the_change_is_made_and_both_values_are_on_record(self, place, viewer_of, set_clock):
        before = place.enterprise.updated_at
        set_clock("2020-03-24T15:00:00+08:00")
        changed = edited(viewer_of("bureau_clerk"), place.enterprise, name="新名有限公司", registered_address="东昌路")
        assert changed == ["name", "registered_address"]
        stored = Enterprise.objects.get(pk=place.enterprise.pk)
        assert (stored.name, stored.registered_address) == ("新名有限公司", "东昌路")
        assert stored.updated_at > before == stored.created_at
        (entry,) = entries("registry.enterprise.edited")
        assert entry.subject == f"registry.enterprise:{stored.pk}"
        assert entry.detail == {
            "before": {"name": "东昌府纺织有限公司", "registered_address": ""},
            "after": {"name": "新名有限公司", "registered_address": "东昌路"},
        }

    def test_the_same_values_change_nothing(self, place, viewer_of, set_clock):
        set_clock("2020-03-24T15:00:00+08:00")
        assert edited(viewer_of("bureau_clerk"), place.enterprise) == []
        stored = Enterprise.objects.get(pk=place.enterprise.pk)
        assert stored.updated_at == place.enterprise.updated_at
        assert not entries("registry.enterprise.edited")

    @pytest.mark.parametrize("kind", OTHERS)
    def test_only_who_keeps_the_register_may(self, place, viewer_of, kind):
        with pytest.raises(Denied):
            edited(viewer_of(kind), place.enterprise, name="新名有限公司")
        assert Enterprise.objects.get(pk=place.enterprise.pk).name == "东昌府纺织有限公司"

    def test_a_clerk_of_another_area_may_not(self, place, viewer_of):
        with pytest.raises(Denied, match="outside your mandate"):
            edited(viewer_of("bureau_clerk@outside"), place.enterprise, name="新名有限公司")

    def test_nobody_takes_an_enterprise_from_an_area_that_is_not_theirs(self, place, viewer_of):
        with pytest.raises(Denied, match="outside your mandate"):
            edited(viewer_of("bureau_clerk@outside"), place.enterprise, managing_area=place.other_county)

    def test_one_that_was_moved_away_meanwhile_is_no_longer_theirs(self, place, viewer_of):
        seen = Enterprise.objects.select_related("managing_area").get(pk=place.enterprise.pk)
        Enterprise.objects.filter(pk=seen.pk).update(managing_area=place.other_county)
        with pytest.raises(Denied, match="outside your mandate"):
            edited(viewer_of("bureau_clerk"), seen, name="新名有限公司")
        assert Enterprise.objects.get(pk=seen.pk).name == "东昌府纺织有限公司"

    def test_the_code_of_another_is_refused_and_nothing_is_half_changed(self, place, viewer_of):
        with pytest.raises(ValidationError, match="in the register already"):
            edited(viewer_of("bureau_clerk"), place.enterprise, uscc=place.other.uscc, name="新名有限公司")
        stored = Enterprise.objects.get(pk=place.enterprise.pk)
        assert (stored.name, stored.uscc) == ("东昌府纺织有限公司", place.enterprise.uscc)
        assert not entries("registry.enterprise.edited")

    def test_it_cannot_be_established_after_it_was_closed(self, place, viewer_of):
        closed = factories.EnterpriseFactory(managing_area=place.county, closed_on=date(2019, 12, 31))
        with pytest.raises(ValidationError, match="cannot close before it is established"):
            edited(viewer_of("bureau_clerk"), closed, established_on=date(2020, 1, 1))


class TestPages:
    def ask(self, client_for, place, kind="bureau_clerk", **changes):
        area = changes.pop("managing_area", place.township)
        data = typed(place, managing_area=area.pk, established_on="2015-06-01") | changes
        return in_english(client_for(kind)).post(reverse("registry:new", args=[place.incident.slug]), data)

    def test_a_code_is_tidied_as_it_is_typed(self, place, client_for):
        spaced = f" {CODE[:2]}-{CODE[2:8]} {CODE[8:].lower()}"
        response = self.ask(client_for, place, uscc=spaced)
        made = Enterprise.objects.get(uscc=CODE)
        assert response["Location"] == reverse("registry:detail", args=[place.incident.slug, made.pk])

    def test_a_code_with_a_wrong_check_character_comes_back_with_the_reason(self, place, client_for):
        wrong = CODE[:-1] + ("0" if CODE[-1] != "0" else "1")
        response = self.ask(client_for, place, uscc=wrong)
        assert wrong in response.content.decode()
        assert "check character" in words_of(response).lower()
        assert not Enterprise.objects.filter(name="鲁西机械有限公司").exists()

    def test_a_code_that_is_there_already_comes_back_with_the_sentence(self, place, client_for):
        response = self.ask(client_for, place, uscc=place.enterprise.uscc)
        assert "This code is in the register already." in words_of(response)

    def test_a_day_of_foundation_in_the_future_is_refused(self, place, client_for):
        response = self.ask(client_for, place, established_on="2020-03-25")
        assert "This day lies in the future" in words_of(response)
        assert self.ask(client_for, place, established_on="2020-03-24").status_code == 302

    def test_areas_outside_the_mandate_are_not_offered_and_not_taken(self, place, client_for):
        page = in_english(client_for("bureau_clerk")).get(reverse("registry:new", args=[place.incident.slug]))
        offered = re.findall(r'<option value="(\d+)"', page.content.decode())
        assert {int(pk) for pk in offered} == {place.county.pk, place.township.pk}
        assert self.ask(client_for, place, managing_area=place.other_county).status_code == 422
        assert not Enterprise.objects.filter(uscc=CODE).exists()

    def test_an_area_that_is_abolished_is_not_offered(self, place, client_for):
        factories.AreaFactory(
            code="371502099", parent=place.county, level=AreaLevel.TOWNSHIP, valid_to=date(2020, 3, 23)
        )
        page = client_for("bureau_clerk").get(reverse("registry:new", args=[place.incident.slug]))
        assert page.content.decode().count("<option value=") == len(["empty", "county", "township"]) + 5  # kinds

    def test_the_form_of_a_change_shows_what_stands(self, place, client_for):
        url = reverse("registry:edit", args=[place.incident.slug, place.enterprise.pk])
        page = client_for("bureau_clerk").get(url).content.decode()
        assert f'value="{place.enterprise.uscc}"' in page
        assert 'value="2012-05-08"' in page

    def test_a_change_leads_back_to_the_enterprise(self, place, client_for):
        args = [place.incident.slug, place.enterprise.pk]
        data = typed(place, uscc=place.enterprise.uscc, managing_area=place.county.pk, established_on="2012-05-08")
        response = client_for("bureau_clerk").post(reverse("registry:edit", args=args), data)
        assert response["Location"] == reverse("registry:detail", args=args)
        assert Enterprise.objects.get(pk=place.enterprise.pk).name == data["name"]

    def test_the_page_marks_what_nobody_has_told(self, place, client_for):
        url = reverse("registry:detail", args=[place.incident.slug, place.enterprise.pk])
        words = words_of(in_english(client_for("commander")).get(url))
        assert "Address not filled in" in words
        assert place.enterprise.uscc in words
        assert "Nobody yet: without a reporter no report comes." in words

    def test_a_made_up_number_of_an_enterprise_is_not_found(self, place, client_for):
        client = client_for("bureau_clerk@city")
        for pk in (0, 10**6, 10**30):
            assert client.get(reverse("registry:detail", args=[place.incident.slug, pk])).status_code == 404


def test_the_console_covers_every_area(place):
    made = register_enterprise(actor=service_viewer("console"), values=typed(place, managing_area=place.other_county))
    assert made.managing_area == place.other_county


def test_a_form_without_a_code_that_is_sent_twice_enters_one_shop(place, viewer_of):
    key, clerk = uuid4(), viewer_of("bureau_clerk")
    first = register_enterprise(actor=clerk, values=typed(place, uscc=""), key=key)
    again = register_enterprise(actor=clerk, values=typed(place, uscc=""), key=key)
    other = register_enterprise(actor=clerk, values=typed(place, uscc=""), key=uuid4())
    assert first.pk == again.pk != other.pk
