from __future__ import annotations

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from fugong.base.areas.actions import import_areas, preview_areas
from fugong.base.areas.enums import AreaLevel
from fugong.base.areas.logic.rows import COLUMNS, BadAreaFile, read_rows
from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_ids_within, area_tree, areas_for
from fugong.base.audit.models import AuditEntry
from fugong.core.decision import Denied
from fugong.core.roles import Role
from fugong.core.viewer import Viewer, service_viewer
from tests.factories import AreaFactory

pytestmark = pytest.mark.django_db
CONSOLE = service_viewer("console")
FILE = """\
code,name,name_en,short_name,level,parent,local,reporting,valid_from,valid_to,successor
371500,聊城市,Liaocheng,全市,city,,,,,,
371523,茌平县,Chiping County,茌平县,county,371500,,,,2019-08-21,371503
371503,茌平区,Chiping District,茌平区,county,371500,,yes,2019-08-22,,
371500-JK,经开区,,经开区,zone,371500,yes,yes,,,
371503100,乐平铺镇,,,township,371503,,,,,
"""


def rows(text: str = FILE):
    head, *lines = text.splitlines()
    assert tuple(head.split(",")) == COLUMNS
    return read_rows(dict(zip(COLUMNS, line.split(","), strict=True)) for line in lines)


def counts(done) -> tuple[int, int]:
    """(new, known before)."""
    assert done.read == done.new + done.changed + done.same
    return done.new, done.changed + done.same


class TestImport:
    def test_a_file_becomes_a_tree(self):
        assert counts(import_areas(actor=CONSOLE, rows=rows(), source="areas.csv")) == (5, 0)
        town = Area.objects.get(code="371503100")
        assert town.path == "371500/371503/371503100/"
        assert (town.parent.code, town.parent.parent.code, town.parent.parent.parent) == ("371503", "371500", None)
        assert Area.objects.get(code="371523").successor.code == "371503"

    def test_twice_changes_nothing_and_is_on_record_twice(self):
        import_areas(actor=CONSOLE, rows=rows(), source="areas.csv")
        before = list(Area.objects.values().order_by("pk"))
        assert counts(import_areas(actor=CONSOLE, rows=rows(), source="areas.csv")) == (0, 5)
        assert list(Area.objects.values().order_by("pk")) == before
        trail = AuditEntry.objects.filter(verb="areas.area.imported", subject="areas.file:areas.csv")
        assert sorted(entry.detail["new"] for entry in trail) == [0, 5]

    def test_a_later_file_renames_and_moves_and_removes_nothing(self):
        import_areas(actor=CONSOLE, rows=rows(), source="areas.csv")
        later = FILE.replace("乐平铺镇", "乐平街道").replace("township,371503,", "township,371500-JK,")
        later = "\n".join(line for line in later.splitlines() if "茌平县" not in line)
        assert counts(import_areas(actor=CONSOLE, rows=rows(later), source="areas.csv")) == (0, 4)
        town = Area.objects.get(code="371503100")
        assert (town.name, town.path) == ("乐平街道", "371500/371500-JK/371503100/")
        assert Area.objects.filter(code="371523").exists()

    def test_it_tells_what_changed_and_what_has_ended(self):
        import_areas(actor=CONSOLE, rows=rows(), source="areas.csv")
        done = import_areas(actor=CONSOLE, rows=rows(FILE.replace("乐平铺镇", "乐平街道")), source="areas.csv")
        assert (done.new, done.changed, done.same, done.ended) == (0, 1, 4, 1)

    def test_a_preview_counts_the_same_and_keeps_nothing(self):
        seen = preview_areas(actor=CONSOLE, rows=rows())
        assert not Area.objects.exists()
        assert not AuditEntry.objects.exists()
        assert seen == import_areas(actor=CONSOLE, rows=rows(), source="areas.csv")

    def test_a_part_of_the_tree_finds_its_parents_in_the_place(self):
        import_areas(actor=CONSOLE, rows=rows(), source="areas.csv")
        line = dict(zip(COLUMNS, "371503101,冯官屯镇,,,township,371503,,,,,371503100".split(","), strict=True))
        import_areas(actor=CONSOLE, rows=read_rows([line], ["371503", "371503100"]), source="more.csv")
        town = Area.objects.get(code="371503101")
        assert (town.path, town.successor.code) == ("371500/371503/371503101/", "371503100")

    def test_an_area_that_moves_takes_along_what_the_file_does_not_name(self):
        import_areas(actor=CONSOLE, rows=rows(), source="areas.csv")
        line = dict(zip(COLUMNS, "371503,茌平区,,,county,371500-JK,,yes,,,".split(","), strict=True))
        import_areas(actor=CONSOLE, rows=read_rows([line], ["371500-JK"]), source="more.csv")
        assert Area.objects.get(code="371503100").path == "371500/371500-JK/371503/371503100/"

    def test_a_second_top_is_refused(self):
        import_areas(actor=CONSOLE, rows=rows(), source="areas.csv")
        line = dict(zip(COLUMNS, "371400,德州市,,,city,,,,,,".split(","), strict=True))
        with pytest.raises(BadAreaFile, match="371400, 371500"):
            import_areas(actor=CONSOLE, rows=read_rows([line]), source="dezhou.csv")

    @pytest.mark.parametrize(
        "line",
        [
            "371503,茌平区,,,county,,,,2019-08-22,2019-08-21,",
            "371503,茌平区,,,county,,,,,,371503",
            "371503100,乐平铺镇,,,township,,,yes,,,",
        ],
        ids=["ends before it begins", "its own successor", "a township that reports"],
    )
    def test_what_the_tree_cannot_hold_is_refused_by_row(self, line):
        with pytest.raises(BadAreaFile, match="2"):
            read_rows([dict(zip(COLUMNS, line.split(","), strict=True))])

    def test_a_successor_that_is_taken_out_of_the_file_is_forgotten(self):
        import_areas(actor=CONSOLE, rows=rows(), source="areas.csv")
        import_areas(actor=CONSOLE, rows=rows(FILE.replace("2019-08-21,371503", "2019-08-21,")), source="areas.csv")
        assert Area.objects.get(code="371523").successor is None

    @pytest.mark.parametrize(
        ("viewer", "allowed"),
        [
            (Viewer(id=1, mandates=((Role.ADMINISTRATOR, None),)), True),
            (Viewer(id=1, mandates=((Role.ADMINISTRATOR, frozenset({1})),)), False),
            (Viewer(id=1, mandates=((Role.COMMANDER, None),)), False),
            (Viewer(), False),
        ],
    )
    def test_the_administrator_of_the_whole_place_may(self, viewer, allowed):
        if allowed:
            assert counts(import_areas(actor=viewer, rows=rows(), source="areas.csv")) == (5, 0)
        else:
            with pytest.raises(Denied):
                import_areas(actor=viewer, rows=rows(), source="areas.csv")
            assert not Area.objects.exists()

    def test_the_command_says_what_it_did(self, tmp_path, capsys):
        (tmp_path / "areas.csv").write_text("\ufeff" + FILE, encoding="utf-8")
        call_command("import_areas", tmp_path / "areas.csv")
        assert "areas: 5 new, 0 changed, 0 the same" in capsys.readouterr().err

    @pytest.mark.parametrize("content", [b"code,name\n1,x\n", b"\xff\xfe\x00", None])
    def test_the_command_refuses_what_it_cannot_read_with_2(self, tmp_path, content):
        if content is not None:
            (tmp_path / "areas.csv").write_bytes(content)
        with pytest.raises(CommandError) as refusal:
            call_command("import_areas", tmp_path / "areas.csv")
        assert refusal.value.returncode == 2
        assert not Area.objects.exists()


