"""Bringing in a day of reports: every row checked and explained, against a hand-written COPY → check → upsert.

The floor writes the same rows into the same table with the same constraints and indexes; it checks what SQL can check
and says of a bad row only that it is bad. Ours names row, column, value, reason and mend, keeps history and the trail.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.database import set_up
from bench.frame import PAIRS, Bench, at_least, rate, register

FIRST = date(2020, 2, 10)
_files: Iterator[tuple[Path, date]] = iter(())


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE reporting_supersededreport, reporting_dailyreport, registry_enterprise CASCADE")


def prepare_place() -> None:
    """Empty tables, then areas with townships, playbook and the incident `bench`."""
    import fugong
    from fugong.base.areas.actions import import_areas
    from fugong.base.areas.logic.rows import read_rows
    from fugong.base.areas.selectors import area_tree
    from fugong.core.viewer import service_viewer
    from fugong.record.incidents.actions import load_playbook, open_incident
    from fugong.record.incidents.logic.playbook import read_playbook
    from fugong.record.incidents.selectors import incidents_for

    _empty()
    package = Path(fugong.__file__).parent
    actor = service_viewer("bench")
    with (package / "cities/liaocheng/areas.csv").open(encoding="utf-8", newline="") as lines:
        import_areas(actor=actor, rows=read_rows(csv.DictReader(lines)), source="areas.csv")
    load_playbook(actor=actor, playbook=read_playbook(package / "playbooks/epidemic"))
    tree = area_tree()
    root = tree.root()
    assert root is not None
    if not incidents_for(actor).exists():
        open_incident(actor=actor, slug="bench", name="bench", area=root, playbook_code="epidemic", started_on=FIRST)


def register_plainly(size: int) -> None:
    """`size` enterprises, written plainly: they are not what is measured."""
    from django.db import connection

    from bench.made_up import codes
    from fugong.base.areas.selectors import area_tree

    prepare_place()
    ids = {area.code: area.pk for area in area_tree().areas.values()}
    with connection.cursor() as cursor:
        with cursor.copy(
            "COPY registry_enterprise (uscc, name, kind, managing_area_id, registered_address,"
            " business_scope, capital_currency, created_at, updated_at) FROM STDIN"
        ) as copy:
            for number, code in enumerate(codes(size)):
                row = (code, f"bench {number}", "enterprise", ids[code[2:8]], "", "", "", "2020-01-01", "2020-01-01")
                copy.write_row(row)
        cursor.execute("ANALYZE registry_enterprise")


@contextmanager
def prepared(size: int) -> Iterator[None]:
    """A register of `size` enterprises and a file per measurement, each of another day."""
    from bench.made_up import write_reports

    global _files
    set_up()
    register_plainly(size)
    with TemporaryDirectory() as folder:
        days = (FIRST + timedelta(days=number) for number in range(2 * PAIRS + 2))
        made = [(write_reports(Path(folder) / f"{day}.csv", size, day, n), day) for n, day in zip(count(), days)]
        _files = iter(made)
        yield
    _empty()


def ours(size: int) -> None:
    from fugong.core.viewer import service_viewer
    from fugong.record.incidents.selectors import operational_incident
    from fugong.record.reporting.actions.imports import import_reports

    path, _day = next(_files)
    actor = service_viewer("bench")
    outcome = import_reports(actor=actor, incident=operational_incident(actor, None), path=path)
    assert outcome.new == size, outcome.as_json()


def by_hand(size: int) -> None:
    path, day = next(_files)
    write_by_hand(path, day, size)


def write_by_hand(path: Path, day: date, size: int) -> None:
    """The floor: one file by COPY → check → upsert."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE floor (uscc text, day date, state text, reason text, roster int, on_post int,"
            " capacity numeric, obstacles text, supply_days numeric, remark text) ON COMMIT DROP"
        )
        with cursor.copy("COPY floor FROM STDIN (FORMAT csv, HEADER)") as copy, path.open("rb") as file:
            while chunk := file.read(io.DEFAULT_BUFFER_SIZE * 16):
                copy.write(chunk)
        cursor.execute(
            """INSERT INTO reporting_dailyreport (incident_id, enterprise_id, day, managing_area_id,
                playbook_version_id, state, closed_reason, roster, on_post, capacity, obstacles, supply_days, remark,
                extra, warning_reason, channel, reported_by_name, submitted_at, revision)
            SELECT n.id, e.id, f.day, e.managing_area_id, v.id, f.state, COALESCE(f.reason, ''), f.roster, f.on_post,
                f.capacity, string_to_array(COALESCE(f.obstacles, ''), ';'), f.supply_days, COALESCE(f.remark, ''),
                '{}', '', 'import', 'floor', now(), 1
            FROM floor f JOIN registry_enterprise e USING (uscc), incidents_incident n, incidents_playbookversion v
            WHERE f.on_post <= f.roster AND f.state IN ('open', 'partial', 'closed')
            ON CONFLICT (incident_id, enterprise_id, day) DO UPDATE SET roster = EXCLUDED.roster"""
        )
        assert cursor.rowcount == size, (cursor.rowcount, day)


register(
    Bench(
        "import reports",
        rate(by_hand),
        rate(ours),
        at_least(0.6),
        "rows/s",
        size=100_000,
        quick_size=200,
        around=prepared,
    )
)
