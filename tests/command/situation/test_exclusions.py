"""Who is not counted is named wherever the count is: in the chain of an opened figure and in the bulletin."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import override

from fugong.command.situation.actions.bulletin_figures import unsaved_draft
from fugong.command.situation.logic.bulletin import exclusions
from fugong.command.situation.selectors.bulletins import document_for
from fugong.command.situation.web.tables import chain_of
from fugong.core.viewer import service_viewer
from tests import factories

DAY = date(2020, 3, 24)


def text_of(place) -> str:
    actor = service_viewer("tests")
    document = document_for(unsaved_draft(actor=actor, incident=place.incident, area=place.city, day=DAY))
    return "".join(getattr(block, "text", "") for block in document.body)


def test_the_chain_begins_with_the_register_and_adds_up():
    with override("en"):
        chain = chain_of({"open": 5, "closed": 2, "missing": 3}, {"moved_away": 1, "seasonal": 4})
        assert [(str(step["label"]), step["count"]) for step in chain[:3]] == [
            ("In the register", 15),
            ("Not counted", 5),
            ("Expected", 10),
        ]
        assert chain[1]["note"] == "closed for the season 4, moved away 1"
        assert chain[0]["count"] - chain[1]["count"] == chain[2]["count"]


def test_the_bulletin_names_exclusions_only_when_there_are_any(place):
    assert "不计入" not in text_of(place)
    factories.ScopeDecisionFactory(enterprise=place.other)
    assert "另有1家在业企业经认定不计入本通报各项数据（已迁出本地1家）。" in text_of(place)
    assert exclusions({"已迁出本地": 2, "季节性停产": 1}).endswith("（已迁出本地2家；季节性停产1家）。")


def test_the_opened_figure_shows_them(place, client_for):
    place.report()
    factories.ScopeDecisionFactory(enterprise=place.other, reason="seasonal")
    url = reverse("situation:figure", args=[place.incident.slug, "opening_rate"])
    page = client_for("commander@city").get(url)
    assert [step["count"] for step in page.context["chain"]] == [2, 1, 1, 0, 1, 0, 1]
    assert page.context["figure"]["denominator"] == 1
