"""Forms out of a workbook: what is taken, what is refused and where, versions, and the way back to XLSForm."""

from __future__ import annotations

import shutil
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from pyxform.xls2xform import convert

from fugong.base.audit.models import AuditEntry
from fugong.base.questionnaires.actions.forms import load_form
from fugong.base.questionnaires.logic.answers import judge
from fugong.base.questionnaires.logic.expression import ExpressionError, Question, compile_expression
from fugong.base.questionnaires.logic.patterns import safe_pattern
from fugong.base.questionnaires.logic.sheets import FormRefused
from fugong.base.questionnaires.logic.workbook import form_sheets
from fugong.base.questionnaires.logic.xlsform import read_form
from fugong.base.questionnaires.models import FormVersion
from fugong.base.spreadsheets.logic.unreadable import UnreadableFile
from fugong.base.spreadsheets.logic.writer import write_xlsx
from fugong.core.decision import Denied
from fugong.core.files import kept_path
from fugong.core.viewer import service_viewer
from fugong.record.incidents.logic.playbook import PlaybookError, read_playbook
from tests.house import PACKAGE

SHIPPED = sorted(PACKAGE.glob("playbooks/*/form-*.xlsx"))
CONSOLE = service_viewer("tests")
QUESTIONS = {
    "n": Question("integer"),
    "d": Question("date"),
    "t": Question("text"),
    "o": Question("select_one", frozenset({"yes", "no"})),
}


def refused(path) -> list[tuple[str, int, str]]:
    """Sheet, row and column of every place that is refused."""
    with pytest.raises(FormRefused) as refusal:
        read_form(path)
    assert all(one.why and one.mend for one in refusal.value.issues)
    return [(one.sheet, one.row, one.column) for one in refusal.value.issues]


class TestSubset:
    def test_a_form_is_read_with_its_groups_and_both_languages(self, form_file):
        rows = [
            {"type": "begin group", "name": "g", "label::English (en)": "Gate", "relevant": ""},
            {"type": "select_one yn", "name": "masks", "required": "yes", "fugong::fail": ". = 'no'"},
            {"type": "text", "name": "seen", "relevant": "${masks} = 'no'"},
            {"type": "end group"},
            {"type": "note", "name": "thanks"},
        ]
        content = read_form(form_file(rows)).content
        assert content["groups"][0]["label"] == {"zh": "g", "en": "Gate"}
        masks, seen, thanks = content["questions"]
        assert (masks["groups"], thanks["groups"]) == ([0], [])
        assert masks["fail"] == {"text": ". = 'no'", "tree": ["=", ["s", "masks"], ["str", "no"]]}
        assert seen["relevant"] == [{"text": "${masks} = 'no'", "tree": ["=", ["s", "masks"], ["str", "no"]]}]

    def test_a_missing_list_is_refused_at_its_row(self, form_file):
        path = form_file([{"type": "integer", "name": "n"}, {"type": "select_one missing", "name": "z"}])
        assert refused(path) == [("survey", 3, "type")]

    def test_every_place_is_named_at_once(self, form_file):
        rows = [
            {"type": "geopoint", "name": "place"},
            {"type": "image", "name": "photo"},
            {"type": "integer", "name": "1st"},
            {"type": "integer", "name": "n", "constraint": ". > pulldata('x')"},
            {"type": "integer", "name": "n"},
            {"type": "calculate", "name": "sum", "calculation": "1 + 1"},
            {"type": "text", "name": "t", "relevant": "${later} = 1", "appearance": "multiline"},
            {"type": "integer", "name": "later", "constraint": "${t} > 'abc'"},
            {"type": "begin group", "name": "g"},
        ]
        assert refused(form_file(rows)) == [
            ("survey", 2, "type"),
            ("survey", 3, "type"),
            ("survey", 4, "name"),
            ("survey", 5, "constraint"),
            ("survey", 6, "name"),
            ("survey", 7, "calculation"),
            ("survey", 7, "type"),
            ("survey", 8, "appearance"),
            ("survey", 8, "relevant"),
            ("survey", 9, "constraint"),
            ("survey", 10, "type"),
        ]

    def test_choices_and_settings_are_checked(self, form_file):
        path = form_file(
            [{"type": "select_one yn", "name": "a"}], choices=[("yn", "yes"), ("yn", "yes"), ("yn", "n o")], code="Ü"
        )
        assert refused(path) == [("settings", 2, "form_id"), ("choices", 3, "name"), ("choices", 4, "name")]

    def test_pyxform_has_the_last_word(self, form_file):
        # Every form has a group of this name already; our reading does not know that.
        assert refused(form_file([{"type": "integer", "name": "meta"}])) == [("survey", 2, "")]

    def test_what_is_no_workbook_is_refused_whole(self, tmp_path, form_file):
        path = tmp_path / "form.xlsx"
        path.write_text("type,name\ninteger,n\n")
        with pytest.raises(UnreadableFile):
            read_form(path)
        assert refused(form_file([])) == [("survey", 1, "type")]


