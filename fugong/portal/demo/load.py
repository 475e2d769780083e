"""Loading the demonstration city through the same actions and importers as real data."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib.auth.hashers import make_password
from django.db import transaction

import fugong
from fugong.base.accounts.actions.mandates import give_mandate
from fugong.base.accounts.actions.people import found_body, open_account
from fugong.base.accounts.models import Body, User
from fugong.base.accounts.selectors import user_named, viewer_for
from fugong.base.areas.actions import import_areas
from fugong.base.areas.logic.rows import read_rows
from fugong.base.areas.models import Area
from fugong.base.areas.selectors import AreaTree, area_tree
from fugong.command.situation.actions.indicators import set_target
from fugong.core import clock
from fugong.core.bulk import execute
from fugong.core.viewer import Viewer, service_viewer
from fugong.portal.demo import days, people
from fugong.portal.demo.city import LAST_YEAR_END, REGISTER_COLUMNS, Fate, MadeUp, Place, enterprises, register_rows
from fugong.portal.demo.field import tell_field
from fugong.portal.demo.headquarters import tell_headquarters
from fugong.portal.demo.plan import CITY, FIRST_DAY, MORNING, Plan
from fugong.portal.demo.plans import tell_plans
from fugong.portal.demo.requests import tell_requests
from fugong.record.incidents.actions import load_playbook, open_incident
from fugong.record.incidents.logic.playbook import read_playbook
from fugong.record.incidents.models import Incident
from fugong.record.registry.actions.closing import close_enterprise
from fugong.record.registry.actions.facts import StatedFact, state_facts_in_bulk
from fugong.record.registry.actions.grants import grant_enterprise
from fugong.record.registry.actions.imports import import_enterprises
from fugong.record.registry.actions.moving import move_enterprise
from fugong.record.registry.actions.proposals import propose_change
from fugong.record.registry.actions.scope import exclude_from_count
from fugong.record.registry.enums import ChangeKind, ClosingReason, FactKind, GrantCapacity
from fugong.record.registry.models import Enterprise, EnterpriseGrant
from fugong.record.reporting.actions.history import ReceivedReport, take_over_history
from fugong.record.reporting.enums import ReportState
from fugong.record.reporting.models import DailyReport
from fugong.services.policies.actions.loading import load_catalogue
from fugong.services.policies.actions.matching import match_versions
from fugong.services.policies.logic.files import OWN_FOLDER, read_files
from fugong.services.policies.selectors.catalogue import current_versions

PACKAGE = Path(fugong.__file__).parent
SLUG = "epidemic-2020"
TARGETS_FROM = date(2020, 3, 16)


class NotADemonstration(RuntimeError):
    """The database holds something else; the demonstration city with its known passwords stays out."""


@dataclass(frozen=True, slots=True)
class Login:
    """An account of the demonstration, for the printed list."""

    role: str
    username: str
    name: str


@cache
def _password() -> str:
    """The known password of all accounts, hashed once: a hash takes a third of a second by design."""
    return make_password(people.PASSWORD)


def is_loaded() -> bool:
    return Incident.objects.filter(slug=SLUG).exists()


def load(plan: Plan = CITY) -> bool:
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
        _targets(incident)
        made = enterprises(plan, _places(tree))
        known = _register(actor, made)
        _changes(actor, tree, made, known)
        take_over_history(
            actor=actor, incident=incident, reports=_received(tree, plan, made, known), source="demonstration"
        )
        # A server looks at new rows within a minute; until then it reads them as if there were a handful.
        execute("ANALYZE")
        _enterprise_people(actor, made, known)
        ten, waiting = _askers(tree)
        _grant_all(actor, people.ACCOUNTANT, ten)
        _measures(actor, tree.areas[incident.area_id])
        tell_field(actor=actor, tree=tree, incident=incident, bodies=bodies, made=made)
        tell_requests(actor=actor, tree=tree, incident=incident, bodies=bodies, ten=ten, waiting=waiting)
        tell_plans(actor=actor, incident=incident)
        tell_headquarters(actor=actor, tree=tree, incident=incident, bodies=bodies)
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
        started_on=FIRST_DAY,
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
        user = open_account(actor=actor, username=item.username, name=item.name, password_hash=_password())
        give_mandate(actor=actor, user=user, body=bodies[item.body], role=item.role, area=area, valid_from=FIRST_DAY)


def _measures(actor: Viewer, area: Area) -> None:
    """The measures that come along, matched with every enterprise as on the night before."""
    load_catalogue(actor=actor, catalogue=read_files(OWN_FOLDER), area=area, source="demonstration", is_matched=False)
    match_versions(actor=actor, versions=current_versions(actor), day=clock.today())


def _targets(incident: Incident) -> None:
    """What the headquarters wants to see: one figure reaches it, one falls short."""
    commander = viewer_for(User.objects.get(username="commander"), MORNING)
    for code, value in (("opening_rate", Decimal(95)), ("return_rate", Decimal(90))):
        set_target(
            actor=commander,
            incident=incident,
            area=incident.area,
            code=code,
            valid_from=TARGETS_FROM,
            value=value,
            source="示例：3月16日指挥部调度会",
        )


def _write(path: Path, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
    return path


def _places(tree: AreaTree) -> list[Place]:
    """The reporting areas with the townships beneath them."""
    root = tree.root()
    assert root is not None
    return [
        Place(
            area.code,
            area.name,
            area.short_name,
            tuple(
                (below.code, below.name)
                for below in tree.areas.values()
                if below.pk != area.pk and below.path.startswith(area.path)
            ),
        )
        for area in tree.reporting(root)
    ]


def _register(actor: Viewer, made: list[MadeUp]) -> dict[str, int]:
    """Bring the register in as a file, and the tags; credit code → id of the enterprise."""
    with TemporaryDirectory() as folder:
        import_enterprises(
            actor=actor, path=_write(Path(folder) / "register.csv", REGISTER_COLUMNS, register_rows(made))
        )
    tags = [StatedFact(item.code, FactKind.TAG, LAST_YEAR_END, text=tag) for item in made for tag in item.tags]
    state_facts_in_bulk(actor=actor, rows=tags, source="重点企业名单")
    return {code: pk for code, pk in Enterprise.objects.values_list("uscc", "pk") if code}


def _moved_on(number: int) -> date:
    return date(2020, 3, 4) + timedelta(days=2 * number)


def _changes(actor: Viewer, tree: AreaTree, made: list[MadeUp], known: dict[str, int]) -> None:
    """Moves, closings and exclusions, each by hand as a clerk would do them."""
    number = 0
    for item in made:
        if item.moved_from is None and item.fate not in (Fate.GONE, Fate.EXCLUDED):
            continue
        enterprise = Enterprise.objects.get(pk=known[item.code])
        if item.moved_from is not None:
            to_area = _area(tree, item)
            move_enterprise(
                actor=actor, enterprise=enterprise, to_area=to_area, moved_on=_moved_on(number), reason="厂区搬迁"
            )
            number += 1
        elif item.leaves_on is not None:
            close_enterprise(
                actor=actor,
                enterprise=enterprise,
                closed_on=item.leaves_on,
                reason=ClosingReason.DEREGISTERED,
                evidence="注销登记通知书",
            )
        else:
            exclude_from_count(actor=actor, enterprise=enterprise, reason="no_operation", first_day=FIRST_DAY)


def _area(tree: AreaTree, item: MadeUp) -> Area:
    """The area that manages an enterprise on the morning: a township of its reporting area, or that itself."""
    names = {name: code for code, name in item.area.townships}
    area = tree.by_code(names.get(item.area_name, item.area.code))
    assert area is not None
    return area


def _received(tree: AreaTree, plan: Plan, made: list[MadeUp], known: dict[str, int]) -> Iterator[ReceivedReport]:
    """The made-up reports as rows of the books, each in the managing area of its day."""
    home = {item.code: _area(tree, item).pk for item in made}
    stays: dict[str, tuple[date, int]] = {}
    for number, item in enumerate(item for item in made if item.moved_from is not None):
        assert item.moved_from is not None
        area = tree.by_code(item.moved_from.code)
        assert area is not None
        stays[item.code] = (_moved_on(number), area.pk)
    for day in days.reports(made, plan):
        for said in day:
            code = said.item.code
            until, former = stays.get(code, (FIRST_DAY, 0))
            yield _row(said, known[code], former if said.day < until else home[code])


def _row(said: days.Said, enterprise_id: int, area_id: int) -> ReceivedReport:
    corrected = said.first_said is not None
    # A correction follows within two hours, on the morning within minutes; nothing arrives after the clock's hour.
    later = timedelta(minutes=9 if said.day == MORNING else 95) if corrected else timedelta()
    return ReceivedReport(
        enterprise_id=enterprise_id,
        area_id=area_id,
        day=said.day,
        state=said.state,
        closed_reason=said.reason,
        roster=said.roster,
        on_post=said.on_post,
        capacity=None if said.capacity is None else Decimal(said.capacity),
        obstacles=said.obstacles,
        supply_days=said.supply_days,
        extra={"quarantined": said.quarantined} if said.quarantined else {},
        channel=said.channel,
        reported_by_name=said.by,
        submitted_at=said.at + later,
        seconds_taken=said.seconds,
        first_on_post=said.first_said,
        first_at=said.at if corrected else None,
    )


def _enterprise_people(actor: Viewer, made: list[MadeUp], known: dict[str, int]) -> None:
    """Reporters and a liaison officer. The first reports for one that did yesterday and has not yet today."""
    missing = [item for item in made if item.fate is Fate.MISSING and not item.always_partial]
    first = next(item for item in missing if item.area.code == "371581")
    others = [item for item in made if item.fate is Fate.OPEN and item.area.code == "371522"]
    wanted = [(people.REPORTER, GrantCapacity.REPORTER, first), (people.LIAISON, GrantCapacity.LIAISON_OFFICER, first)]
    wanted += [
        (person, GrantCapacity.REPORTER, item) for person, item in zip(people.MORE_REPORTERS, others, strict=False)
    ]
    for (username, name), capacity, item in wanted:
        user = open_account(actor=actor, username=username, name=name, password_hash=_password())
        grant_enterprise(
            actor=actor,
            user=user,
            enterprise=Enterprise.objects.get(pk=known[item.code]),
            capacity=capacity,
            source="demonstration",
            valid_from=FIRST_DAY,
        )
    _proposals([(username, known[item.code]) for (username, _name), _capacity, item in wanted[2:]])


def _grant_all(actor: Viewer, person: tuple[str, str], enterprises: Iterable[Enterprise | None]) -> None:
    username, name = person
    user = open_account(actor=actor, username=username, name=name, password=people.PASSWORD)
    for enterprise in filter(None, enterprises):
        grant_enterprise(
            actor=actor,
            user=user,
            enterprise=enterprise,
            capacity=GrantCapacity.REPORTER,
            source="demonstration",
            valid_from=FIRST_DAY,
        )


def _askers(tree: AreaTree) -> tuple[list[Enterprise | None], list[Enterprise]]:
    """Ten enterprises of the county that have all asked for something, and sixty of the city that wait for one cause.

    The people on post of the first rose between the 16th and the 20th of March to what its answer promised, those of
    the second did not; None where a small city has no such enterprise.
    """
    county = tree.by_code(people.COUNTY)
    assert county is not None
    granted = EnterpriseGrant.objects.values("enterprise")
    open_ = Enterprise.objects.filter(closed_on__isnull=True, merged_into__isnull=True).exclude(pk__in=granted)
    reports = DailyReport.objects.exclude(state=ReportState.CLOSED)
    working = open_.filter(reports__in=reports.filter(day=MORNING - timedelta(days=1))).order_by("pk")
    ours = list(working.filter(managing_area__in=tree.within(county))[:200])
    share: dict[int, dict[date, tuple[int, int]]] = {}
    for pk, day, on_post, roster in reports.filter(enterprise__in=ours, day__gte=date(2020, 3, 16)).values_list(
        "enterprise", "day", "on_post", "roster"
    ):
        share.setdefault(pk, {})[day] = (on_post, roster)
    rose = next((item for item in ours if _rose(share.get(item.pk, {})) is True), None)
    stayed = next((item for item in ours if _rose(share.get(item.pk, {})) is False), None)
    others = [item for item in ours if item not in (rose, stayed)][:8]
    return [rose, stayed, *others, *[None] * (8 - len(others))], list(
        working.exclude(managing_area__in=tree.within(county))[:60]
    )


def _rose(days: dict[date, tuple[int, int]]) -> bool | None:
    """Whether 95 per cent of the people were on post from the 19th on, fewer on the 16th; None: neither."""
    watched = [days.get(date(2020, 3, number), (0, 0)) for number in (16, 19, 20)]
    if any(roster == 0 for _on_post, roster in watched):
        return None
    before, *after = (on_post / roster for on_post, roster in watched)
    if before >= 0.95 or max(after) < before:
        return None
    return True if min(after) >= 0.97 else False if max(after) < 0.93 else None


def _proposals(reporters: list[tuple[str, int]]) -> None:
    """What enterprises of the county have proposed and nobody has answered yet."""
    proposed = (
        (ChangeKind.ADDRESS, {"text": "莘县工业路88号", "note": "厂区已搬"}),
        (ChangeKind.NAME, {"text": "莘县棠渊精工机械有限公司", "note": "已换发执照"}),
        (ChangeKind.NOT_OURS, {"note": "厂区在莘亭街道以外"}),
    )
    for (username, pk), (kind, values) in zip(reporters, proposed, strict=False):
        user = user_named(username)
        assert user is not None
        propose_change(
            actor=viewer_for(user, MORNING), enterprise=Enterprise.objects.get(pk=pk), kind=kind, values=values
        )


def logins() -> list[Login]:
    """One account per role, in the order of a morning."""
    listed = [Login(str(GrantCapacity.REPORTER.label), *people.REPORTER)]
    listed += [Login(str(item.role.label), item.username, item.name) for item in people.OFFICIALS]
    listed.append(Login(str(GrantCapacity.LIAISON_OFFICER.label), *people.LIAISON))
    return [login for login in listed if user_named(login.username) is not None]
