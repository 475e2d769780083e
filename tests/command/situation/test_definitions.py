"""What the figures mean and are to reach: read by every official, stated through forms, checked like a playbook."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from fugong.command.situation.actions.indicators import state_indicator
from fugong.command.situation.models import IncidentIndicator, IndicatorTarget
from fugong.command.situation.selectors.indicators import indicators_on
from fugong.command.situation.web.forms import DefinitionForm
from tests.tools import at_once, entries, in_english, words_of

TODAY = date(2020, 3, 24)


def url(place, name, *args):
    return reverse(f"situation:{name}", args=[place.incident.slug, *args])


def typed(place, code="return_rate", **changed):
    """What the form of a figure sends when somebody changes some of it."""
    like = next(one for one in indicators_on(place.incident, TODAY) if one.code == code)
    form = DefinitionForm(like=like)
    sent = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    every = sent | {"valid_from": "2020-03-24", "reason": "会议纪要第5号"} | changed
    return {name: value for name, value in every.items() if value not in ("", [], None)}


def test_every_official_reads_what_each_figure_means(place, client_for):
    words = words_of(in_english(client_for("team_lead")).get(url(place, "definitions")))
    for indicator in indicators_on(place.incident, TODAY):
        assert indicator.content["definition"]["en"] in words
    assert "Set a target" not in words


def test_the_definition_is_one_tap_from_the_figure(place, client_for):
    page = client_for("commander@city").get(url(place, "figure", "return_rate")).content.decode()
    assert f'href="{url(place, "definitions")}#return_rate"' in page


def test_a_further_figure_stands_on_the_board_beside_the_others(place, client_for):
    client = in_english(client_for("bureau_clerk@city"))
    place.report(roster=100, on_post=85)
    sent = typed(place, code="return_rate") | {
        "code": "textiles", "name_zh": "纺织返岗率", "name_en": "Return rate, textiles", "industries": "17，18",
        "left_out_tags": "停产", "left_out_because": "已停产", "as_of": "10:00",
    }  # fmt: skip
    response = client.post(url(place, "definition_new"), sent)
    assert response.status_code == 302, response.context and response.context["form"].errors
    stated = IncidentIndicator.objects.get()
    assert stated.content["scope"] == {"industries": ["17", "18"]}
    assert stated.content["exclusions"] == [{"tags": ["停产"], "reason": {"zh": "已停产", "en": "已停产"}}]
    assert stated.content["as_of"] == "10:00"
    words = words_of(client.get(url(place, "board")))
    assert "Return rate, textiles" in words
    assert "Return rate 85.00 %" in words, "the other definition of the day is not overwritten"
    assert entries("situation.indicator.stated")


def test_a_changed_figure_keeps_what_the_form_has_no_field_for(place, client_for):
    client = client_for("commander@city")
    # Another code would be another figure; it is not taken.
    sent = typed(place, places="1") | {"code": "other"}
    assert client.post(url(place, "definition_change", "return_rate"), sent).status_code == 302
    content = IncidentIndicator.objects.get().content
    known = next(one for one in indicators_on(place.incident, date(2020, 3, 23)) if one.code == "return_rate")
    assert (content["code"], content["places"]) == ("return_rate", 1)
    assert content["sentence"] == known.content["sentence"]
    assert known.places == 2, "the day before keeps its definition"


def test_a_change_elsewhere_leaves_scope_and_exclusions_word_for_word(place, client_for, viewer_of):
    known = next(one for one in indicators_on(place.incident, TODAY) if one.code == "return_rate")
    content = known.content | {
        "scope": {"areas": [place.county.code]},
        "exclusions": [
            {"tags": ["停产"], "reason": {"zh": "已停产", "en": "Out of business"}},
            {"tags": ["搬迁"], "reason": {"zh": "搬迁中", "en": "Moving"}},
        ],
    }
    state_indicator(
        actor=viewer_of("commander@city"), incident=place.incident, content=content, valid_from=TODAY, reason="只看本县"
    )
    sent = typed(place, places="1")
    assert client_for("commander@city").post(url(place, "definition_change", "return_rate"), sent).status_code == 302
    changed = IncidentIndicator.objects.latest("pk").content
    assert changed["places"] == 1
    assert changed["scope"] == content["scope"]
    assert changed["exclusions"] == content["exclusions"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"code": "Rate 1"}, "code"),
        ({"industries": "ZZ"}, None),
        ({"base": "normal", "metric": "opening"}, "base"),
        ({"valid_from": "2020-04-01"}, "valid_from"),
        ({"valid_from": "1999-01-01"}, "valid_from"),
        ({"reason": " "}, "reason"),
        ({"left_out_tags": "停产"}, "left_out_because"),
        ({"name_en": ""}, "name_en"),
        ({"places": "9"}, "places"),
    ],
)
def test_what_cannot_be_counted_is_refused_beside_its_field(place, client_for, changed, field):
    response = client_for("commander@city").post(url(place, "definition_new"), typed(place) | {"code": "x1"} | changed)
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert set(errors) == ({field} if field else {"__all__"}), errors
    assert not IncidentIndicator.objects.exists()


def test_a_target_is_set_for_an_area_and_ended_again(place, client_for):
    client = in_english(client_for("commander"))
    where = url(place, "target_new", "return_rate") + "?area=371502"
    sent = {"value": "88.5", "valid_from": "2020-03-24", "source": "指挥部第7号通知"}
    assert client.post(where, sent).status_code == 302
    words = words_of(client.get(url(place, "definitions")))
    assert "Target 88.5%" in words
    assert "指挥部第7号通知" in words
    assert client.post(where, sent | {"value": ""}).status_code == 302
    assert "Target —" in words_of(client.get(url(place, "definitions")))
    assert IndicatorTarget.objects.count() == 2


@pytest.mark.parametrize("value", ["-1", "abc", "1e9", "NaN", "99999999999"])
def test_a_target_that_is_no_number_is_refused(place, client_for, value):
    sent = {"value": value, "valid_from": "2020-03-24", "source": "x"}
    assert client_for("commander@city").post(url(place, "target_new", "return_rate"), sent).status_code == 422
    assert not IndicatorTarget.objects.exists()


def test_a_figure_ends_and_the_last_one_does_not(place, client_for):
    client = client_for("commander@city")
    codes = [one.code for one in indicators_on(place.incident, TODAY)]
    for code in codes[:-1]:
        sent = {"valid_from": "2020-03-24", "reason": "不再使用"}
        assert client.post(url(place, "definition_end", code), sent).status_code == 302
    response = client.post(url(place, "definition_end", codes[-1]), {"valid_from": "2020-03-24", "reason": "不再使用"})
    assert response.status_code == 422
    assert [one.code for one in indicators_on(place.incident, TODAY)] == codes[-1:]


@pytest.mark.django_db(transaction=True)
def test_two_who_set_a_target_at_once_are_both_on_record_and_one_holds(place, client_for):
    clients = [client_for("commander@city"), client_for("bureau_clerk@city")]
    where = url(place, "target_new", "return_rate")

    def set_to(number):
        sent = {"value": str(80 + number), "valid_from": "2020-03-24", "source": f"文{number}"}
        return clients[number].post(where, sent).status_code

    assert at_once(lambda: set_to(0), lambda: set_to(1)) == [302, 302]
    latest = IndicatorTarget.objects.latest("pk")
    words = words_of(in_english(clients[0]).get(url(place, "definitions")))
    assert f"Target {latest.value.normalize():f}%" in words
    assert IndicatorTarget.objects.count() == len(entries("situation.target.set")) == 2
