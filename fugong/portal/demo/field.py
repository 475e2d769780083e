"""Who looks after the enterprises of the demonstration city, and who was where: by file and actions."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation

from fugong.base.accounts.actions.people import found_body
from fugong.base.accounts.enums import BodyKind
from fugong.base.accounts.models import Body
from fugong.base.accounts.selectors import user_named, viewer_for
from fugong.base.areas.selectors import AreaTree
from fugong.base.spreadsheets.actions.imports import import_file
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.portal.demo import people
from fugong.portal.demo.checks import filled
from fugong.portal.demo.city import Fate, MadeUp
from fugong.portal.demo.names import officer_names
from fugong.portal.demo.plan import MORNING
from fugong.record.incidents.models import Incident
from fugong.record.liaison.actions.absences import enter_absence
from fugong.record.liaison.actions.assigning import assign_body
from fugong.record.liaison.actions.visits import Told, plan_visit, record_visit
from fugong.record.liaison.enums import Purpose, Way
from fugong.record.liaison.models import Assignment
from fugong.record.registry.models import Enterprise
from fugong.record.reporting.models import DailyReport

_SINCE = date(2020, 2, 14)
_EACH, _OWN = 12, 9
_TEAMS = 10
_NUMBERS = "一二三四五六七八九十"
_HEAD = ("企业名称", "信用代码", "包联人员", "账号", "身份", "起")
_FOUND = (
    "食堂已错时就餐，车间通风正常。",
    "二号食堂每桌4人，未隔开，当场改。",
    "原料只够一周，供货商在外省。",
    "外地员工已到岗，隔离宿舍够用。",
    "体温登记齐全，口罩按班次发放。",
)


def _moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZoneInfo(settings.TIME_ZONE))


def tell_field(
    *, actor: Viewer, tree: AreaTree, incident: Incident, bodies: Mapping[str, Body], made: list[MadeUp]
) -> None:
    """An officer for every enterprise that is open or was, ten teams on eleven areas, an absence, visits of a week.

    Those that never opened have nobody: the holes of the coverage board.
    """
    with translation.override("zh-hans"):
        with clock.set_to(_moment(_SINCE, 9)):
            _officers(actor, incident, made)
            _teams(actor, tree, incident, bodies)
        _visits(incident)
        _away(actor)
        _planned(incident)


def _officers(actor: Viewer, incident: Incident, made: list[MadeUp]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "officers.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_HEAD)
            writer.writerows(_rows(made))
        import_file(actor=actor, kind="assignments", path=path, scope={"incident": incident.slug})


def _rows(made: list[MadeUp]) -> Iterator[tuple[str, ...]]:
    """Neighbours have one officer; the one of the list of logins has the first nine of her county."""
    names = officer_names(random.Random(11))  # noqa: S311 - invented, and the same each time
    looked_after = [item for item in made if item.fate in (Fate.OPEN, Fate.MISSING)]
    first = next(item for item in made if item.fate is Fate.MISSING and item.area.code == "371581")
    hers = [first, *(item for item in looked_after if item.area.code == "371581" and item is not first)][:_OWN]
    for item in hers:
        yield item.name, item.code, people.LIAISON[1], people.LIAISON[0], "驻厂员", _SINCE.isoformat()
    taken = {item.code for item in hers}
    rest = sorted(
        (item for item in looked_after if item.code not in taken), key=lambda one: (one.area.code, one.area_name)
    )
    name, left, home = "", 0, ""
    for item in rest:
        if left == 0 or item.area.code != home:
            name, left, home = next(names), _EACH, item.area.code
        left -= 1
        yield item.name, item.code, name, "", "驻厂员", _SINCE.isoformat()


def _teams(actor: Viewer, tree: AreaTree, incident: Incident, bodies: Mapping[str, Body]) -> None:
    """Ten teams; the last one has two areas."""
    city = incident.area
    teams = [bodies["team"]]
    for number in range(2, _TEAMS + 1):
        word = _NUMBERS[number - 1]
        teams.append(
            found_body(
                actor=actor,
                name=f"复工复产第{word}服务队",
                short_name=f"第{word}服务队",
                kind=BodyKind.SERVICE_TEAM,
                area=city,
            )
        )
    for number, area in enumerate(tree.reporting(city)):
        team = teams[min(number, _TEAMS - 1)]
        assign_body(actor=actor, incident=incident, kind="team", body=team, area=area)


def _visits(incident: Incident) -> None:
    """The officer of the list, four days long, and one visit each of forty others on the eve."""
    her = user_named(people.LIAISON[0])
    assert her is not None
    rows = list(Assignment.objects.filter(user=her).select_related("enterprise", "user").order_by("pk"))
    for number, row in enumerate(rows[1:] * 2):
        day = MORNING - timedelta(days=1 + number % 4)
        _visit(incident, row, day, number)
    others = Assignment.objects.exclude(user=her).filter(user__isnull=False).select_related("enterprise", "user")
    for number, row in enumerate(others.order_by("user_id", "pk").distinct("user_id")[:40]):
        _visit(incident, row, MORNING - timedelta(days=1), 100 + number)


def _visit(incident: Incident, row: Assignment, day: date, number: int) -> None:
    assert row.enterprise is not None
    assert row.user is not None
    report = DailyReport.objects.filter(incident=incident, enterprise=row.enterprise, day=day).first()
    seen = report.on_post if report else None
    if seen is not None and number % 7 == 3:
        seen = seen * 7 // 10  # fewer than the enterprise says
    with clock.set_to(_moment(day, 8 + number % 9, number * 7 % 60)):
        way = Way.CALL if number % 5 == 4 else Way.VISIT
        told = Told(
            way=way,
            purpose=Purpose.ROUND if number % 3 else Purpose.POLICY,
            key=UUID(int=(row.pk << 64) + number),
            findings=_FOUND[number % len(_FOUND)],
            seen_people=seen,
            checks=filled(number, seen, day) if way == Way.VISIT else (),
        )
        record_visit(actor=viewer_for(row.user, day), incident=incident, enterprise=row.enterprise, told=told)


def _away(actor: Viewer) -> None:
    """An officer of the county is ill; the next one acts."""
    county = Assignment.objects.filter(enterprise__managing_area__path__contains=f"/{people.COUNTY}/")
    found = list(county.select_related("user").order_by("user_id", "pk").distinct("user_id")[:2])
    if len(found) < 2 or found[0].user is None or found[1].user is None:
        return
    with clock.set_to(_moment(MORNING - timedelta(days=2), 8)):
        enter_absence(
            actor=actor,
            user=found[0].user,
            acting=found[1].user,
            first_on=MORNING - timedelta(days=2),
            last_on=MORNING + timedelta(days=5),
            reason="居家隔离",
        )


def _planned(incident: Incident) -> None:
    """Another body comes to one of the officer's enterprises today."""
    her, clerk = user_named(people.LIAISON[0]), user_named("clerk")
    row = Assignment.objects.filter(user=her).order_by("pk").first()
    if clerk is None or row is None or row.enterprise_id is None:
        return
    with clock.set_to(_moment(MORNING - timedelta(days=1), 16)):
        plan_visit(
            actor=viewer_for(clerk, MORNING - timedelta(days=1)),
            incident=incident,
            enterprise=Enterprise.objects.get(pk=row.enterprise_id),
            day=MORNING,
            at=time(14),
            purpose="特种设备检查",
        )
