"""Set-wise and row-wise answers agree; a published measure finds its enterprises and tells each once."""

from __future__ import annotations

import os
import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from fugong.base.notifications.models import Message
from fugong.core import clock
from fugong.core.bulk import all_rows, copy_rows, execute
from fugong.core.decision import Denied
from fugong.core.viewer import service_viewer
from fugong.services.policies.actions.answering import answer_question
from fugong.services.policies.actions.matching import match_versions, publish_version, tell_entitled
from fugong.services.policies.actions.reading import note_opened
from fugong.services.policies.logic.compiling import answers_query, profile_columns, profile_row, profile_table
from fugong.services.policies.logic.deciding import decide
from fugong.services.policies.logic.facts import Fact, facts
from fugong.services.policies.logic.parsing import read_rule
from fugong.services.policies.models import MeasureVersion, Standing
from fugong.services.policies.selectors.catalogue import funnel_of
from tests import factories
from tests.services.policies.firms import CATALOGUE, rule_of

SERVICE = service_viewer("tests")
DATES = [date(2020, 3, 10), date(2020, 4, 30), date(2020, 7, 1)]
# The whole of it (10,000 firms) takes minutes: FUGONG_FIRMS=10000.
FIRMS = int(os.environ.get("FUGONG_FIRMS", "300"))
CODES = {
    "area": ["371502001", "371500-JK", "420100", "110105", "370105", "440303", "510104", "37", "350200", "330106"],
    "industry": ["1711", "17", "C", "2770", "27", "51", "A", "3451", "36", "B"],
}
# What the rules of every form need beyond those of the real measures.
FORMS = [
    {"when": {"share": [{"fact": "laid_off"}, {"fact": "insured_2019"}], "at_most": "0.055"}},
    {
        "when": {
            "any": [
                {"not": {"fact": "tags", "has": "甲'乙%"}},
                {"fact": "industry", "begins_with": ["27", "C17", "36"]},
            ]
        }
    },
    {"when": {"value": {"minus": [{"fact": "roster"}, {"fact": "headcount"}]}, "above": -5, "below": 5}},
    {
        "lines": [
            {
                "name": {"zh": "甲", "en": "A"},
                "amount": {"greatest": [{"times": [{"fact": "headcount"}, "33.335"]}, {"fact": "revenue"}]},
                "cap": 5000,
            },
            {
                "name": {"zh": "乙", "en": "B"},
                "amount": {
                    "by": "resumed_on",
                    "steps": [{"from": "2020-02-10", "give": 7}, {"from": "2020-03-02", "give": 9}],
                },
                "when": {"fact": "state_owned", "is": False},
            },
            {"name": {"zh": "丙", "en": "C"}, "amount": {"minus": [100, {"fact": "headcount"}]}},
            {"name": {"zh": "丁", "en": "D"}, "amount": {"least": [{"fact": "assets"}, 12]}},
        ],
        "cap": 6000,
    },
]


def _value(fact: Fact, chance: random.Random):
    if fact.type in ("number", "money"):
        return Decimal(chance.choice([0, 1, 2, 3, 30, 1000, 10_000_000, 50_000_000, 100_000_000])) + Decimal(
            chance.choice(["0", "0", "0.01", "-0.01"])
        ).max(Decimal(0))
    if fact.type == "date":
        days = [date(2020, 1, 25), date(2020, 2, 10), date(2020, 3, 10), date(2020, 3, 31), date(2020, 6, 30)]
        return chance.choice(days) + timedelta(days=chance.choice([-1, 0, 0, 1]))
    if fact.type == "yes_no":
        return chance.random() < 0.6
    if fact.type == "tags":
        return frozenset(chance.sample(["甲'乙%", "b", "c"], chance.randint(0, 2)))
    return chance.choice(fact.choices or CODES[fact.name])


def _random_firms(number: int) -> list[dict]:
    chance = random.Random(20200324)
    return [
        {name: _value(fact, chance) for name, fact in facts().items() if chance.random() < 0.7} for _ in range(number)
    ]


def test_set_wise_and_row_wise_agree_for_every_measure(db):
    """Verdict, amount and excluding condition, unknown included, for random firms × all measures × 3 dates."""
    firms = _random_firms(FIRMS)
    rules = [(version.code, rule_of(version)) for version in CATALOGUE.versions if version.rule is not None]
    rules += [(f"form {number}", read_rule(form)) for number, form in enumerate(FORMS)]
    seen: set[str] = set()
    with transaction.atomic():
        execute(profile_table("firms"))
        copy_rows("firms", profile_columns(), (profile_row(pk, firm) for pk, firm in enumerate(firms)))
        for code, rule in rules:
            for day in DATES:
                answered = all_rows(answers_query(rule, day, "firms").replace("%", "%%") + " ORDER BY enterprise_id")
                assert len(answered) == len(firms)
                for pk, verdict, amount, excluding in answered:
                    decision = decide(rule, firms[pk], day)
                    first_no = next((n for n, one in enumerate(decision.conditions) if one.answer is False), None)
                    said = (str(decision.verdict), decision.total, first_no if decision.verdict == "no" else None)
                    assert (verdict, amount, excluding) == said, (code, day, firms[pk])
                    seen.add(verdict)
    assert seen == {"yes", "no", "unknown"}


