"""Set-wise and row-wise answers agree; a published measure finds its enterprises and tells each once."""

from __future__ import annotations

import os
import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from fugong.base.notifications.models import Message
from fugong.core import clock
from fugong.core.bulk import all_rows, copy_rows, execute
from fugong.core.decision import Denied
from fugong.core.viewer import service_viewer
from fugong.record.registry.enums import FactKind
from fugong.record.registry.models import Enterprise
from fugong.services.policies.actions import answering, matching
from fugong.services.policies.actions.answering import answer_questions
from fugong.services.policies.actions.matching import match_versions, publish_version, tell_entitled
from fugong.services.policies.actions.reading import note_opened
from fugong.services.policies.logic.compiling import answers_query, profile_columns, profile_row, profile_table
from fugong.services.policies.logic.deciding import decide
from fugong.services.policies.logic.facts import MOST, Fact, facts
from fugong.services.policies.logic.parsing import read_rule
from fugong.services.policies.models import MeasureVersion, Standing
from fugong.services.policies.selectors.catalogue import funnel_of
from fugong.services.policies.selectors.offers import offers_for
from fugong.services.policies.selectors.profiles import known_of
from fugong.services.policies.tasks import match
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
        whole = Decimal(chance.choice([0, 1, 2, 3, 30, 1000, 10_000_000, 50_000_000, 100_000_000]))
        return max(whole + Decimal(chance.choice(["0", "0", "0.01", "-0.01"])), Decimal(0))
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
    answers = {"new_insured": "25", "granted_hiring": "no"}
    answer_questions(actor=reporter, enterprise=place.enterprise, answers=answers)
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
    answer_questions(actor=viewer_of("reporter@own"), enterprise=place.enterprise, answers={"new_insured": "30"})
    assert Standing.objects.get(version=hiring, enterprise=place.enterprise).amount == 30000
    answer_questions(actor=viewer_of("reporter@own"), enterprise=place.enterprise, answers={"granted_hiring": "yes"})
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


def test_several_answers_decide_every_measure_once(hiring, place, viewer_of, monkeypatch):
    match_versions(actor=SERVICE, versions=[hiring], day=clock.today())
    renewed = []
    monkeypatch.setattr(answering, "renew_standings", lambda **said: renewed.append(said["enterprise"]))
    answers = {"new_insured": "30", "laid_off": "2", "granted_hiring": "no"}
    rows = answer_questions(actor=viewer_of("reporter@own"), enterprise=place.enterprise, answers=answers)
    assert {row.fact: row.value for row in rows} == answers
    assert renewed == [place.enterprise]
    answer_questions(actor=viewer_of("reporter@own"), enterprise=place.enterprise, answers=answers)
    assert renewed == [place.enterprise], "the same again decides nothing anew"


def test_an_answer_locks_in_the_order_of_the_match_before_it_writes(hiring, place, viewer_of):
    match_versions(actor=SERVICE, versions=list(all_published()), day=clock.today())
    with CaptureQueriesContext(connection) as queries:
        answer_questions(actor=viewer_of("reporter@own"), enterprise=place.enterprise, answers={"new_insured": "30"})
    said = [one["sql"] for one in queries]
    locked = next(number for number, sql in enumerate(said) if '"policies_standing"' in sql and "FOR UPDATE" in sql)
    written = next(number for number, sql in enumerate(said) if sql.startswith('UPDATE "policies_standing"'))
    assert locked < written
    assert 'ORDER BY "policies_policydocument"."area_id" ASC, "policies_standing"."version_id" ASC' in said[locked]


def all_published():
    return MeasureVersion.objects.published().select_related("measure", "document__area").order_by("-pk")


def test_the_greatest_numbers_are_matched_and_answered_alike(hiring, place, viewer_of):
    """What one enterprise answers cannot stop the match of all measures."""
    amount = {"times": [{"fact": "new_insured"}, {"fact": "loan_amount"}, "1000000000000"]}
    rule = {"lines": [{"name": {"zh": name, "en": name}, "amount": amount} for name in "甲乙"]}
    MeasureVersion.objects.filter(pk=hiring.pk).update(rule=rule)
    hiring.refresh_from_db()
    most = {"new_insured": str(MOST), "loan_amount": str(MOST - Decimal("0.01"))}
    answer_questions(actor=viewer_of("reporter@own"), enterprise=place.enterprise, answers=most)
    match_versions(actor=SERVICE, versions=[hiring], day=clock.today())
    matched = Standing.objects.get(version=hiring, enterprise=place.enterprise).amount
    assert matched == Decimal("1999999999999980000000000000000000000.00")
    offer = offers_for(viewer_of("reporter@own"), place.enterprise, clock.today()).of("sd-hiring")
    assert offer.decision.total == matched
    Standing.objects.filter(version=hiring).update(verdict="unknown", amount=None)
    matching.renew_standings(actor=viewer_of("reporter@own"), enterprise=place.enterprise)
    assert Standing.objects.get(version=hiring, enterprise=place.enterprise).amount == matched


