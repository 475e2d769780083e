"""Measures from files: loaded once, corrected, refused with the place of the fault."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from fugong.base.audit.models import AuditEntry
from fugong.core.decision import Denied
from fugong.core.viewer import service_viewer
from fugong.services.policies.actions.loading import load_catalogue
from fugong.services.policies.logic.files import OWN_FOLDER, read_files
from fugong.services.policies.models import Measure, MeasureVersion, PolicyDocument

ONE = """
[[documents]]
code = "a-1"
title = "甲文件"
body = "市人民政府"
issued_on = 2020-02-01
source = "甲"
[[documents.measures]]
code = "rent"
title = "减租"
aspect = "burden"
valid_from = 2020-02-01
body = "市国资委"
text = "full"
rule.when.all = [ { fact = "headcount", at_most = 30 } ]
"""


def load(path) -> dict:
    out = StringIO()
    call_command("load_policies", str(path), json=True, stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


def test_what_comes_along_is_loaded_and_a_second_time_changes_nothing(place):
    first = load(OWN_FOLDER)
    assert first["new"] == MeasureVersion.objects.published().count() >= 45
    assert first["documents"] == PolicyDocument.objects.count()
    assert load(OWN_FOLDER) == {"documents": 0, "new": 0, "changed": 0, "same": first["new"]}
    assert Measure.objects.filter(code="social-premiums").get().versions.count() == 2
    entry = AuditEntry.objects.filter(verb="policies.catalogue.loaded").order_by("pk").first()
    assert entry.detail["new"] == first["new"]


def jobs() -> list[dict]:
    return list(
        ProcrastinateJob.objects.filter(task_name="policies.match").order_by("pk").values_list("args", flat=True)
    )


def test_what_is_new_or_corrected_is_matched_by_one_job(place, tmp_path):
    file = tmp_path / "one.toml"
    for text, number in ((ONE, 1), (ONE, 1), (ONE.replace("= 30", "= 50"), 2), (ONE.replace("甲文件", "乙文件"), 3)):
        file.write_text(text, encoding="utf-8")
        load(file)
        assert jobs() == [{"version_id": None}] * number
    done = load_catalogue(
        actor=service_viewer("tests"), catalogue=read_files(OWN_FOLDER), area=place.city, source="x", is_matched=False
    )
    assert done.new > 40
    assert len(jobs()) == 3, "whoever matches it itself needs no job"


def test_a_corrected_file_corrects_the_version(place, tmp_path):
    file = tmp_path / "one.toml"
    file.write_text(ONE, encoding="utf-8")
    assert load(file)["new"] == 1
    file.write_text(ONE.replace("at_most = 30", "at_most = 50"), encoding="utf-8")
    assert load(file) == {"documents": 0, "new": 0, "changed": 1, "same": 0}
    assert MeasureVersion.objects.get().rule == {"when": {"all": [{"fact": "headcount", "at_most": 50}]}}


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (("at_most = 30", 'at_most = "thirty"'), "one.toml: a-1.rent: rule.when.all[0].at_most"),
        (('fact = "headcount"', 'fact = "heads"'), "a-1.rent.rule.when.all[0].fact"),
        (("2020-02-01\nsource", '"yesterday"\nsource'), "one.toml: a-1.issued_on"),
        (('aspect = "burden"', 'aspect = "joy"'), "one.toml: a-1.rent.aspect: joy"),
        (('text = "full"', 'text = "title"'), "one.toml: a-1.rent.rule"),
        (('body = "市国资委"', 'bodies = "市国资委"'), "one.toml: a-1.rent.bodies"),
        (("[[documents]]", "[[documents"), "one.toml"),
        (('code = "rent"', 'code = "Rent 1"'), "Rent 1"),
        (('source = "甲"', 'source = "甲"\nreplaces = "a-0"'), "a-0"),
    ],
)
def test_a_fault_is_named_and_nothing_is_written(place, tmp_path, wrong, named):
    file = tmp_path / "one.toml"
    assert wrong[0] in ONE
    file.write_text(ONE.replace(*wrong), encoding="utf-8")
    with pytest.raises(CommandError) as caught:
        load(file)
    assert named.replace("rent: rule", "rent.rule") in str(caught.value)
    assert caught.value.returncode == 2
    assert not Measure.objects.exists()
    assert not PolicyDocument.objects.exists()


def test_only_keepers_load(place, viewer_of):
    catalogue = read_files(OWN_FOLDER)
    for kind in ("commander@in", "reporter@own", "bureau_clerk@outside"):
        with pytest.raises(Denied):
            load_catalogue(actor=viewer_of(kind), catalogue=catalogue, area=place.county, source="x")


def test_the_version_of_a_day_is_the_last_that_had_begun(place):
    load(OWN_FOLDER)

    def version_on(day):
        return next(v for v in MeasureVersion.objects.begun_on(day) if v.measure.code == "social-premiums")

    assert version_on(date(2020, 6, 21)).document.code == "rsb-2020-11"
    assert version_on(date(2020, 6, 22)).document.code == "rsb-2020-49"
    assert not version_on(date(2020, 12, 31)).ended_by(date(2020, 12, 31))
    assert version_on(date(2021, 1, 1)).ended_by(date(2021, 1, 1))
