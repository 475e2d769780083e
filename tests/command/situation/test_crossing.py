"""A figure crossed: sums equal totals, each cell opens to its own enterprises, nothing partial reads as the whole."""

from __future__ import annotations

import io
from datetime import date
from itertools import permutations

import openpyxl
import pytest
from django.urls import reverse

from fugong.base.audit.models import AuditEntry
from fugong.command.situation.logic.figures import total
from fugong.command.situation.logic.ratios import Ratio
from fugong.command.situation.selectors.crossing import ALL, DIMENSIONS, Asked, crossing
from fugong.command.situation.selectors.figures import figures_on
from fugong.core.decision import OutOfScope
from fugong.core.viewer import service_viewer
from fugong.record.registry.actions.traits import renew_traits
from fugong.record.registry.enums import FactKind
from fugong.record.registry.models import Enterprise
from fugong.record.reporting.actions.totals import Stated, state_total
from fugong.record.reporting.logic.totals import TotalValues
from tests import factories
from tests.tools import in_english, words_of

TODAY, BEFORE = date(2020, 3, 24), date(2020, 1, 1)


@pytest.fixture
def city(place):
    """Twelve enterprises over three areas, two industries, two tags, with and without facts."""
    areas = (place.township, place.other_county, place.zone, place.city)
    for number in range(12):
        one = factories.EnterpriseFactory(managing_area=areas[number % 4], name=f"厂{number:02d}")
        if number % 3:
            fact(one, FactKind.INDUSTRY, text="1711" if number % 2 else "5132")
            fact(one, FactKind.HEADCOUNT, number=10 * number)
            fact(one, FactKind.REVENUE, number=30_000_000)
            fact(one, FactKind.ABOVE_SCALE, text="yes" if number % 2 else "no")
        for tag in ("专精特新", "出口")[: number % 3]:
            fact(one, FactKind.TAG, text=tag)
        if number % 5:
            state = ("open", "partial", "closed")[number % 3]
            place.report(one, state=state, roster=10 + number, on_post=0 if state == "closed" else number)
    renew_traits(actor=service_viewer("tests"), enterprise_ids=Enterprise.objects.values_list("pk", flat=True))
    return place


def fact(enterprise, kind, **value):
    return factories.FactFactory(enterprise=enterprise, kind=kind, valid_from=BEFORE, **value)


@pytest.fixture
def crossed(city, console):
    return lambda area=None, **asked: crossing(console, city.incident, TODAY, area or city.city, Asked(**asked))


@pytest.mark.parametrize(("rows", "columns"), [pair for pair in permutations(DIMENSIONS, 2) if "tag" not in pair])
def test_rows_columns_and_cells_add_up_to_the_figure_of_the_board(crossed, city, console, rows, columns):
    for code in ("opening_rate", "return_rate", "above_scale_opening_rate"):
        found = crossed(code=code, rows=rows, columns=columns)
        figure = next(one for one in figures_on(console, city.incident, TODAY, city.city, parts=False)
                      if one.indicator.code == code)  # fmt: skip
        assert found.whole == figure.ratio != Ratio()
        for sums in (found.row_sums, found.column_sums, found.cells):
            assert total(sums.values()) == figure.ratio
        assert found.stated == Ratio()


def test_size_classes_stand_in_their_order_and_the_unknown_last(crossed):
    assert crossed(code="opening_rate", rows="size").row_keys == ["small", "micro", ""]


def test_the_sum_counts_an_enterprise_with_two_tags_once(crossed):
    found = crossed(code="opening_rate", rows="tag")
    assert not found.is_additive
    assert total(found.row_sums.values()).denominator > found.whole.denominator == 14
    assert found.row_keys[-1] == "", "those without a tag stand last"


def test_each_cell_opens_to_the_enterprises_that_make_it(crossed):
    found = crossed(code="return_rate", rows="area", columns="industry")
    for (row, column), ratio in found.cells.items():
        behind = found.behind(row, column)
        assert Ratio(sum(one.numerator for one in behind), sum(one.denominator for one in behind)) == ratio
    assert len(found.behind(ALL, ALL)) == 14
    assert {one.name for one in found.behind("371500-JK", ALL)} == {"厂02", "厂06", "厂10"}