class TestExpressions:
    @pytest.mark.parametrize(
        ("text", "answers", "expected"),
        [
            ("${n} > 5", {}, False),
            ("${n} != 5", {}, True),
            ("${n} = ''", {}, True),
            ("${n} = ''", {"n": "5"}, False),
            ("${n} div 0 > 1000", {"n": "1"}, True),
            ("-7 mod 2 = -1", {}, True),
            ("${d} <= today()", {"d": "2020-03-24"}, True),
            ("${d} > today() - 14", {"d": "2020-03-10"}, False),
            ("not(${d})", {"d": "1970-01-01"}, False),
            ("selected(${o}, 'yes') and ${t} = 12", {"o": "yes", "t": "12.0"}, True),
            ("string-length(${t}) = 1", {"t": "𠮷"}, True),
            ("regex(${t}, '.+')", {"t": "A\nB"}, False),
            ("regex(${t}, '^[A-Z]{2}\\d+$')", {"t": "AB12"}, True),
            ("if(${n} > 1, ${n}, 0) * 2 = 6", {"n": "3"}, True),
            ("1 or ${n} > 1 and false()", {}, True),
        ],
    )
    def test_they_mean_what_odk_says(self, text, answers, expected, phone):
        question = {"choices": [], "required": None, "constraint": None, "fail": None, "relevant": []}
        known = [question | {"name": name, "type": one.type} for name, one in QUESTIONS.items()]
        known[-1] |= {"choices": [{"value": "yes"}]}
        tree = {"text": text, "tree": compile_expression(text, QUESTIONS)}
        form = [*known, question | {"name": "q", "type": "text", "relevant": [tree]}]
        assert ("q" in judge(form, answers, "2020-03-24").shown) is expected
        assert ("q" in phone.judge(form, [answers], "2020-03-24")[0]["shown"]) is expected

    @pytest.mark.parametrize(
        "text",
        [
            "${x} = 1", "${d} > '2020-01-01'", "${o} = 'ja'", "selected(${o}, 'ja')", "1 +", "(1", "1 2", "${n} = “5”",
            "/data/n", "${n}＞5", "..", "'a", "jr:choice-name(1)", "position(..)", "regex(${t}, ${t})", "true() + 1",
            "regex(${t}, '(a+)+')", f"regex(${{t}}, '{'a?' * 21}b')", "regex(${t}, '(?=a)')", "string-length(${n} + 1)",
            "if(1, 'a', 2)", "date('2020-02-30')", "selected(${o})", "1234567890123456 > 1", "not(" * 30 + ")" * 30,
        ],
    )  # fmt: skip
    def test_what_is_outside_is_refused_with_a_way_to_mend(self, text):
        with pytest.raises(ExpressionError) as refusal:
            compile_expression(text, QUESTIONS, "n")
        assert refusal.value.why
        assert refusal.value.mend

    def test_patterns_are_rewritten_for_both(self):
        assert safe_pattern(r"^\d{3}-[a-z]+$") == "[0-9]{3}-[a-z]+"
        assert safe_pattern("a.b/") == r"a[^\n\r\u2028\u2029]b\/"


@pytest.mark.django_db
class TestVersions:
    def load(self, path, actor=CONSOLE, **values):
        return load_form(actor=actor, definition=read_form(path), path=path, file_name=path.name, **values)

    def test_other_content_is_the_next_version_and_the_same_is_none(self, form_file):
        first = self.load(form_file([{"type": "integer", "name": "n"}]))
        assert self.load(form_file([{"type": "integer", "name": "n"}], version="9")) == first
        second = self.load(form_file([{"type": "integer", "name": "n", "required": "yes"}]))
        assert (first.number, second.number) == (1, 2)
        assert AuditEntry.objects.filter(verb="questionnaires.form.loaded").count() == 2
        assert kept_path(second.file_sha256).is_file()
        assert FormVersion.objects.get(number=1).content["questions"][0]["required"] is None

    def test_a_county_changes_neither_the_citys_form_nor_anothers(self, place, viewer_of, form_file):
        path = form_file([{"type": "integer", "name": "n"}])
        self.load(path)
        clerk = viewer_of("bureau_clerk")
        with pytest.raises(Denied):
            self.load(form_file([{"type": "text", "name": "n"}]), clerk)
        with pytest.raises(ValidationError):
            self.load(form_file([{"type": "text", "name": "n"}]), clerk, area_id=place.county.pk)
        with pytest.raises(Denied):
            self.load(form_file([{"type": "text", "name": "n"}], code="own"), clerk, area_id=place.other_county.pk)
        own = self.load(form_file([{"type": "text", "name": "n"}], code="own"), clerk, area_id=place.county.pk)
        assert (own.number, own.form.area) == (1, place.county)
        assert FormVersion.objects.count() == 2


class TestShipped:
    @pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
    def test_pyxform_and_we_accept_every_form_exported(self, path, tmp_path):
        definition = read_form(path)
        target = BytesIO()
        write_xlsx(target, form_sheets(definition.code, 3, definition.content))
        out = tmp_path / "out.xlsx"
        out.write_bytes(target.getvalue())
        assert "<h:html" in convert(xlsform=out, validate=False).xform
        assert read_form(out) == definition

    @pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
    def test_it_speaks_both_languages_and_names_its_source(self, path):
        content = read_form(path).content
        texts = [content["title"], *(group["label"] for group in content["groups"])]
        for question in content["questions"]:
            texts += [question["label"], *(choice["label"] for choice in question["choices"])]
            texts += [text for text in (question["hint"], question["message"]) if text]
        assert [text for text in texts if set(text) != {"zh", "en"}] == []
        assert content["source"]

    def test_a_playbook_with_a_faulty_form_is_refused_in_its_place(self, tmp_path, form_file):
        folder = tmp_path / "epidemic"
        shutil.copytree(PACKAGE / "playbooks" / "epidemic", folder)
        shutil.copy(form_file([{"type": "select_one missing", "name": "z"}], code="broken"), folder)
        with pytest.raises(PlaybookError, match=r"form-broken.xlsx: survey 2 type: "):
            read_playbook(folder)

    def test_there_are_two(self):
        assert {path.stem for path in SHIPPED} == {"form-reopening-prevention", "form-restart-safety"}
        # Each playbook that ships asks before work begins again.
        assert {path.parent.name for path in SHIPPED} == {"epidemic", "flood"}