def test_a_number_of_the_register_beyond_all_bounds_is_unknown(hiring, place, viewer_of):
    factories.FactFactory(
        enterprise=place.enterprise, kind=FactKind.REVENUE, number=Decimal(10) ** 17, valid_from=date(2020, 1, 1)
    )
    assert "revenue" not in known_of(viewer_of("reporter@own"), place.enterprise, clock.today())


@pytest.mark.parametrize("over", [{"deadline_on": date(2020, 3, 23)}, {"valid_to": date(2020, 3, 23)}])
def test_nobody_is_told_of_what_is_over(hiring, place, set_clock, over):
    place.person("reporter@own")
    match_versions(actor=SERVICE, versions=[hiring], day=clock.today())
    MeasureVersion.objects.filter(pk=hiring.pk).update(**over)
    set_clock("2020-03-24T08:30:00+08:00")
    late = published("sd-hiring")
    assert tell_entitled(actor=SERVICE, version=late) == 0
    assert not Message.objects.filter(kind="policies.entitled").exists()
    MeasureVersion.objects.filter(pk=hiring.pk).update(**dict.fromkeys(over, date(2020, 3, 24)))
    assert tell_entitled(actor=SERVICE, version=published("sd-hiring")) == 1, "its last day still counts"


def test_a_batch_reads_the_reporters_of_its_own_enterprises_only(hiring, place, monkeypatch):
    MeasureVersion.objects.filter(pk=hiring.pk).update(rule={})
    hiring.refresh_from_db()
    for enterprise in [place.enterprise, *(factories.EnterpriseFactory(managing_area=place.zone) for _ in range(2))]:
        factories.GrantFactory(enterprise=enterprise, capacity="reporter")
    match_versions(actor=SERVICE, versions=[hiring], day=clock.today())
    asked, reporters = [], matching.reporters_among

    def counted(viewer, ids, on):
        asked.append(len(list(ids)))
        return reporters(viewer, ids, on)

    monkeypatch.setattr(matching, "reporters_among", counted)
    told = [tell_entitled(actor=SERVICE, version=hiring, size=2) for _batch in range(3)]
    assert sum(told) == 3
    assert max(asked) == 2
    assert Standing.objects.filter(version=hiring, verdict="yes", told_at__isnull=True).count() == 2, "without reporter"


@pytest.mark.parametrize("how", ["closed", "merged", "moved away"])
def test_who_is_gone_is_entitled_no_more(hiring, place, viewer_of, how):
    match_versions(actor=SERVICE, versions=[hiring], day=clock.today())
    assert Standing.objects.get(version=hiring, enterprise=place.enterprise).verdict == "yes"
    gone = {
        "closed": {"closed_on": clock.today()},
        "merged": {"merged_into": place.other, "merged_at": clock.now()},
        "moved away": {"managing_area": factories.AreaFactory()},
    }[how]
    Enterprise.objects.filter(pk=place.enterprise.pk).update(**gone)
    match_versions(actor=SERVICE, versions=[hiring], day=clock.today())
    row = Standing.objects.get(version=hiring, enterprise=place.enterprise)
    assert (row.verdict, row.amount, row.excluding) == ("no", None, None)
    if how == "closed":
        enterprise = Enterprise.objects.get(pk=place.enterprise.pk)
        answer_questions(actor=viewer_of("reporter@own"), enterprise=enterprise, answers={"new_insured": "30"})
        assert Standing.objects.get(pk=row.pk).verdict == "no", "an answer brings nobody back"
    assert funnel_of(SERVICE, hiring).yes == 0


def test_the_job_of_a_loaded_catalogue_matches_what_holds_and_tells(hiring, place, set_clock):
    place.person("reporter@own")
    set_clock("2020-07-01T08:00:00+08:00")
    match()
    matched = set(Standing.objects.values_list("version", flat=True).distinct())
    old, new = MeasureVersion.objects.filter(measure__code="social-premiums").order_by("valid_from")
    assert new.pk in matched
    assert old.pk not in matched, "a later version stands in its place"
    match(old.pk)
    assert not Standing.objects.filter(version=old).exists()
    assert Message.objects.filter(kind="policies.entitled").exists()
