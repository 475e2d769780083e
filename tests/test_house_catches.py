"""The checks of tests/house.py, each held against a planted violation: a check that finds nothing guards nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import house

GOOD_ACTION = '''
from django.db import transaction
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions

@transaction.atomic
def close(*, actor: Viewer, pk: int) -> None:
    """Close it."""
    permissions.can_close(actor, pk).require()

def _helper(pk): ...
'''


@pytest.fixture
def plant(tmp_path):
    """`plant("record/registry/actions.py", text)` writes a file of a package; returns the package."""

    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return tmp_path

    return write


def test_an_action_of_the_right_shape_passes(plant):
    assert list(house.misshapen_actions(plant("record/registry/actions.py", GOOD_ACTION))) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("*, actor", "actor", "arguments are not keyword-only"),
        ("*, actor: Viewer, pk", "*, pk", "no actor: Viewer"),
        ("actor: Viewer", "actor", "no actor: Viewer"),
        ('"""Close it."""', "...", "no docstring"),
        ("@transaction.atomic", "", "not atomic"),
        ("permissions.can_close(actor, pk).require()", "...", "asks no permission"),
        ("permissions.can_close(actor", "can_close(actor", "asks no permission"),
    ],
)
@pytest.mark.parametrize("name", ["record/registry/actions.py", "record/registry/actions/closing.py"])
def test_a_misshapen_action_is_named(plant, name, old, new, fault):
    assert old in GOOD_ACTION
    package = plant(name, GOOD_ACTION.replace(old, new))
    assert f"{name} close: {fault}" in house.misshapen_actions(package)


@pytest.mark.parametrize(
    "text",
    [
        "from fugong.base.areas.models import Area\nfound = Area.objects.all()",
        "from fugong.base.areas.models import Area as Place\nfound = Place._default_manager",
        "from fugong.base.areas import models\nfound = models.Area.objects.get(pk=1)",
        "import fugong.base.areas.models\nfound = fugong.base.areas.models.Area.objects",
        "from fugong.base.areas.models.area import Area\ndef f():\n    return Area.objects",
    ],
)
def test_a_foreign_manager_is_named(plant, text):
    package = plant("record/registry/selectors.py", text)
    plant("base/areas/selectors.py", text)
    plant("portal/views.py", text)
    assert list(house.foreign_managers(package)) == ["record/registry/selectors.py Area"]


def test_a_foreign_table_in_sql_is_named(plant):
    package = plant("record/reporting/actions.py", 'SQL = f"SELECT 1 FROM registry_enterprise JOIN {x} r"')
    plant("record/registry/actions.py", 'SQL = "SELECT 1 FROM registry_enterprise"')
    tables = {"registry_enterprise": "record.registry"}
    assert list(house.foreign_tables(package, tables)) == ["record/reporting/actions.py registry_enterprise"]


@pytest.mark.parametrize(
    "text",
    [
        "from fugong.base.areas.actions import import_areas",
        "from fugong.base.areas.models import Area",
        "from django.db import connection",
        "def tag(thing):\n    thing.save()",
        "def tag(things):\n    things.filter(x=1).update(y=2)",
    ],
)
def test_a_tag_that_could_write_is_named(plant, text):
    package = plant("record/registry/templatetags/tags.py", text)
    assert len(list(house.writing_templatetags(package))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "from django.utils import timezone\nnow = timezone.now()",
        "from django.utils.timezone import now\nat = now()",
        "from datetime import date\nday = date.today()",
        "import datetime\nday = datetime.datetime.now()",
        "from django.db import transaction\ntransaction.on_commit(print)",
        "from django.apps import apps\nmodel = apps.get_model('a', 'B')",
    ],
)
def test_another_clock_is_named(plant, text):
    (found,) = house.other_clocks(plant("record/registry/web/views.py", text))
    assert found.startswith("record/registry/web/views.py:2 ")


def test_a_read_without_viewer_is_named(plant):
    package = plant(
        "record/registry/selectors/lists.py",
        "def all_of(day): ...\ndef own(viewer: Viewer): ...\ndef bare(viewer): ...\ndef _inner(day): ...\nclass A: ...",
    )
    assert list(house.unscoped_reads(package)) == [
        "record/registry/selectors/lists.py all_of",
        "record/registry/selectors/lists.py bare",
    ]


@pytest.mark.parametrize(
    ("source", "target", "allowed"),
    [
        ("record.reporting", "record.registry", True),
        ("record.reporting", "base.areas", True),
        ("record.registry", "record.registry", True),
        ("record.registry", "record.reporting", False),
        ("base.areas", "record.incidents", False),
        ("record.desk", "record.publications", False),
        ("services.subsidies", "services.permits", False),
        ("services.subsidies", "services.policies", True),
        ("command.situation", "django.contrib.auth", False),
        ("record.unknown", "base.areas", False),
    ],
)
def test_foreign_keys_know_the_floors(source, target, allowed):
    assert house.may_point_at(source, target) is allowed


def test_templates_that_nobody_draws_are_found(plant):
    package = plant("templates/base.html", '{% include "includes/used.html" %}{# {% include "no.html" %} #}')
    plant("templates/includes/used.html", "")
    plant("record/registry/templates/registry/list.html", '{% extends "base.html" %}')
    plant("record/registry/templates/registry/left.html", "")
    plant("record/registry/web/views.py", 'NAME = "registry/list.html"')
    texts = house.templates(package)
    named = house.named_templates(package)
    assert named == {"python": {"registry/list.html"}, "computed": set()}
    assert set(texts) - house.reachable(texts, named["python"]) == {"registry/left.html"}


def test_names_of_templates_that_are_computed_are_found(plant):
    package = plant("record/registry/web/views.py", 'def f(part):\n    return f"registry/{part}.html"')
    plant("templates/a.html", "{% include part %}")
    assert house.named_templates(package)["computed"] == {"record/registry/web/views.py:2", "a.html"}


def test_a_long_function_is_named(plant):
    body = "\n".join("    x = 1" for _ in range(50))
    path = plant("core/long.py", f"def long():\n{body}\n\ndef short():\n    ...\n") / "core/long.py"
    assert list(house.long_functions([path], 50)) == ["long.py long: 51 lines"]
    assert list(house.long_functions([path], 51)) == []


@pytest.mark.parametrize("area", ["", ", area_id=None"])
def test_an_entry_without_an_area_is_named(plant, area):
    text = "from fugong.base.audit.actions import record\n"
    package = plant("record/registry/actions.py", f'{text}record(actor=1, verb="a.b.c", subject="x:1"{area})\n')
    assert list(house.entries_without_area(package)) == ["record/registry/actions.py a.b.c"]
    plant("record/registry/actions.py", f'{text}record(actor=1, verb="a.b.c", subject="x:1", area_id=3)\n')
    assert list(house.entries_without_area(package)) == []