def test_narrowed_to_a_trait_it_counts_these_alone_and_says_so(crossed, city, client_for):
    found = crossed(code="opening_rate", rows="area", only=(("scale", "yes"),))
    above = crossed(code="above_scale_opening_rate", rows="area")
    assert found.whole == above.whole
    assert found.cells == above.cells
    client, url = in_english(client_for("commander@city")), reverse("situation:crossing", args=[city.incident.slug])
    assert "Above scale: above scale" in words_of(client.get(url, {"by": "opening_rate", "scale": "yes"}))
    assert "above scale only" in words_of(client.get(url, {"by": "above_scale_opening_rate"}))


def test_a_value_that_nobody_has_narrows_nothing(crossed):
    assert crossed(code="opening_rate", only=(("industry", "ZZ"), ("tag", "没有"))).whole.denominator == 14


def test_what_bodies_state_as_totals_is_named_beside_the_cells(crossed, city, viewer_of):
    state_total(
        actor=viewer_of("bureau_clerk@city"), incident=city.incident, area=city.zone, day=TODAY,
        values=TotalValues(enterprises=50, enterprises_open=40), stated=Stated(source="经开区日报", counts=True),
    )  # fmt: skip
    found = crossed(code="opening_rate", rows="area", columns="industry")
    assert found.stated == Ratio(40, 50)
    assert found.whole + found.stated == found.figure.ratio
    assert "371500-JK" not in found.row_keys


def test_a_county_crosses_its_own_alone(city, viewer_of, client_for):
    viewer = viewer_of("commander@outside")
    found = crossing(viewer, city.incident, TODAY, city.other_county, Asked("opening_rate"))
    assert set(found.row_keys) == {"371503"}
    with pytest.raises(OutOfScope):
        crossing(viewer, city.incident, TODAY, city.county, Asked("opening_rate"))
    url = reverse("situation:crossing", args=[city.incident.slug])
    assert client_for("commander@outside").get(url, {"area": "371502"}).status_code == 404


NONSENSE = [
    {"by": "x", "rows": "x", "columns": "x"},
    {"rows": "tag", "columns": "tag"},
    {"row": "-", "column": "*"},
    {"row": "不存在", "column": "zz"},
    {"industry": "'\"><script>", "size": "9" * 999},
]


@pytest.mark.parametrize("query", NONSENSE)
def test_no_address_that_somebody_makes_up_breaks_it(city, client_for, query):
    response = client_for("commander@city").get(reverse("situation:crossing", args=[city.incident.slug]), query)
    assert response.status_code == 200
    assert "<script>" not in response.content.decode().replace('<script type="module"', "")


def test_too_many_for_one_page_are_refused_with_the_way_out(city, client_for, monkeypatch):
    monkeypatch.setattr("fugong.command.situation.selectors.crossing.COUNTED_AT_ONCE", 3)
    monkeypatch.setattr("fugong.command.situation.logic.limits.COUNTED_AT_ONCE", 3)
    url = reverse("situation:crossing", args=[city.incident.slug])
    assert "Choose a smaller area" in words_of(in_english(client_for("commander@city")).get(url))
    export = reverse("situation:crossing_export", args=[city.incident.slug])
    assert client_for("commander@city").post(export).status_code == 409
    assert not AuditEntry.objects.filter(verb="situation.crossing.exported").exists()


def test_the_workbook_holds_what_the_page_shows_and_is_on_record(city, client_for):
    export = reverse("situation:crossing_export", args=[city.incident.slug])
    response = in_english(client_for("commander@city")).post(f"{export}?by=opening_rate&rows=area&columns=scale")
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    rows = list(book["Crossing"].iter_rows(min_row=2, values_only=True))
    sums = [row for row in rows if row[1] == "Sum"]
    assert sums[-1][:4] == ("Sum", "Sum", sum(row[2] for row in sums[:-1]), 14)
    assert len(list(book["Enterprises"].iter_rows(min_row=2))) == 14
    (entry,) = AuditEntry.objects.filter(verb="situation.crossing.exported")
    assert (entry.detail["rows"], entry.detail["columns"]) == ("area", "scale")
