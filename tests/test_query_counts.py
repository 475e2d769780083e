"""How many statements the heavy pages take. The numbers are committed: a change of one is read in the diff.

FUGONG_UPDATE_COUNTS=1 rewrites them. Sessions and sign-in are part of each count, as they are of each request.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fugong.core.registries import tickers
from fugong.core.viewer import service_viewer
from fugong.record.liaison.actions.plans import draft_plans
from fugong.record.registry.selectors.enterprises import enterprises_for
from tests import factories

COUNTS = Path(__file__).with_name("query_counts.json")
UPDATE = os.environ.get("FUGONG_UPDATE_COUNTS") == "1"
MOST, MOST_OF_A_LIST = 12, 8
MOST_OF_A_PLAN = 13  # five rooms are asked for their facts, each once
# One per measure for the same hour of the day before, which is in no rollup; the board remembers them by version. Three
# look up the enterprises of few areas, so that a township of a large register is counted without reading it.
MOST_OF_FIGURES = 26
LISTS = {
    "registry:list",
    "reporting:history",
    "headquarters:directives",
    "headquarters:meetings",
    "headquarters:bodies",
}


def checked_import(place) -> list:
    """An import of the clerk, checked and waiting for the confirmation."""
    run = factories.ImportRunFactory(actor_id=place.person("bureau_clerk@in").pk, state="checked")
    return [place.incident.slug, run.kind, run.pk]


def _bulletin(place) -> list:
    return [place.incident.slug, factories.drafted_bulletin(place, place.city).pk]


def _answered_form(place) -> list:
    version = factories.FormVersionFactory()
    factories.ResponseFactory.create_batch(3, version=version, area=place.township)
    return [version.form.code]


PAGES = {
    "questionnaires:forms": ("commander@city", lambda place: _answered_form(place)[:0]),
    "questionnaires:answers": ("commander@city", _answered_form),
    "registry:list": ("bureau_clerk", lambda place: [place.incident.slug]),
    "registry:detail": ("bureau_clerk", lambda place: [place.incident.slug, place.enterprise.pk]),
    "registry:proposals": ("bureau_clerk", lambda place: [place.incident.slug]),
    "registry:moves": ("bureau_clerk", lambda place: [place.incident.slug]),
    "incidents:areas": ("bureau_clerk", lambda place: [place.incident.slug]),
    "imports:start": ("bureau_clerk", lambda place: [place.incident.slug, "enterprises"]),
    "imports:run": ("bureau_clerk@in", checked_import),
    "situation:board": ("commander@city", lambda place: [place.incident.slug]),
    "situation:figure": ("commander@city", lambda place: [place.incident.slug, "opening_rate"]),
    "situation:crossing": ("commander@city", lambda place: [place.incident.slug]),
    "situation:definitions": ("commander@city", lambda place: [place.incident.slug]),
    "situation:wall": ("commander@city", lambda place: [place.incident.slug]),
    "situation:bulletin": ("commander@city", lambda place: [place.incident.slug]),
    "situation:bulletin_page": ("commander@city", _bulletin),
    "situation:bulletin_figure": ("commander@city", lambda place: [*_bulletin(place), "opening_rate"]),
    "headquarters:directives": ("commander@city", lambda place: [place.incident.slug]),
    "headquarters:meetings": ("commander@city", lambda place: [place.incident.slug]),
    "headquarters:bodies": ("commander@city", lambda place: [place.incident.slug]),
    "liaison:coverage": ("commander@city", lambda place: [place.incident.slug]),
    "liaison:uncovered": ("commander@city", lambda place: [place.incident.slug]),
    "liaison:officers": ("commander@city", lambda place: [place.incident.slug]),
    "liaison:visits": ("commander@city", lambda place: [place.incident.slug]),
    "liaison:plans": ("commander@city", lambda place: [place.incident.slug]),
    "liaison:plan_sheet": ("commander@city", lambda place: [place.incident.slug, place.enterprise.pk]),
    "liaison:hand_over": (
        "commander@city",
        lambda place: [place.incident.slug, place.person("liaison_officer").pk],
    ),
    "field:today": ("liaison_officer", lambda place: []),
    "reporting:home": ("reporter", lambda place: []),
    "reporting:history": ("reporter", lambda place: [place.enterprise.pk]),
    "reporting:report": ("reporter", lambda place: [place.enterprise.pk, place.incident.slug]),
}


def enterprises(place, number: int) -> None:
    """More of everything that a page lists: enterprises of the reporter, each with reports of three days."""
    for _ in range(number):
        enterprise = factories.EnterpriseFactory(managing_area=place.township)
        factories.GrantFactory(user=place.person("reporter"), enterprise=enterprise)
        factories.GrantFactory(user=place.person("liaison_officer"), enterprise=enterprise, capacity="liaison_officer")
        factories.AssignmentFactory(
            incident=place.incident, user=place.person("liaison_officer"), enterprise=enterprise
        )
        factories.AssignmentFactory(
            incident=place.incident, user=factories.UserFactory(), enterprise=enterprise, kind="expert"
        )
        factories.DirectiveFactory(place, enterprise=enterprise)
        for day in ("2020-03-22", "2020-03-23", "2020-03-24")[: 3 if number % 2 else 2]:
            place.report(enterprise, day=day)


def planned(place) -> None:
    """A plan for each enterprise that has none, from its facts."""
    service = service_viewer("tests")
    draft_plans(actor=service, incident=place.incident, enterprises=list(enterprises_for(service)))


def most(name: str) -> int:
    if name in LISTS:
        return MOST_OF_A_LIST
    if name == "liaison:plan_sheet":
        return MOST_OF_A_PLAN
    return MOST_OF_FIGURES if name.startswith("situation:") else MOST


def count(client, url: str) -> int:
    # The worker is at work: what was marked stands in the rollup.
    tickers["situation.figures"].run()
    client.get(url)  # what is read once per process (content types, catalogues) is no statement of the page
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def committed() -> dict[str, int]:
    return json.loads(COUNTS.read_text()) if COUNTS.exists() else {}


@pytest.mark.parametrize("name", PAGES)
def test_page(name, place, client_for):
    kind, args = PAGES[name]
    place.report(day="2020-03-23")
    enterprises(place, 3)
    planned(place)
    client, url = client_for(kind), reverse(name, args=args(place))
    few = count(client, url)
    enterprises(place, 6)
    planned(place)
    assert count(client, url) == few, "the number of statements grows with the number of rows"
    if UPDATE:
        COUNTS.write_text(json.dumps(committed() | {name: few}, indent=2, sort_keys=True) + "\n")
    assert committed().get(name) == few
    assert few <= most(name)


def test_no_count_is_left_of_a_page_that_is_gone():
    assert set(committed()) == set(PAGES)
