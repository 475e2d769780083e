"""The situation page: against its own template, a long history against one day, a million enterprises against 6,000.

The floor is the page with its body ready as text, which is less than a template with constant data would take.

One place holds all that is compared. A small city of 6,000 enterprises has two incidents: one of a day, one of 365
days; a large city beside it has the size asked for and an incident of three days. Everything is made up. Requests go
through the whole application as a server calls it (WSGI), in this process; a page is the 95th of a hundred requests.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache, partial
from time import perf_counter
from typing import Any

from bench.database import set_up
from bench.frame import Bench, at_least, at_most, register
from bench.lists import _application, _ask, _sign_in, _state
from bench.served import one_clock

LARGE, QUICK = 1_000_000, 500
SMALL = 6_000
TODAY = date(2020, 3, 24)
MARKS = 6_000
# The last days of each incident are counted from the facts, those before are copies of them.
COUNTED = 3
# Days of each incident; the last of them is today.
DAYS = {"day": 1, "year": 365, "large": 3}
_REPORTS = """
INSERT INTO reporting_dailyreport (incident_id, enterprise_id, day, managing_area_id, playbook_version_id, state,
    closed_reason, roster, on_post, capacity, obstacles, remark, extra, warning_reason, channel, reported_by_name,
    submitted_at, revision)
SELECT %(incident)s, e.id, d.day, e.managing_area_id, %(playbook)s,
    CASE WHEN s.seed %% 8 = 0 THEN 'closed' ELSE 'open' END, CASE WHEN s.seed %% 8 = 0 THEN 'orders' ELSE '' END,
    20 + s.seed %% 300, CASE WHEN s.seed %% 8 = 0 THEN 0 ELSE 20 + s.seed %% 300 - s.seed %% 19 END,
    CASE WHEN s.seed %% 8 = 0 THEN NULL ELSE 40 + s.seed %% 80 END, '{}', '', '{}', '', 'import', 'bench',
    d.day + time '07:30', 1
FROM registry_enterprise e
JOIN areas_area a ON a.id = e.managing_area_id AND a.path LIKE %(path)s,
    generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS g(moment),
    LATERAL (SELECT g.moment::date AS day) d,
    LATERAL (SELECT (e.id * 7919 + extract(doy FROM d.day)::int * 31) %% 9973 AS seed) s
WHERE s.seed %% 50 <> 49
"""
_made: dict[str, Any] = {"size": None, "contexts": {}}


def from_memory(request: Any, slug: str) -> Any:
    """The floor: the page's template with a context made before."""
    from django.template.response import TemplateResponse

    return TemplateResponse(request, "situation/board.html", _made["contexts"][slug])


def one_row(request: Any, slug: str) -> Any:
    """The floor of the number that boards ask for: one row of one table, behind the same login and scope."""
    from django.template.response import TemplateResponse

    from fugong.command.situation.models import FigureVersion

    version = FigureVersion.objects.values_list("version", flat=True).first()
    return TemplateResponse(request, _number(), {"version": version})


@cache
def _number() -> Any:
    from django.template import engines

    return engines["django"].from_string("{{ version }}")


def _city(code: str, name: str) -> list[int]:
    """A city with eight counties; the ids of the counties."""
    from fugong.base.areas.enums import AreaLevel
    from fugong.base.areas.models import Area

    root = Area.objects.get(parent=None)
    kept: dict[str, Any] = {"level": AreaLevel.CITY, "is_reporting": False}
    city = Area.objects.create(code=code, name=name, parent=root, path=f"{root.path}{code}/", **kept)
    made = []
    for number in range(1, 9):
        code_of = f"{code[:4]}{number:02d}"
        kept = {"level": AreaLevel.COUNTY, "is_reporting": True, "path": f"{city.path}{code_of}/"}
        made.append(Area.objects.create(code=code_of, name=f"{name}{number}县", parent=city, **kept).pk)
    return made


def _incident(name: str, code: str, days: int) -> None:
    from fugong.base.areas.models import Area
    from fugong.core.bulk import execute
    from fugong.core.viewer import service_viewer
    from fugong.record.incidents.actions import open_incident
    from fugong.record.incidents.selectors import playbook_on

    area, first = Area.objects.get(code=code), TODAY - timedelta(days=days - 1)
    incident = open_incident(
        actor=service_viewer("bench"), slug=name, name=name, area=area, playbook_code="epidemic", started_on=first
    )
    values = {"incident": incident.pk, "playbook": playbook_on(incident, TODAY).pk, "path": f"{area.path}%"}
    execute(_REPORTS, values | {"first": first, "last": TODAY})


