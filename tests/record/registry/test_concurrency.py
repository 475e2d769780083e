"""Two files, or a file and a hand, at the register at the same time: each row once, each act with a defined end."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from fugong.base.spreadsheets.logic.kinds import Written
from fugong.base.spreadsheets.logic.outcome import ImportOutcome
from fugong.base.spreadsheets.models import ImportRun
from fugong.core.decision import Denied
from fugong.core.viewer import service_viewer
from fugong.record.registry.actions.import_undo import undo_enterprises
from fugong.record.registry.actions.imports import import_enterprises
from fugong.record.registry.actions.moving import move_enterprise
from fugong.record.registry.actions.register import edit_enterprise, register_enterprise
from fugong.record.registry.logic.uscc import compose_code
from fugong.record.registry.models import Enterprise
from tests.tools import Race, at_once, entries, write_csv

pytestmark = pytest.mark.django_db(transaction=True)
CONSOLE = service_viewer("console")
CODES = [compose_code("371502", f"MA7{number:05d}") for number in range(40)]


def counts(outcome):
    assert isinstance(outcome, ImportOutcome), outcome
    assert outcome.read == outcome.new + outcome.changed + outcome.same + outcome.refused_rows
    return outcome.new, outcome.changed, outcome.same


@pytest.fixture
def file_of(tmp_path):
    """`file_of(codes, suffix)`: a file that names each enterprise with this suffix."""

    def write(codes, suffix):
        rows = [(code, f"企业{CODES.index(code)}{suffix}") for code in codes]
        return write_csv(tmp_path / f"{suffix}.csv", ("uscc", "name"), rows)

    return write


def bring_in(path):
    return import_enterprises(actor=CONSOLE, path=path)


def typed(place, code, name):
    return {
        "name": name,
        "uscc": code,
        "kind": "enterprise",
        "managing_area": place.county,
        "established_on": None,
        "registered_address": "",
    }


def test_the_same_file_twice_at_once_comes_in_once(place, file_of):
    path = file_of(CODES, "厂")
    first, second = Race().run(lambda: bring_in(path), lambda: bring_in(path))
    assert counts(first) == (40, 0, 0)
    assert counts(second) == (0, 0, 40)
    assert Enterprise.objects.filter(uscc__in=CODES).count() == 40


def test_the_later_of_two_files_corrects_what_the_earlier_has_just_brought(place, file_of):
    one, other = file_of(CODES[:30], "旧"), file_of(CODES[20:], "新")
    first, second = Race().run(lambda: bring_in(one), lambda: bring_in(other))
    assert (counts(first), counts(second)) == ((30, 0, 0), (10, 10, 0))
    assert Enterprise.objects.filter(name__endswith="新").count() == 20


def undoing(run):
    return undo_enterprises(actor=CONSOLE, written=Written(run.pk, run.written_at, {}))


def test_a_file_that_comes_while_another_is_undone_is_written_whole(place, file_of):
    path = file_of(CODES, "厂")
    bring_in(path)
    run = ImportRun.objects.latest("pk")
    undone, again = Race().run(lambda: undoing(run), lambda: bring_in(path))
    assert undone == {"removed": 40, "restored": 0}
    assert counts(again) == (40, 0, 0)
    assert Enterprise.objects.filter(uscc__in=CODES).count() == 40


def test_what_is_being_edited_is_not_undone_over_the_editor(place, file_of, set_clock):
    bring_in(file_of(CODES[:1], "厂"))
    run, enterprise = ImportRun.objects.latest("pk"), Enterprise.objects.get(uscc=CODES[0])
    set_clock("2020-03-24T11:00:00+08:00")
    values = typed(place, CODES[0], "手改有限公司")
    _edited, undone = Race().run(
        lambda: edit_enterprise(actor=CONSOLE, enterprise=enterprise, values=values), lambda: undoing(run)
    )
    assert isinstance(undone, Denied)
    assert Enterprise.objects.get(uscc=CODES[0]).name == "手改有限公司"


@pytest.mark.parametrize("known", [False, True], ids=["new rows", "known rows"])
def test_files_in_opposite_order_do_not_lock_each_other_out(place, file_of, known):
    if known:
        bring_in(file_of(CODES, "前"))
    files = [file_of(CODES, "甲"), file_of(CODES[::-1], "乙"), file_of(CODES[::2] + CODES[1::2], "丙")]
    outcomes = at_once(*[lambda path=path: bring_in(path) for path in files])
    assert sorted(counts(outcome)[0] for outcome in outcomes) == [0, 0, 0 if known else 40]
    assert len(set(Enterprise.objects.filter(uscc__in=CODES).values_list("name", flat=True))) == 40
    assert len({name[-1] for name in Enterprise.objects.filter(uscc__in=CODES).values_list("name", flat=True)}) == 1


def test_a_file_waits_for_the_hand_that_enters_the_same_enterprise(place, file_of):
    path = file_of(CODES[:2], "厂")
    made, outcome = Race().run(
        lambda: register_enterprise(actor=CONSOLE, values=typed(place, CODES[0], "手工")), lambda: bring_in(path)
    )
    assert counts(outcome) == (1, 1, 0)
    assert Enterprise.objects.get(uscc=CODES[0]).pk == made.pk
    assert Enterprise.objects.get(pk=made.pk).name == "企业0厂"


def test_a_file_leaves_alone_what_is_being_moved_out_of_the_clerk_s_county(place, file_of, viewer_of):
    bring_in(file_of(CODES[:2], "旧"))
    row, clerk, path = Enterprise.objects.get(uscc=CODES[0]), viewer_of("bureau_clerk"), file_of(CODES[:2], "新")
    move = {"to_area": place.other_county, "moved_on": date(2020, 3, 24), "reason": "厂房搬迁"}
    _moved, outcome = Race().run(
        lambda: move_enterprise(actor=CONSOLE, enterprise=row, **move),
        lambda: import_enterprises(actor=clerk, path=path),
    )
    assert counts(outcome) == (0, 1, 0)
    assert [issue.row for issue in outcome.refused] == [2]
    assert Enterprise.objects.get(pk=row.pk).name == row.name


def test_two_clerks_who_enter_the_same_code_at_once(place):
    def enter(name):
        return lambda: register_enterprise(actor=CONSOLE, values=typed(place, CODES[0], name))

    made, refused = Race().run(enter("甲"), enter("乙"))
    assert isinstance(refused, ValidationError), refused
    assert refused.messages == ["This code is in the register already."]
    assert list(Enterprise.objects.filter(uscc=CODES[0])) == [made]
    assert len(entries("registry.enterprise.registered")) == 1


def test_two_clerks_who_change_the_same_enterprise_at_once_both_stand_on_record(place):
    def change(name):
        values = typed(place, place.enterprise.uscc, name)
        return lambda: edit_enterprise(actor=CONSOLE, enterprise=place.enterprise, values=values)

    Race().run(change("甲"), change("乙"))
    assert Enterprise.objects.get(pk=place.enterprise.pk).name == "乙"
    names = [(entry.detail["before"]["name"], entry.detail["after"]["name"]) for entry in entries(
        "registry.enterprise.edited"
    )]  # fmt: skip
    assert names == [("东昌府纺织有限公司", "甲"), ("甲", "乙")]


def test_two_who_move_one_enterprise_at_once(place):
    """The second has waited for the first and sees it where it stands now."""
    row = place.enterprise

    def move(to_area):
        values = {"to_area": to_area, "moved_on": date(2020, 3, 24), "reason": "厂房搬迁"}
        return lambda: move_enterprise(actor=CONSOLE, enterprise=row, **values)

    moved, refused = Race().run(move(place.other_county), move(place.zone))
    assert moved.to_area == place.other_county
    assert isinstance(refused, ValidationError), refused
    assert Enterprise.objects.get(pk=row.pk).managing_area == place.other_county
