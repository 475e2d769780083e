"""The second playbook that ships, and two disasters on one day."""

from __future__ import annotations

import re
import shutil
from datetime import date

import pytest
from django.urls import reverse

from fugong.command.situation.selectors.figures import figures_on
from fugong.core import clock
from fugong.core.registries import playbook_sections
from fugong.core.viewer import service_viewer
from fugong.record.incidents.actions import load_playbook, open_incident
from fugong.record.incidents.logic.playbook import read_playbook
from fugong.record.incidents.selectors import playbook_on
from fugong.record.reporting.models import DailyReport
from tests.conftest import PLAYBOOKS

CONSOLE = service_viewer("console")


@pytest.fixture
def flood(place):
    """A flood in the same city, open beside the epidemic."""
    load_playbook(actor=CONSOLE, playbook=read_playbook(PLAYBOOKS / "flood"))
    return open_incident(
        actor=CONSOLE, slug="flood-2020", name="洪涝灾害", name_en="Flood", area=place.city,
        playbook_code="flood", started_on=date(2020, 3, 20),
    )  # fmt: skip


def test_both_playbooks_that_ship_fill_every_section():
    for code in ("epidemic", "flood"):
        content = read_playbook(PLAYBOOKS / code).content
        assert {name for name, _section in playbook_sections.items()} <= content.keys()
        assert all(content[name] for name, _section in playbook_sections.items()), code
        assert len(content["headquarters"]["groups"]) == 10


def test_what_an_obstacle_of_either_playbook_becomes_exists_in_it():
    for code in ("epidemic", "flood"):
        content = read_playbook(PLAYBOOKS / code).content
        known = {row["code"] for row in content["report"]["obstacles"]}
        used = {item["obstacle"] for item in content["requests"]["categories"] if item["obstacle"]}
        assert used == known, code


def test_one_screen_for_both_headcount_typed_once_and_no_figure_crosses(place, flood, client_for):
    client = client_for("reporter")
    page = client.get(reverse("reporting:report", args=[place.enterprise.pk, place.incident.slug]))
    text = page.content.decode()
    assert text.count('name="roster"') == 1
    assert "water_depth" in text and "quarantined" in text

    sent = {"state": "open", "roster": "100", "on_post": "73", "capacity": "60"}
    sent |= {name: "5" for name in _names(text) if name.endswith(("water_depth", "quarantined"))}
    answer = client.post(reverse("reporting:report", args=[place.enterprise.pk, place.incident.slug]), sent)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    stored = {report.incident.slug: report for report in DailyReport.objects.all()}
    assert {slug: (report.roster, report.on_post) for slug, report in stored.items()} == {
        "covid-2020": (100, 73),
        "flood-2020": (100, 73),
    }
    assert stored["flood-2020"].playbook_version.code == "flood"

    # What is said for one incident alone moves the figures of that one alone.
    place.report(place.other, roster=50, on_post=50)
    values = {}
    for incident in (place.incident, flood):
        found = figures_on(CONSOLE, incident, clock.today(), place.city, parts=False)
        values[incident.slug] = next(one.ratio.numerator for one in found if one.indicator.code == "return_rate")
    assert values == {"covid-2020": 123, "flood-2020": 73}


def _names(text: str) -> list[str]:
    return re.findall(r'name="([\w.-]+)"', text)


def test_a_version_changed_in_the_middle_leaves_old_reports_theirs(place, flood, tmp_path):
    old = place.report(day="2020-03-22")
    folder = shutil.copytree(PLAYBOOKS / "epidemic", tmp_path / "epidemic")
    for name, before, after in (
        ("playbook.toml", 'version = "2020.1"', 'version = "2020.2"'),
        ("playbook.toml", "effective_from = 2020-02-10", "effective_from = 2020-03-24"),
        ("headquarters.toml", "acknowledge_hours = 4", "acknowledge_hours = 1"),
    ):
        text = (folder / name).read_text(encoding="utf-8")
        assert before in text
        (folder / name).write_text(text.replace(before, after), encoding="utf-8")
    load_playbook(actor=CONSOLE, playbook=read_playbook(folder))
    old.refresh_from_db()
    assert old.playbook_version.version == "2020.1"
    hours = lambda day: playbook_on(place.incident, day).content["headquarters"]["directives"]["acknowledge_hours"]  # noqa: E731
    assert (hours(date(2020, 3, 23)), hours(date(2020, 3, 24))) == (4, 1)