def _load(size: int) -> None:
    """Both cities with their incidents, every day counted; kept between the benches of one size."""
    from django.db import connection, transaction

    from bench.import_reports import prepare_place
    from bench.made_up import register as made_up
    from bench.made_up import write_register
    from fugong.command.situation.models import CountedDay
    from fugong.core.registries import tickers

    if _made["size"] == size:
        return
    quick = size <= QUICK
    prepare_place()
    _playbook_since_ever()
    small, large = _city("378100", "小市"), _city("379100", "大市")
    with transaction.atomic():
        write_register(made_up(SMALL if not quick else QUICK, len(small)), small)
        _second_register(size, large)
    for name, code in (("day", "378100"), ("year", "378100"), ("large", "379100")):
        with transaction.atomic():
            _incident(name, code, DAYS[name] if not quick else min(DAYS[name], 5))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE registry_enterprise")
        cursor.execute("VACUUM ANALYZE reporting_dailyreport")
    _mark_all()
    while tickers["situation.figures"].run():
        pass
    _copy_back()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE situation_figurecell")
    assert CountedDay.objects.filter(incident__slug="year").values("day").distinct().count() == (5 if quick else 365)
    _made.update(size=size, contexts={})


def _playbook_since_ever() -> None:
    """The incident of a year begins before the playbook was written."""
    from fugong.record.incidents.models import PlaybookVersion

    PlaybookVersion.objects.update(effective_from=TODAY - timedelta(days=400))


def _second_register(size: int, area_ids: list[int]) -> None:
    """The large city: the same enterprises under other codes, or two million would need other made-up codes."""
    from fugong.core.bulk import execute

    execute(
        "INSERT INTO registry_enterprise (provisional_id, name, kind, managing_area_id, registered_area_id,"
        " registered_address, business_scope, capital_currency, created_at, updated_at)"
        " SELECT 'L' || n, '大市第' || n || '厂', 'enterprise', (%(areas)s)[1 + n %% %(many)s],"
        " (%(areas)s)[1 + n %% %(many)s], '', '', '', '2020-01-01', '2020-01-01' FROM generate_series(1, %(size)s) n",
        {"areas": area_ids, "many": len(area_ids), "size": size},
    )


def _mark_all() -> None:
    from fugong.command.situation.actions.figures import Span, mark_figures
    from fugong.core.viewer import service_viewer
    from fugong.record.incidents.models import Incident

    spans = [
        Span(incident.pk, None, max(incident.started_on, TODAY - timedelta(days=COUNTED - 1)), None)
        for incident in Incident.objects.exclude(slug="bench")
    ]
    mark_figures(actor=service_viewer("figures"), spans=spans)


def _copy_back() -> None:
    """The days before the last ones have the cells of the first that was counted: a page only reads them."""
    from fugong.core.bulk import execute

    for table, columns in (
        ("situation_countedday", "t.as_of"),
        ("situation_figurecell", "t.area_id, t.numerator, t.denominator, t.is_bounded"),
    ):
        execute(
            f"INSERT INTO {table} (incident_id, measure_id, day, {columns.replace('t.', '')})"
            f" SELECT t.incident_id, t.measure_id, g.day::date, {columns} FROM {table} t"
            " JOIN incidents_incident i ON i.id = t.incident_id,"
            " generate_series(i.started_on, %(first)s - 1, interval '1 day') AS g(day) WHERE t.day = %(first)s",
            {"first": TODAY - timedelta(days=COUNTED - 1)},
        )


def _remember(slug: str) -> None:
    """Keep the context of the real page for the floor."""
    from fugong.command.situation.web.views import boards

    made: list[dict[str, Any]] = []
    drawn = boards.render

    def noticed(request: Any, template: str, context: dict[str, Any], **more: Any) -> Any:
        made.append(context)
        return drawn(request, template, context, **more)

    boards.render = noticed
    try:
        content = _ask(f"/i/{slug}/situation/", "")
    finally:
        boards.render = drawn
    _made["contexts"][slug] = made[0]
    assert "<polyline" in made[0]["body"], "an empty board says nothing"
    floor = _ask(f"/i/{slug}/board-from-memory/", "")
    assert abs(len(floor) - len(content)) < len(content) / 50, (len(floor), len(content))


