"""Every environment variable that the code reads is documented, and nothing else is."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Read by scripts and tests only.
NOT_A_SITES = {"FUGONG_UPDATE_COUNTS"}
OURS = re.compile(r"""["']((?:FUGONG_[A-Z_]+)|DATABASE_URL)["']""")


def read_by_the_code() -> set[str]:
    return {name for path in (ROOT / "fugong").rglob("*.py") for name in OURS.findall(path.read_text())}


def documented() -> set[str]:
    return set(re.findall(r"^\| `((?:FUGONG_[A-Z_]+)|DATABASE_URL)` \|", (ROOT / "docs/settings.md").read_text(), re.M))


def test_list_of_settings_is_whole_and_true():
    code = read_by_the_code()
    assert len(code) > 15
    assert code - documented() == set()
    assert documented() - code == set()
    assert not NOT_A_SITES & documented()
