"""What a site installs: a wheel is built and opened."""

import email
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from hatch_build import wanted

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    target = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (built,) = target.glob("*.whl")
    with zipfile.ZipFile(built) as opened:
        yield opened


def test_every_file_of_the_package_is_in_it(wheel):
    listed = subprocess.run(["git", "ls-files", "-z", "fugong"], cwd=ROOT, capture_output=True, text=True, check=True)
    tracked = {name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()}
    assert len(tracked) > 300
    assert tracked <= set(wheel.namelist())


def test_browser_files_and_catalogues_are_in_it(wheel):
    made = {str(path.relative_to(ROOT)) for path in (ROOT / "fugong/static/vendor").glob("[!.]*")}
    made |= {f"fugong/locale/{language}/LC_MESSAGES/django.mo" for language in ("en", "zh_Hans")}
    assert len(made) >= 6
    assert made <= set(wheel.namelist())
    assert all(wheel.getinfo(name).file_size > 1000 for name in made)


def test_nothing_else_is_in_it(wheel):
    strange = [name for name in wheel.namelist() if not name.startswith(("fugong/", "fugong-"))]
    strange += [name for name in wheel.namelist() if "__pycache__" in name or name.endswith((".partial.mo", ".pyc"))]
    assert strange == []


def test_it_asks_for_what_the_checkout_installs(wheel):
    (name,) = [name for name in wheel.namelist() if name.endswith("/METADATA")]
    metadata = email.message_from_bytes(wheel.read(name))
    asked = {line.split(";")[0].replace(" ", "") for line in metadata.get_all("Requires-Dist")}
    needed = wanted(str(ROOT), "base") + wanted(str(ROOT), "embedded")
    assert len(asked) == len(needed) >= 15
    assert {line.split("<")[0].split(">")[0].split("[")[0] for line in asked} == {
        line.split("<")[0].split(">")[0].split("[")[0] for line in needed
    }
    assert metadata.get_all("Provides-Extra") == ["embedded"]
    (entry,) = [name for name in wheel.namelist() if name.endswith("/entry_points.txt")]
    assert b"fugong = fugong.config.cli:main" in wheel.read(entry)
