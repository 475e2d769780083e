"""Who looks after whom from one file, by the shared import machine."""

from __future__ import annotations

import pytest

from fugong.base.accounts.models import User
from fugong.base.spreadsheets.actions.imports import import_file
from fugong.base.spreadsheets.models import ImportRun
from fugong.core.viewer import service_viewer
from fugong.record.liaison.models import Assignment
from tests.record.liaison.conftest import has

pytestmark = pytest.mark.django_db
HEAD = "企业名称,信用代码,包联人员,手机,账号,身份,起,止\n"


@pytest.fixture
def bring(place, tmp_path):
    """`bring("某厂,9137…,王芳,…")`: the file of these rows is written; the outcome."""

    def brought(*rows: str, actor=None):
        path = tmp_path / "assignments.csv"
        path.write_text(HEAD + "\n".join(rows), encoding="utf-8")
        return import_file(
            actor=actor or service_viewer("tests"),
            kind="assignments",
            path=path,
            scope={"incident": place.incident.slug},
        )

    return brought


def row(enterprise, name, phone="", username="", kind="驻厂员", first="", last="") -> str:
    return ",".join([enterprise.name, enterprise.uscc, name, phone, username, kind, first, last])


def test_accounts_are_opened_once_and_rights_follow(place, several, bring):
    rows = [row(one, "王芳", "138 1234 5678") for one in several(3)]
    outcome = bring(*rows, row(place.enterprise, "乔颖", kind="防疫专家"))
    assert (outcome.read, outcome.new, outcome.refused) == (4, 4, [])
    assert [len(has(User.objects.get(name=name))) for name in ("王芳", "乔颖")] == [3, 1]
    assert Assignment.objects.filter(source=f"import:{ImportRun.objects.get().pk}").count() == 4


def test_the_same_file_again_changes_nothing(place, bring):
    line = row(place.enterprise, "王芳", "13812345678")
    bring(line)
    again = bring(line)
    assert (again.new, again.changed, again.same) == (0, 0, 1)
    assert (User.objects.filter(name="王芳").count(), Assignment.objects.count()) == (1, 1)


def test_another_officer_in_the_file_takes_over(place, person, give, bring):
    before = person("许志远")
    give(before, [place.enterprise])
    outcome = bring(row(place.enterprise, "王芳"))
    assert (outcome.changed, has(before)) == (1, frozenset())
    assert has(User.objects.get(name="王芳")) == {place.enterprise.pk}


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"kind": "国王"}, "身份", "not known"),
        ({"name": ""}, "包联人员", "empty"),
        ({"username": "nobody-there"}, "账号", "Nobody of this name"),
        ({"first": "2020-04-02", "last": "2020-04-01"}, "止", "before it begins"),
        ({"first": "昨天"}, "起", ""),
    ],
)
def test_a_refused_row_says_where_and_why(place, bring, change, column, reason):
    outcome = bring(row(place.enterprise, **({"name": "王芳"} | change)))
    assert [(issue.row, issue.column) for issue in outcome.refused] == [(2, column)]
    assert reason in outcome.refused[0].reason
    assert not Assignment.objects.exists()


def test_two_of_one_name_are_told_apart_by_account(place, person, bring):
    one, other = person("王芳"), person("王芳")
    refused = bring(row(place.enterprise, "王芳")).refused
    assert one.username in refused[0].mend
    assert bring(row(place.enterprise, "王芳", username=other.username)).new == 1
    assert has(other) == {place.enterprise.pk}


def test_enterprises_and_people_of_elsewhere_are_neither_touched_nor_told(place, person, bring, viewer_of):
    person("王芳", area=place.other_county)
    clerk = viewer_of("bureau_clerk")
    outcome = bring(row(place.other, "王芳"), row(place.enterprise, "王芳"), actor=clerk)
    assert [(issue.row, "No enterprise" in issue.reason) for issue in outcome.refused] == [(2, True)]
    assert User.objects.filter(name="王芳").count() == 2  # an own one was opened: the other county's is not known here
