"""A county's officials from one file, by the shared import machine."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from fugong.base.accounts.models import Body, Mandate, User

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
