"""A faulty playbook is refused with the file and the key, and nothing of it is kept."""

from __future__ import annotations

import shutil

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from fugong.base.audit.models import AuditEntry
from fugong.core.decision import Denied
from fugong.core.roles import Role
from fugong.core.viewer import Viewer, service_viewer
from fugong.record.incidents.actions import load_playbook
from fugong.record.incidents.logic.playbook import PlaybookError, digest_of, read_playbook
from fugong.record.incidents.models import PlaybookVersion
from tests.conftest import PLAYBOOKS

CONSOLE = service_viewer("console")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(PLAYBOOKS / "epidemic", tmp_path / "epidemic")


def change(folder, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text, f"{name} has changed: {old!r} is gone"
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def test_a_sound_playbook_is_read_whole(folder):
    playbook = read_playbook(folder)
    assert (playbook.code, playbook.version, str(playbook.effective_from)) == ("epidemic", "2020.1", "2020-02-10")
    assert playbook.content["name"] == {"zh": "传染病疫情", "en": "Epidemic"}
    assert playbook.content["report"]["due_time"] == "10:00"
    assert [item["name"] for item in playbook.content["report"]["items"]] == ["quarantined"]
    assert [item["code"] for item in playbook.content["indicators"]] == [
        "opening_rate", "return_rate", "return_rate_normal", "above_scale_opening_rate", "capacity", "reporting_rate",
        "minutes_asked",
    ]  # fmt: skip


FAULTS = [
    ("playbook.toml", 'code = "epidemic"', "code = 5", "playbook.toml", "code"),
    ("playbook.toml", 'version = "2020.1"', "", "playbook.toml", "version"),
    (
        "playbook.toml",
        "effective_from = 2020-02-10",
        'effective_from = "2020-02-10"',
        "playbook.toml",
        "effective_from",
    ),
    ("playbook.toml", 'version = "2020.1"', 'version = ""', "playbook.toml", "version"),
    (
        "playbook.toml",
        "effective_from = 2020-02-10",
        "effective_from = 2020-02-10T08:00:00",
        "playbook.toml",
        "effective_from",
    ),
    ("playbook.toml", 'en = "Epidemic"', "", "playbook.toml", "name.en"),
    ("playbook.toml", 'zh = "传染病疫情"', 'zh = " "', "playbook.toml", "name.zh"),
    ("playbook.toml", "[name]", "[name", "playbook.toml", ""),
    ("report.toml", 'due_time = "10:00"', 'due_time = "ten"', "report.toml", "due_time"),
    ("report.toml", 'due_time = "10:00"', "due_time = 10", "report.toml", "due_time"),
    (
        "report.toml",
        "roster_change_percent = 30",
        "roster_change_percent = 0",
        "report.toml",
        "thresholds.roster_change_percent",
    ),
    ("report.toml", "capacity_fall_points = 20", "", "report.toml", "thresholds.capacity_fall_points"),
    (
        "report.toml",
        "on_post_change_percent = 50",
        "on_post_change_percent = true",
        "report.toml",
        "thresholds.on_post_change_percent",
    ),
    ("report.toml", "quiet_hours = 4", "quiet_hours = 0", "report.toml", "reminders.quiet_hours"),
    ("report.toml", "[asking]\n", "", "report.toml", "asking.longest_minutes"),
    ("report.toml", "longest_minutes = 60", "longest_minutes = 1441", "report.toml", "asking.longest_minutes"),
    ("report.toml", 'en = "Days of masks left"', "", "report.toml", "supply.en"),
    ("obstacles.csv", "code,zh,en", "code,zh", "obstacles.csv", "en"),
    ("obstacles.csv", "labour,缺工,Staff shortage", "labour,缺工,", "obstacles.csv", "row 2, en"),
    ("obstacles.csv", "money,", "labour,", "obstacles.csv", "row 5, code"),
    ("closed_reasons.csv", "other,", ",", "closed_reasons.csv", "row 10, code"),
    ("report_items.csv", '"integer"', '"geopoint"', "report_items", "quarantined"),
    ("report_items.csv", '"People in quarantine"', '""', "report_items", "quarantined"),
    ("indicators.toml", 'metric = "opening"', 'metric = "closing"', "indicators.toml", "indicator[0].metric"),
    ("indicators.toml", 'code = "capacity"', "", "indicators.toml", "indicator[4].code"),
    ("indicators.toml", "places = 2", "places = -1", "indicators.toml", "indicator[0].places"),
    ("indicators.toml", 'en = "Return rate"', 'en = ""', "indicators.toml", "indicator[1].name.en"),
    ("indicators.toml", "开工率{value}", "开工率{rate}", "indicators.toml", "indicator[0].sentence"),
]


@pytest.mark.parametrize(("name", "old", "new", "file", "key"), FAULTS)
def test_a_fault_is_named_by_file_and_key(folder, name, old, new, file, key):
    change(folder, name, old, new)
    with pytest.raises(PlaybookError) as refusal:
        read_playbook(folder)
    assert (refusal.value.file, refusal.value.key) == (file, key)
    assert str(refusal.value).startswith(f"{file}: {key}: " if key else f"{file}: ")
    assert refusal.value.message


@pytest.mark.parametrize("name", ["playbook.toml", "report.toml", "obstacles.csv", "indicators.toml"])
def test_a_file_that_is_missing_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(PlaybookError, match="missing") as refusal:
        read_playbook(folder)
    assert refusal.value.file == name


@pytest.mark.parametrize("name", ["report.toml", "obstacles.csv", "report_items.csv"])
def test_a_file_in_another_encoding_is_named(folder, name):
    (folder / name).write_bytes((folder / name).read_text(encoding="utf-8").encode("gb18030"))
    with pytest.raises(PlaybookError) as refusal:
        read_playbook(folder)
    assert refusal.value.file == name


def test_extra_items_may_be_left_out(folder):
    (folder / "report_items.csv").unlink()
    assert read_playbook(folder).content["report"]["items"] == []


def test_the_digest_follows_names_and_contents_and_nothing_else(folder):
    before = digest_of(folder)
    (folder / "notes.md").write_text("not part of the playbook")
    assert digest_of(folder) == before
    (folder / "obstacles.csv").rename(folder / "renamed.csv")
    assert digest_of(folder) != before


@pytest.mark.django_db
class TestLoading:
    def test_a_version_is_kept_and_put_on_record(self, folder):
        version = load_playbook(actor=CONSOLE, playbook=read_playbook(folder))
        assert (str(version), version.digest) == ("epidemic 2020.1", digest_of(folder))
        assert AuditEntry.objects.get(verb="incidents.playbook.loaded").detail["digest"] == version.digest

    def test_the_same_files_again_change_nothing(self, folder):
        first = load_playbook(actor=CONSOLE, playbook=read_playbook(folder))
        assert load_playbook(actor=CONSOLE, playbook=read_playbook(folder)) == first
        loaded = AuditEntry.objects.filter(verb="incidents.playbook.loaded")
        assert PlaybookVersion.objects.count() == loaded.count() == 1

    def test_changed_files_under_the_same_version_are_refused(self, folder):
        load_playbook(actor=CONSOLE, playbook=read_playbook(folder))
        change(folder, "obstacles.csv", "Staff shortage", "Too few people")
        with pytest.raises(PlaybookError) as refusal:
            load_playbook(actor=CONSOLE, playbook=read_playbook(folder))
        assert (refusal.value.file, refusal.value.key) == ("playbook.toml", "version")
        assert PlaybookVersion.objects.get().content["report"]["obstacles"][0]["en"] == "Staff shortage"

    def test_two_versions_cannot_begin_on_one_day(self, folder):
        load_playbook(actor=CONSOLE, playbook=read_playbook(folder))
        change(folder, "playbook.toml", "2020.1", "2020.2")
        with pytest.raises(PlaybookError) as refusal:
            load_playbook(actor=CONSOLE, playbook=read_playbook(folder))
        assert (refusal.value.file, refusal.value.key) == ("playbook.toml", "effective_from")

    @pytest.mark.parametrize(
        "viewer",
        [
            Viewer(id=1, mandates=((Role.ADMINISTRATOR, frozenset({1})),)),
            Viewer(id=1, mandates=((Role.COMMANDER, None),)),
            Viewer(),
        ],
    )
    def test_others_than_the_administrator_of_the_whole_place_are_refused(self, folder, viewer):
        with pytest.raises(Denied):
            load_playbook(actor=viewer, playbook=read_playbook(folder))
        assert not PlaybookVersion.objects.exists()

    def test_the_command_loads_and_refuses_with_2(self, folder, capsys):
        call_command("load_playbook", folder)
        assert "playbook epidemic 2020.1 from 2020-02-10" in capsys.readouterr().err
        change(folder, "report.toml", 'due_time = "10:00"', "")
        with pytest.raises(CommandError, match=r"report.toml: due_time: ") as refusal:
            call_command("load_playbook", folder)
        assert refusal.value.returncode == 2


@pytest.mark.django_db
def test_playbook_that_comes_with_fugong_is_loaded_by_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    call_command("load_playbook", "epidemic")
    assert PlaybookVersion.objects.get().code == "epidemic"
    with pytest.raises(CommandError):
        call_command("load_playbook", "../playbooks/epidemic")
