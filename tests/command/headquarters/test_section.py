"""A faulty headquarters.toml is refused with the file and the key."""

from __future__ import annotations

import shutil

import pytest

from fugong.record.incidents.logic.playbook import PlaybookError, read_playbook
from tests.conftest import PLAYBOOKS

FAULTS = [
    ("[directives]", "[directive]", "directives"),
    ("acknowledge_hours = 4", "", "directives.acknowledge_hours"),
    ("acknowledge_hours = 4", "acknowledge_hours = 0", "directives.acknowledge_hours"),
    ("amber_hours = 24", "amber_hours = true", "directives.amber_hours"),
    ("amber_hours = 24", "amber_hours = 24\ngreen_hours = 3", "directives.green_hours"),
    ("fall_points = 0.5", "fall_points = -1", "agenda.fall_points"),
    ("root_people = 200", 'root_people = "200"', "agenda.root_people"),
    ("most_per_source = 5", "most_per_source = 5\nmore = 1", "agenda.more"),
    ('at = "08:30"', 'at = "8:30"', "meetings.dispatch.at"),
    ('at = "16:30"', 'at = "24:10"', "meetings.consultation.at"),
    ('zh = "日调度"', 'zh = ""', "meetings.dispatch.name.zh"),
    ('code = "trade"', 'code = "industry"', "group[2].code"),
    ('code = "trade"', 'code = "Trade!"', "group[2].code"),
    ('en = "Trade"', 'en = ""', "group[2].name.en"),
    ('en = "Office of the headquarters"', 'en = " "', "names.office.en"),
    ("[names]", "[names", ""),
]


@pytest.mark.parametrize(("old", "new", "key"), FAULTS)
def test_a_fault_is_named_by_file_and_key(tmp_path, old, new, key):
    folder = shutil.copytree(PLAYBOOKS / "epidemic", tmp_path / "epidemic")
    file = folder / "headquarters.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PlaybookError) as refused:
        read_playbook(folder)
    assert (refused.value.file, refused.value.key) == ("headquarters.toml", key)
