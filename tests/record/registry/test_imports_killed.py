"""kill -9 of an importing process, and apart of its database backend, halfway: as if it had never begun."""

from __future__ import annotations

from pathlib import Path

import pytest

from fugong.base.spreadsheets.models import ImportRun
from fugong.record.registry.logic.uscc import compose_code
from fugong.record.registry.models import Enterprise
from tests.killed import Command, counts, kill_backend, kill_process, standing_still
from tests.tools import write_csv

ROWS = 2_000


def code_of(number: int) -> str:
    return compose_code("371502", f"9{number:07d}")


def register(path: Path, number: int, first: int = 0) -> Path:
    header = ["企业名称", "统一社会信用代码", "注册地址", "注册资本", "成立日期", "职工人数"]
    rows = [
        [f"东昌第{n}木业有限公司", code_of(n), "古楼街道", "300万元", "2012-05-08", "12"]
        for n in range(first, first + number)
    ]
    return write_csv(path, header, rows)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kill", [kill_process, kill_backend])
def test_killed_halfway_and_begun_again(kill, place, tmp_path):
    def importing(path: Path) -> Command:
        return Command("import-enterprises", str(path), "--json", home=tmp_path / "home")

    path = register(tmp_path / "large.csv", ROWS)
    # They are entered in the order of their codes.
    half = sorted(code_of(n) for n in range(ROWS))[ROWS // 2]
    before = counts()
    with standing_still("registry_enterprise", f"NEW.uscc = '{half}'") as backend_of:
        killed = importing(path)
        kill(killed, backend_of(killed))
        killed.process.communicate()
        assert killed.process.returncode != 0
    other = importing(register(tmp_path / "other.csv", 50, first=ROWS)).answer()
    assert (other["accepted"], other["new"]) == (50, 50)
    after = counts()
    own = {label for label in after if after[label] != before[label]}
    # Nothing but what the other file brought.
    assert after["registry.Enterprise"] - before["registry.Enterprise"] == 50
    assert after["spreadsheets.ImportRun"] - before["spreadsheets.ImportRun"] == 1
    assert own == {
        "registry.Enterprise",
        "registry.EnterpriseFact",
        "spreadsheets.ImportRun",
        "registry.ImportedEnterprise",
        "audit.AuditEntry",
        "audit.Unsealed",
        "situation.FigureMark",
    }
    again = importing(path).answer()
    assert (again["read"], again["new"], again["refused"]) == (ROWS, ROWS, [])
    assert Enterprise.objects.filter(name__startswith="东昌第").count() == ROWS + 50
    assert ImportRun.objects.count() == 2