def published(code: str) -> MeasureVersion:
    rows = MeasureVersion.objects.published().filter(measure__code=code).select_related("measure", "document__area")
    return rows.order_by("valid_from").first()


@pytest.fixture
def hiring(measures, place, viewer_of):
    """The hiring subsidy; one enterprise is entitled, the other reopened too late, a third says nothing."""
    reporter = viewer_of("reporter@own")
    place.report(day=date(2020, 3, 2), state="open")
    for fact, value in {"new_insured": "25", "granted_hiring": "no"}.items():
        answer_question(actor=reporter, enterprise=place.enterprise, fact=fact, value=value)
    place.report(place.other, day=date(2020, 3, 11), state="open")
    factories.EnterpriseFactory(managing_area=place.zone)
    return published("sd-hiring")


def test_publication_matches_everybody_to_the_funnel(hiring, place, viewer_of):
    assert match_versions(actor=SERVICE, versions=[hiring], day=clock.today()) == 3
    funnel = funnel_of(viewer_of("commander@city"), MeasureVersion.objects.get(pk=hiring.pk))
    assert (funnel.yes, funnel.no, funnel.unknown, funnel.told) == (1, 1, 1, 0)
    assert funnel.money == 25000
    assert funnel.excluding == ((1, 1),), "resumed too late: the second condition after the place"
    assert funnel.as_of == clock.today()
    county = funnel_of(viewer_of("commander@in"), hiring)
    assert (county.yes, county.no, county.unknown) == (1, 0, 0), "only what the viewer covers"


def test_each_is_told_once_also_after_another_match(hiring, place, viewer_of):
    place.person("reporter@own")
    for _again in range(3):
        match_versions(actor=SERVICE, versions=[hiring], day=clock.today())
        while tell_entitled(actor=SERVICE, version=hiring):
            pass
    messages = Message.objects.filter(kind="policies.entitled")
    assert messages.count() == 1
    assert "25,000元" in messages.get().text
    assert Standing.objects.get(version=hiring, verdict="yes").told_at is not None
    assert not Standing.objects.filter(told_at__isnull=False).exclude(verdict="yes").exists()


def test_an_answer_moves_the_enterprise_in_the_funnel(hiring, place, viewer_of):
    match_versions(actor=SERVICE, versions=[hiring], day=clock.today())
    answer_question(actor=viewer_of("reporter@own"), enterprise=place.enterprise, fact="new_insured", value="30")
    assert Standing.objects.get(version=hiring, enterprise=place.enterprise).amount == 30000
    answer_question(actor=viewer_of("reporter@own"), enterprise=place.enterprise, fact="granted_hiring", value="yes")
    row = Standing.objects.get(version=hiring, enterprise=place.enterprise)
    assert (row.verdict, row.amount, row.excluding) == ("no", None, 3)


def test_an_opened_measure_counts_once_for_an_enterprise(hiring, place, client_for, viewer_of):
    match_versions(actor=SERVICE, versions=[hiring], day=clock.today())
    url = f"/my/measures/{place.enterprise.pk}/m/sd-hiring/opened/"
    for _again in range(2):
        assert client_for("reporter@own").post(url).status_code == 204
    assert funnel_of(viewer_of("commander@city"), hiring).opened == 1
    assert note_opened(actor=viewer_of("reporter@own"), enterprise=place.enterprise, code="sd-hiring") is False


def test_a_draft_is_published_once_and_by_its_keeper(measures, place, viewer_of):
    old = published("sd-hiring")
    draft = MeasureVersion.objects.create(
        measure=old.measure, document=old.document, valid_from=clock.today(), competent_body="市人社局",
        text_state="full", rule={}, entered_at=clock.now(), entered_by_name="王",
    )  # fmt: skip
    for kind in ("commander@city", "bureau_clerk@in", "reporter@own"):
        with pytest.raises(Denied):
            publish_version(actor=viewer_of(kind), version=draft)
    publish_version(actor=viewer_of("bureau_clerk@city"), version=draft)
    publish_version(actor=viewer_of("bureau_clerk@city"), version=draft)
    twin = MeasureVersion.objects.create(
        measure=old.measure, document=old.document, valid_from=clock.today(), competent_body="市人社局",
        text_state="full", rule={}, entered_at=clock.now(), entered_by_name="王",
    )  # fmt: skip
    with pytest.raises(ValidationError):
        publish_version(actor=viewer_of("bureau_clerk@city"), version=twin)
