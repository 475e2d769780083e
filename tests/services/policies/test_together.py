"""Two devices of one enterprise answer at the same time: both answers decide."""

from __future__ import annotations

from datetime import date

import pytest

from fugong.core import clock
from fugong.core.viewer import service_viewer
from fugong.services.policies.actions.answering import answer_questions
from fugong.services.policies.actions.matching import match_versions
from fugong.services.policies.models import MeasureVersion, Standing
from tests.tools import Race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("one", "other", "amount"),
    [
        ({"new_insured": "25"}, {"granted_hiring": "no"}, 25_000),
        ({"new_insured": "25"}, {"granted_hiring": "no", "new_insured": "30"}, 30_000),
    ],
)
def test_answers_at_once_decide_together(measures, place, viewer_of, one, other, amount):
    place.report(day=date(2020, 3, 2), state="open")
    rows = MeasureVersion.objects.published().select_related("measure", "document__area")
    hiring = rows.get(measure__code="sd-hiring")
    match_versions(actor=service_viewer("tests"), versions=[hiring], day=clock.today())
    reporter = viewer_of("reporter@own")
    done = Race().run(
        lambda: answer_questions(actor=reporter, enterprise=place.enterprise, answers=one),
        lambda: answer_questions(actor=reporter, enterprise=place.enterprise, answers=other),
    )
    assert [{row.fact: row.value for row in answers} for answers in done] == [one, other]
    row = Standing.objects.get(version=hiring, enterprise=place.enterprise)
    assert (row.verdict, row.amount) == ("yes", amount)