class TestTree:
    def test_it_answers_from_memory(self, place, django_assert_num_queries):
        with django_assert_num_queries(1):
            tree = area_tree()
            assert tree.root() == place.city
            assert tree.by_code("371502") == place.county
            assert tree.by_code("999999") is None
            assert tree.within(place.county) == {place.county.pk, place.township.pk}
            assert tree.ancestors(place.township) == [place.township, place.county, place.city]
            assert tree.reporting_area(place.township.pk) == place.county
            assert tree.reporting_area(place.city.pk) is None
            assert tree.reporting(place.city) == [place.county, place.other_county, place.zone]
            assert tree.reporting(place.township) == []

    def test_a_code_that_begins_like_another_is_not_beneath_it(self, place):
        longer = AreaFactory(code="3715021", level=AreaLevel.COUNTY, parent=place.city)
        assert longer.pk not in area_tree().within(place.county)
        assert longer not in Area.objects.within(place.county)
        assert longer.pk not in area_ids_within([place.county.path])

    def test_several_paths_are_one_set(self, place):
        assert area_ids_within([place.county.path, place.zone.path]) == {
            place.county.pk,
            place.township.pk,
            place.zone.pk,
        }
        assert area_ids_within([]) == frozenset()

    def test_areas_of_a_viewer(self, place, viewer_of):
        assert list(areas_for(viewer_of("bureau_clerk"))) == [place.county, place.township]
        assert set(areas_for(viewer_of("bureau_clerk@city"))) == set(Area.objects.all())
        assert list(areas_for(viewer_of("nobody"))) == []

    def test_validity_is_closed_at_both_ends(self, place):
        old = AreaFactory(code="371523", parent=place.city, valid_from=date(1985, 1, 1), valid_to=date(2019, 8, 21))
        assert old in Area.objects.valid_on(date(2019, 8, 21))
        assert old not in Area.objects.valid_on(date(2019, 8, 22))
        assert old in Area.objects.valid_on(date(1985, 1, 1))
        assert old not in Area.objects.valid_on(date(1984, 12, 31))
        assert place.city in Area.objects.valid_on(date(1900, 1, 1))


class TestRow:
    @pytest.mark.parametrize(
        ("constraint", "values"),
        [
            ("area_level_known", {"level": "canton"}),
            ("area_validity_in_order", {"valid_from": "2020-01-02", "valid_to": "2020-01-01"}),
            ("area_path_ends_with_code", {"path": "371500/371502"}),
            ("area_path_ends_with_code", {"path": "371500/999999/"}),
            ("area_reporting_level", {"level": "township", "is_reporting": True}),
        ],
    )
    def test_the_database_refuses_what_cannot_be(self, constraint, values):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            AreaFactory(**{"code": "371502", **values})

    def test_it_is_called_by_the_language_of_the_reader(self, place):
        from django.utils import translation

        with translation.override("en"):
            assert (str(place.city), str(place.county)) == ("Liaocheng", "东昌府区")
        with translation.override("zh-hans"):
            assert str(place.city) == "聊城市"
