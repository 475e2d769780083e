"""The enterprise's phone pages: answers once, undecided becomes decided, why not, what if."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from fugong.base.audit.models import AuditEntry
from fugong.core import clock
from fugong.core.decision import Denied
from fugong.services.policies.actions.answering import answer_questions
from fugong.services.policies.logic.facts import facts
from fugong.services.policies.logic.questions import best_questions
from fugong.services.policies.models import EnterpriseAnswer, MeasureVersion, PolicyDocument
from fugong.services.policies.selectors.offers import offers_for
from fugong.services.policies.selectors.profiles import known_of
from tests import factories


@pytest.fixture
def reporter(viewer_of):
    return viewer_of("reporter@own")


def codes(offers) -> set[str]:
    return {offer.version.measure.code for offer in offers}


def test_only_what_binds_here_is_offered(measures, place, reporter):
    offers = offers_for(reporter, place.enterprise, clock.today())
    everything = codes([*offers.yes, *offers.unknown, *offers.no, *offers.titles, *offers.over])
    assert {"sd-hiring", "lc-job-refund", "social-premiums"} <= everything
    assert not {"bj-fees", "jn-carrier-rent", "sh-rent"} & everything
    assert codes(offers.titles) == {code for code in everything if code.startswith("lc-16-")} | {
        "sd-20-other", "lc-care-10", "lc-specialised", "lc-above-scale", "lc-technology",
    }  # fmt: skip


def test_two_answers_on_the_phone_turn_undecided_into_yes(measures, place, client_for):
    place.report(day=date(2020, 3, 2), state="open")
    browser = client_for("reporter@own")
    url = f"/my/measures/{place.enterprise.pk}/"
    before = browser.get(f"{url}m/sd-hiring/").content.decode()
    assert "待定" in before
    assert "复工后新招用并参保多少人？" in before
    answered = browser.post(
        f"{url}answer/", {"new_insured": "25", "granted_hiring": "no", "measure": "sd-hiring"}, follow=True
    )
    after = answered.content.decode()
    assert answered.redirect_chain[-1][0].endswith("/m/sd-hiring/")
    assert "可享受" in after
    assert "25,000元" in after
    assert "25人 × 1,000" in after
    assert "您：2020-03-02" in after
    assert "您的回答" in after
    assert "复工后新招用并参保多少人？" not in after, "asked once"


def test_no_says_which_condition_and_by_how_much(measures, place, client_for, reporter):
    place.report(day=date(2020, 3, 13), state="open")
    page = client_for("reporter@own").get(f"/my/measures/{place.enterprise.pk}/m/sd-hiring/").content.decode()
    assert "不符合" in page
    assert "差3天" in page
    assert "您：2020-03-13" in page


def test_money_without_a_published_rate_is_never_guessed(measures, place, client_for, reporter):
    answers = {"makes_masks": "yes", "equipment_cost": "3000000", "granted_equipment": "no"}
    answer_questions(actor=reporter, enterprise=place.enterprise, answers=answers)
    page = client_for("reporter@own").get(f"/my/measures/{place.enterprise.pk}/m/lc-mask-equipment/").content.decode()
    assert "最高1,000,000元" in page
    assert "补贴率未公布，金额算不出" in page
    used = page[page.index("用到的情况") :]
    assert facts()["granted_equipment"].label in used, "also what stands behind no other grant"


def test_an_answer_is_kept_with_who_and_when_and_a_correction_keeps_the_first(measures, place, reporter, set_clock):
    kept = answer_questions(actor=reporter, enterprise=place.enterprise, answers={"laid_off": "3"})
    assert answer_questions(actor=reporter, enterprise=place.enterprise, answers={"laid_off": "3"}) == kept
    answer_questions(actor=reporter, enterprise=place.enterprise, answers={"laid_off": "0"})
    rows = [(row.value, row.withdrawn_at is None, row.source) for row in EnterpriseAnswer.objects.order_by("pk")]
    assert rows == [("3", False, "enterprise"), ("0", True, "enterprise")]
    known = known_of(reporter, place.enterprise, clock.today())["laid_off"]
    assert (known.value, known.since) == (Decimal(0), clock.today())
    assert "laid_off" not in known_of(reporter, place.enterprise, clock.today() - timedelta(days=1))
    assert AuditEntry.objects.filter(verb="policies.question.answered").count() == 2


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("laid_off", "many"),
        ("laid_off", "-1"),
        ("laid_off", "1e99"),
        ("laid_off", "1e9999999"),
        ("laid_off", "1e-9999999"),
        ("laid_off", "1000000000000.01"),
        ("laid_off", "NaN"),
        ("vat_small", "maybe"),
        ("size", "small"),
        ("x", "1"),
    ],
)
def test_a_wrong_answer_is_refused(measures, place, reporter, fact, value):
    with pytest.raises(ValidationError):
        answers = {"vat_small": "yes", fact: value}
        answer_questions(actor=reporter, enterprise=place.enterprise, answers=answers)
    assert not EnterpriseAnswer.objects.exists()


def test_only_its_own_people_answer(measures, place, viewer_of):
    for kind in ("reporter@other", "bureau_clerk@outside", "administrator@in", "auditor@in"):
        with pytest.raises(Denied):
            answer_questions(actor=viewer_of(kind), enterprise=place.enterprise, answers={"laid_off": "0"})
    clerk = viewer_of("bureau_clerk@in")
    (told,) = answer_questions(actor=clerk, enterprise=place.enterprise, answers={"laid_off": "0"})
    assert told.source == "official"


def test_a_wrong_form_keeps_what_was_typed(measures, place, client_for):
    page = client_for("reporter@own").post(
        f"/my/measures/{place.enterprise.pk}/answer/", {"new_insured": "-5", "granted_hiring": "no"}
    )
    assert page.status_code == 422
    assert 'value="-5"' in page.content.decode()
    assert not EnterpriseAnswer.objects.exists()


def test_what_if_changes_nothing_but_says_what_would(measures, place, client_for):
    place.report(day=date(2020, 3, 2), state="open")
    for fact, value in {"granted_hiring": "no", "new_insured": "0"}.items():
        EnterpriseAnswer.objects.create(
            enterprise=place.enterprise, fact=fact, value=value, valid_from=clock.today(), source="enterprise",
            answered_by_name="李", answered_at=clock.now(),
        )  # fmt: skip
    page = client_for("reporter@own").get(f"/my/measures/{place.enterprise.pk}/what-if/?new_insured=7")
    text = page.content.decode()
    assert "7,000元" in text
    assert EnterpriseAnswer.objects.get(fact="new_insured").value == "0"


def test_expired_last_night_is_a_mark_and_never_an_offer(measures, place, reporter, client_for, set_clock):
    MeasureVersion.objects.filter(measure__code="sd-medical").update(valid_to=date(2020, 3, 23))
    offers = offers_for(reporter, place.enterprise, clock.today())
    assert codes(offers.over) == {"sd-medical"}
    assert "sd-medical" not in codes([*offers.yes, *offers.unknown, *offers.no])
    page = client_for("reporter@own").get(f"/my/measures/{place.enterprise.pk}/m/sd-medical/")
    assert "已过期" in page.content.decode()


def test_a_document_replaced_in_the_middle_of_a_month_ends_its_measures(measures, place, reporter):
    old = PolicyDocument.objects.get(code="sd-2020-employment")
    PolicyDocument.objects.filter(pk=old.pk).update(valid_to=date(2020, 3, 15))
    assert "sd-hiring" in codes(offers_for(reporter, place.enterprise, date(2020, 3, 16)).over)
    assert "sd-hiring" not in codes(offers_for(reporter, place.enterprise, date(2020, 3, 15)).over)


def test_two_versions_never_mix(measures, place, reporter):
    def social(day):
        offers = offers_for(reporter, place.enterprise, day)
        return offers.of("social-premiums").version.document.code

    assert social(date(2020, 6, 21)) == "rsb-2020-11"
    assert social(date(2020, 6, 22)) == "rsb-2020-49"


def test_the_two_questions_are_those_that_settle_most():
    missing = [{"laid_off", "insured_months"}, {"laid_off"}, {"loan_amount", "loan_due_on", "can_recover"}, {"size"}]
    best = best_questions(missing)
    assert set(best.names) == {"laid_off", "insured_months"}
    assert best.settles == 2
    assert best_questions([{"size"}, set()]).names == ()


def test_several_enterprises_are_chosen_from(measures, place, client_for):
    factories.GrantFactory(user=place.person("reporter@own"), enterprise=place.other, capacity="reporter")
    page = client_for("reporter@own").get("/my/measures/")
    assert place.other.name in page.content.decode()
