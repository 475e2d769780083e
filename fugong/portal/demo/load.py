"""Loading the demonstration city through the same actions and importers as real data."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction

import fugong
from fugong.base.accounts.actions import found_body, give_mandate, open_account
from fugong.base.accounts.models import Body, User
from fugong.base.accounts.selectors import user_named
from fugong.base.areas.actions import import_areas
from fugong.base.areas.logic.rows import read_rows
from fugong.base.areas.selectors import AreaTree, area_tree
from fugong.core.viewer import Viewer, service_viewer
from fugong.portal.demo import city, people
from fugong.record.incidents.actions import load_playbook, open_incident
from fugong.record.incidents.logic.playbook import read_playbook
from fugong.record.incidents.models import Incident
from fugong.record.registry.actions.grants import grant_enterprise
from fugong.record.registry.actions.imports import import_enterprises
from fugong.record.registry.enums import GrantCapacity
from fugong.record.registry.models import Enterprise
from fugong.record.reporting.actions.imports import import_reports
from fugong.record.reporting.enums import ReportState

PACKAGE = Path(fugong.__file__).parent
SLUG = "epidemic-2020"


class NotADemonstration(RuntimeError):
    """The database holds something else; the demonstration city with its known passwords stays out."""


@dataclass(frozen=True, slots=True)
class Login:
    """An account of the demonstration, for the printed list."""

    role: str
    username: str
    name: str


def is_loaded() -> bool:
    return Incident.objects.filter(slug=SLUG).exists()


def load() -> bool:
    """Load the city unless it is there already; returns whether it was loaded now. All or nothing."""
    if is_loaded():
        return False
    if User.objects.exists() or Enterprise.objects.exists():
        raise NotADemonstration("This database holds other data. Load the demonstration into an empty one.")
    actor = service_viewer("demo")
    with transaction.atomic():
        tree = _areas(actor)
        incident = _incident(actor, tree)
        bodies = _bodies(actor, tree)
        _officials(actor, tree, bodies)
        _enterprises(actor, tree, incident)
        _enterprise_people(actor)
    return True


def _areas(actor: Viewer) -> AreaTree:
    path = PACKAGE / "cities" / "liaocheng" / "areas.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        import_areas(actor=actor, rows=read_rows(csv.DictReader(lines)), source=path.name)
    return area_tree()


def _incident(actor: Viewer, tree: AreaTree) -> Incident:
    load_playbook(actor=actor, playbook=read_playbook(PACKAGE / "playbooks" / "epidemic"))
    root = tree.root()
    assert root is not None
    return open_incident(
        actor=actor,
        slug=SLUG,
        name="新冠肺炎疫情防控",
        name_en="COVID-19 epidemic",
        area=root,
        playbook_code="epidemic",
        started_on=city.FIRST_DAY,
    )


def _bodies(actor: Viewer, tree: AreaTree) -> dict[str, Body]:
    found = {}
    for item in people.BODIES:
        area = tree.by_code(item.area)
        assert area is not None
        found[item.key] = found_body(actor=actor, name=item.name, short_name=item.short_name, kind=item.kind, area=area)
    return found


def _officials(actor: Viewer, tree: AreaTree, bodies: dict[str, Body]) -> None:
    for item in people.OFFICIALS:
        area = tree.by_code(item.area)
        assert area is not None
        user = open_account(actor=actor, username=item.username, name=item.name, password=people.PASSWORD)
        give_mandate(
            actor=actor, user=user, body=bodies[item.body], role=item.role, area=area, valid_from=city.FIRST_DAY
        )


def _write(path: Path, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
    return path


def _enterprises(actor: Viewer, tree: AreaTree, incident: Incident) -> None:
    root = tree.root()
    assert root is not None
    made = city.enterprises([(area.code, area.name, area.short_name) for area in tree.reporting(root)])
    with TemporaryDirectory() as folder:
        register = _write(Path(folder) / "register.csv", city.REGISTER_COLUMNS, city.register_rows(made))
        import_enterprises(actor=actor, path=register)
        reports = _write(Path(folder) / "reports.csv", city.REPORT_COLUMNS, city.report_rows(made))
        import_reports(actor=actor, incident=incident, path=reports)


def _enterprise_people(actor: Viewer) -> None:
    """A reporter and a liaison officer of an enterprise that reported yesterday and not yet today."""
    yesterday = city.MORNING - timedelta(days=1)
    open_then = Enterprise.objects.filter(
        managing_area__code="371581", reports__day=yesterday, reports__state=ReportState.OPEN
    )
    enterprise = open_then.exclude(reports__day=city.MORNING).order_by("pk").first()
    assert enterprise is not None
    for (username, name), capacity in (
        (people.REPORTER, GrantCapacity.REPORTER),
        (people.LIAISON, GrantCapacity.LIAISON_OFFICER),
    ):
        user = open_account(actor=actor, username=username, name=name, password=people.PASSWORD)
        grant_enterprise(
            actor=actor,
            user=user,
            enterprise=enterprise,
            capacity=capacity,
            source="demonstration",
            valid_from=city.FIRST_DAY,
        )


def logins() -> list[Login]:
    """One account per role, in the order of a morning."""
    listed = [Login(str(GrantCapacity.REPORTER.label), *people.REPORTER)]
    listed += [Login(str(item.role.label), item.username, item.name) for item in people.OFFICIALS]
    listed.append(Login(str(GrantCapacity.LIAISON_OFFICER.label), *people.LIAISON))
    return [login for login in listed if user_named(login.username) is not None]
