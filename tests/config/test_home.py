"""Where an installation keeps what it makes."""

from pathlib import Path

import pytest

from fugong.config import home


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    for name in ("FUGONG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)


def test_checkout_keeps_it_beside_the_package():
    assert home.default_home() == home.PACKAGE.parent / ".fugong"


def test_installed_never_writes_among_the_packages(monkeypatch, tmp_path):
    monkeypatch.setattr(home, "IN_CHECKOUT", False)
    monkeypatch.setattr(home.os, "geteuid", lambda: 1000)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert home.default_home() == tmp_path / ".local/share/fugong"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert home.default_home() == tmp_path / "data/fugong"
    monkeypatch.setattr(home.os, "geteuid", lambda: 0)
    assert home.default_home() == Path("/var/lib/fugong/home")


def test_site_may_say_where(monkeypatch, tmp_path):
    monkeypatch.setenv("FUGONG_HOME", str(tmp_path))
    assert home.default_home() == tmp_path
