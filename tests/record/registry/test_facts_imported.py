"""Facts in the columns of a register file, and the register printed with them."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from fugong.core.viewer import service_viewer
from fugong.record.registry.actions.imports import import_enterprises
from fugong.record.registry.enums import FactKind
from fugong.record.registry.logic.uscc import compose_code
from fugong.record.registry.models import Enterprise, EnterpriseFact
from tests import factories

CONSOLE = service_viewer("tests")
CODE, OTHER = compose_code("371502", "MA3ABCD1"), compose_code("371502", "MA3ABCD2")
HEADER = "企业名称,统一社会信用代码,从业人数,所属行业,营业收入（万元）,是否规上,数据日期"


@pytest.fixture
def imported(place, tmp_path):
    def bring_in(*rows: str, header: str = HEADER):
        path = tmp_path / "register.csv"
        path.write_text("\n".join([header, *rows]), encoding="utf-8")
        return import_enterprises(actor=CONSOLE, path=path)

    return bring_in


def facts(code: str) -> dict[str, tuple[str, object]]:
    rows = EnterpriseFact.objects.standing().filter(enterprise__uscc=code)
    return {fact.kind: (fact.valid_from.isoformat(), fact.value) for fact in rows}


def test_columns_become_facts_of_the_day_that_the_row_gives(imported):
    outcome = imported(f"甲有限公司,{CODE},350人,纺织业,2500,是,2019-12-31", f"乙有限公司,{OTHER},20,C1711,,,")
    assert (outcome.new, outcome.refused, outcome.warnings) == (2, [], [])
    assert facts(CODE) == {
        "headcount": ("2019-12-31", 350),
        "industry": ("2019-12-31", "17"),
        "revenue": ("2019-12-31", 25_000_000),
        "above_scale": ("2019-12-31", "yes"),
    }
    assert facts(OTHER) == {"headcount": ("2020-03-24", 20), "industry": ("2020-03-24", "1711")}


def test_a_fact_that_cannot_be_read_is_warned_and_the_enterprise_comes_in(imported):
    outcome = imported(f"甲有限公司,{CODE},350,绿色产业,很多,也许,2019-12-31")
    assert (outcome.new, outcome.refused) == (1, [])
    assert [(issue.row, issue.column) for issue in outcome.warnings] == [
        (2, "所属行业"),
        (2, "营业收入（万元）"),
        (2, "是否规上"),
    ]
    assert set(facts(CODE)) == {"headcount"}


def test_the_same_file_again_states_nothing_new(imported):
    row = f"甲有限公司,{CODE},350,纺织业,2500,是,"
    imported(row)
    first = set(EnterpriseFact.objects.values_list("pk", flat=True))
    imported(row)
    assert set(EnterpriseFact.objects.values_list("pk", flat=True)) == first


def exported(*arguments: str) -> list[dict]:
    out = StringIO()
    call_command("export_enterprises", "--json", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_register_is_printed_a_line_each(imported, place):
    imported(f"甲有限公司,{CODE},350,纺织业,2500,是,2019-12-31", f"乙分公司,{OTHER},20,C1711,,,")
    Enterprise.objects.filter(uscc=CODE).update(capital_amount=3_000_000, capital_currency="CNY")
    rows = {row["name"]: row for row in exported()}
    assert rows["甲有限公司"] == {
        "uscc": CODE,
        "name": "甲有限公司",
        "kind": "enterprise",
        "registered_area": "371502",
        "managing_area": "371502",
        "capital_amount": 3_000_000,
        "capital_currency": "CNY",
        "size": "medium",
        "above_scale": True,
    }
    branch = rows["乙分公司"]
    assert (branch["kind"], branch["size"], branch["above_scale"]) == ("branch", None, None)
    assert branch["capital_amount"] is branch["capital_currency"] is None
    assert [row["name"] for row in exported("--area", "371503")] == [place.other.name]
    assert {row["name"]: row["size"] for row in exported("--on", "2019-12-30")}["甲有限公司"] is None
    with pytest.raises(CommandError):
        exported("--area", "999999")


def test_unknown_is_null_and_a_merged_one_is_not_printed(place):
    factories.FactFactory(enterprise=place.enterprise, kind=FactKind.ABOVE_SCALE, text="no")
    Enterprise.objects.filter(pk=place.other.pk).update(merged_into=place.enterprise, merged_at="2020-03-24T00:00Z")
    (row,) = exported()
    assert (row["uscc"], row["size"], row["above_scale"]) == (place.enterprise.uscc, None, False)
