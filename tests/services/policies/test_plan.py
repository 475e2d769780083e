"""What measures put into the plan of an enterprise."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.plans import plan_sources
from fugong.core.viewer import service_viewer
from fugong.services.policies.models import MeasureVersion, Standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("measures")]
SERVICE = service_viewer("tests")
DAY = date(2020, 3, 24)


def standing(place, version, **values) -> Standing:
    return Standing.objects.create(
        **{"version": version, "enterprise": place.enterprise, "verdict": "yes", "matched_at": clock.now()} | values
    )


@pytest.fixture
def asked(place):
    source = plan_sources["policies"]

    def ask():
        facts = source.facts(SERVICE, place.incident.pk, frozenset({place.enterprise.pk, place.other.pk}), DAY, {})
        come = source.progress(SERVICE, place.incident.pk, facts, DAY)
        return [(fact, come[fact.enterprise_id, fact.key]) for fact in facts]

    return ask


@pytest.fixture
def versions():
    found = [version for version in MeasureVersion.objects.begun_on(DAY) if not version.ended_by(DAY)]
    assert len(found) >= 6
    return found


def test_what_it_may_claim_worth_most_first_until_it_has_read_it(place, versions, asked):
    small = standing(place, versions[0], amount=Decimal(500))
    large = standing(place, versions[1], amount=Decimal(25000), told_at=clock.now())
    standing(place, versions[2], verdict="no")
    (first, come), (second, other) = asked()
    assert (first.key, second.key) == (
        f"measure:{versions[1].measure.code}",
        f"measure:{versions[0].measure.code}",
    )
    with translation.override("en"):
        words = plan_sources["policies"].words(first.key, first.figures)
    assert words.basis == "By its conditions entitled to 25,000 yuan"
    assert (come.percent, other.percent) == (50, 0)
    progress = plan_sources["policies"].progress
    Standing.objects.filter(pk=large.pk).update(opened_at=clock.now())
    Standing.objects.filter(pk=small.pk).update(verdict="no", amount=None)
    now = progress(SERVICE, place.incident.pk, [first, second], DAY)
    assert [now[place.enterprise.pk, fact.key].state for fact in (first, second)] == ["done", "over"]
    assert asked() == []


def test_no_more_than_what_fits_into_a_plan(place, versions, asked):
    for version in versions[:6]:
        standing(place, version)
    assert len(asked()) == 5


def test_for_a_service_alone(place, viewer_of):
    source, nobody = plan_sources["policies"], viewer_of("commander")
    with pytest.raises(OutOfScope):
        source.facts(nobody, place.incident.pk, frozenset(), DAY, {})
    with pytest.raises(OutOfScope):
        source.progress(nobody, place.incident.pk, [], DAY)