@contextmanager
def prepared(size: int) -> Iterator[None]:
    """Both cities and an official of the whole place."""
    one_clock()
    set_up()
    _load(size)
    if "board" not in _state:
        from django.conf import settings
        from django.urls import path

        _state["application"] = _state.get("application") or _application()
        settings.ROOT_URLCONF.urlpatterns[:0] = [
            path("i/<slug:slug>/board-from-memory/", from_memory),
            path("i/<slug:slug>/one-row/", one_row),
        ]
        _state["board"] = True
    _state["cookie"] = _sign_in()
    for slug in DAYS:
        _remember(slug)
    yield


def p95(path: str) -> Callable[[int], float]:
    """Milliseconds in which 95 of a hundred requests are answered."""

    def measured(size: int) -> float:
        taken = []
        for _number in range(100 if size > QUICK else 3):
            begun = perf_counter()
            _ask(path, "")
            taken.append((perf_counter() - begun) * 1000)
        return statistics.quantiles(taken, n=20)[-1]

    return measured


def per_second(path: str) -> Callable[[int], float]:
    def measured(size: int) -> float:
        many = 200 if size > QUICK else 3
        begun = perf_counter()
        for _number in range(many):
            _ask(path, "")
        return many / (perf_counter() - begun)

    return measured


def catch_up(size: int) -> float:
    """Seconds in which the worker counts away the marks of so many reports over the last three days."""
    from django.db import transaction

    from fugong.command.situation.actions.figures import Span, mark_figures
    from fugong.core.registries import tickers
    from fugong.core.viewer import service_viewer
    from fugong.record.incidents.models import Incident
    from fugong.record.registry.models import Enterprise

    many = MARKS if size > QUICK else 20
    incident = Incident.objects.get(slug="year")
    within = Enterprise.objects.filter(managing_area__path__startswith=incident.area.path).order_by("pk")
    spans = [
        Span(incident.pk, area_id, day, day)
        for number, area_id in enumerate(within.values_list("managing_area_id", flat=True)[:many])
        if (day := TODAY - timedelta(days=number % 3))
    ]
    assert len(spans) == many
    with transaction.atomic():
        mark_figures(actor=service_viewer("figures"), spans=spans)
    begun = perf_counter()
    while tickers["situation.figures"].run():
        pass
    return perf_counter() - begun


def until_shown(size: int) -> float:
    """Seconds from a stored report to the page that shows it: the worker's turn, the poll, the page read anew."""
    import json
    from time import sleep

    from django.db import transaction

    from fugong.command.situation.actions.figures import Span, mark_figures
    from fugong.core.registries import tickers
    from fugong.core.viewer import service_viewer
    from fugong.record.incidents.models import Incident
    from fugong.record.reporting.models import DailyReport

    report = DailyReport.objects.filter(incident__slug="year", day=TODAY, state="open").order_by("?").first()
    assert report is not None
    before = json.loads(_ask("/i/year/situation/version/", ""))["version"]
    begun = perf_counter()
    with transaction.atomic():
        DailyReport.objects.filter(pk=report.pk).update(on_post=report.on_post - 1)
        area = [Span(Incident.objects.get(slug="year").pk, report.managing_area_id, TODAY, TODAY)]
        mark_figures(actor=service_viewer("figures"), spans=area)
    # The worker comes by every half second; on the average it is under way already.
    sleep(tickers["situation.figures"].seconds / 2)
    tickers["situation.figures"].run()
    assert json.loads(_ask("/i/year/situation/version/", ""))["version"] > before
    _ask("/i/year/situation/", "")
    return perf_counter() - begun


_bench = partial(Bench, size=LARGE, quick_size=QUICK, around=prepared)
_PAGE = "/i/{}/situation/".format
register(_bench("situation 6,000 x 1", p95("/i/day/board-from-memory/"), p95(_PAGE("day")), at_most(1.5), "ms"))
register(_bench("situation 6,000 x 365", p95("/i/year/board-from-memory/"), p95(_PAGE("year")), at_most(1.5), "ms"))
register(_bench("situation 1M x 3", p95("/i/large/board-from-memory/"), p95(_PAGE("large")), at_most(1.5), "ms"))
register(_bench("situation history: 365 days / 1", p95(_PAGE("day")), p95(_PAGE("year")), at_most(1.2), "ms"))
register(_bench("situation size: 1M / 6,000", p95(_PAGE("day")), p95(_PAGE("large")), at_most(1.3), "ms"))
register(
    _bench(
        "situation version poll", per_second("/i/year/one-row/"), per_second("/i/year/situation/version/"),
        at_least(0.8), "req/s",
    )
)  # fmt: skip
register(_bench("situation catch-up, 6,000 marks", None, catch_up, None, "s", absolute=at_most(5)))
register(_bench("situation report to board", None, until_shown, None, "s", absolute=at_most(2)))
