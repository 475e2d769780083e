"""A county's officials from one file, by the shared import machine."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from fugong.base.accounts.actions.mandates import end_mandate
from fugong.base.accounts.models import Body, Mandate, User
from fugong.base.spreadsheets.actions.import_jobs import undo_import
from fugong.base.spreadsheets.actions.imports import import_file, request_undo
from fugong.base.spreadsheets.enums import ImportState
from fugong.base.spreadsheets.models import ImportRun
from fugong.core.decision import Denied
from fugong.core.viewer import service_viewer
from tests import factories
from tests.tools import entries

FILE = """姓名,手机,账号,单位,单位类型,区域代码,角色,起,止
王芳,138 1234 5678,,东昌府区工业和信息化局,部门,371502,经办人,2020-03-01,
李雷,,lilei,东昌府区指挥部,指挥部,371502,指挥长,,
赵六,,,古楼街道办事处,街道,371502001,国王,,
钱七,,qian,某局,,999999,管理员,,
"""


@pytest.fixture
def brought(place, tmp_path, capsys):
    path = tmp_path / "officials.csv"
    path.write_text(FILE, encoding="utf-8")

    def run() -> dict:
        call_command("import_accounts", str(path), "--json")
        return json.loads(capsys.readouterr().out)

    return run


def test_bodies_people_and_mandates_from_one_file(place, brought):
    answer = brought()
    assert (answer["read"], answer["new"], answer["same"]) == (4, 2, 0)
    assert [(issue["row"], issue["column"]) for issue in answer["refused"]] == [(4, "角色"), (5, "区域代码")]
    assert Body.objects.get(name="东昌府区指挥部").kind == "headquarters"
    mandate = Mandate.objects.get(user__name="王芳")
    assert (mandate.user.username, mandate.role, mandate.area) == ("13812345678", "bureau_clerk", place.county)
    assert User.objects.get(username="lilei").area == place.county


def test_the_same_file_again_changes_nothing(brought):
    brought()
    answer = brought()
    assert (answer["new"], answer["changed"], answer["same"]) == (0, 0, 2)
    assert Mandate.objects.count() == 2


def test_the_page_is_for_administrators(client_for):
    address = reverse("place_imports:start", args=["accounts"])
    assert client_for("administrator@in").get(address).status_code == 200
    assert client_for("bureau_clerk").get(address).status_code == 403


TWO_ROLES = """姓名,手机,单位,单位类型,区域代码,角色
王芳,13812345678,东昌府区工业和信息化局,部门,371502,经办人
王芳,13812345678,东昌府区指挥部,指挥部,371502,值班员
"""


@pytest.fixture
def imported(place, viewer_of, tmp_path):
    """An administrator of the city has brought two roles of one person in; gives (run, administrator)."""
    path = tmp_path / "officials.csv"
    path.write_text(TWO_ROLES, encoding="utf-8")
    actor = viewer_of("administrator@city")
    import_file(actor=actor, kind="accounts", path=path, scope={})
    return ImportRun.objects.get(), actor


def test_two_rows_of_one_person_are_two_mandates_of_one_account(imported):
    person = User.objects.get(name="王芳")
    assert {mandate.role for mandate in person.mandates.all()} == {"bureau_clerk", "duty_officer"}


def test_the_trail_says_whose_area_a_file_of_officials_concerns(imported, place):
    (entry,) = entries("accounts.user.imported")
    assert entry.area_id == place.county.pk


def undone(run, actor) -> None:
    request_undo(actor=actor, run=run)
    undo_import(actor=service_viewer("imports"), run_id=run.pk)


def test_an_import_of_officials_is_taken_back(imported, place):
    run, actor = imported
    bodies = Body.objects.count()
    undone(run, actor)
    assert not User.objects.filter(name="王芳").exists()
    assert Body.objects.count() == bodies - 1, "the bureau was there before, the headquarters was not"
    run.refresh_from_db()
    assert run.state == ImportState.UNDONE
    (entry,) = entries("spreadsheets.import.undone")
    assert {name: entry.detail[name] for name in ("mandates", "people", "bodies")} == {
        "mandates": 2,
        "people": 1,
        "bodies": 1,
    }


def test_a_body_in_which_others_serve_by_now_stays_and_is_not_counted(imported, place):
    run, actor = imported
    headquarters = Body.objects.get(name="东昌府区指挥部")
    factories.MandateFactory(user=factories.UserFactory(), area=place.county, body=headquarters, role="commander")
    undone(run, actor)
    assert Body.objects.filter(pk=headquarters.pk).exists()
    (entry,) = entries("spreadsheets.import.undone")
    assert (entry.detail["people"], entry.detail["bodies"]) == (1, 0)


@pytest.mark.parametrize("what", ["signed in", "ended", "further"])
def test_what_was_used_since_stays(imported, place, what):
    run, actor = imported
    person = User.objects.get(name="王芳")
    if what == "signed in":
        factories.SignInFactory(user=person)
    elif what == "ended":
        end_mandate(actor=actor, mandate=person.mandates.first(), reason="调离")
    else:
        factories.MandateFactory(user=person, area=place.city, body=place.city.bodies.first(), role="auditor")
    with pytest.raises(Denied, match="王芳"):
        undone(run, actor)
    assert User.objects.filter(name="王芳").exists()
