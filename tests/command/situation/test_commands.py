"""The console: figures and bulletin out, files in. One JSON value on stdout, exit codes that a script can trust."""

from __future__ import annotations

import io
import json
from datetime import date, datetime

import pytest
from django.core.management import CommandError, call_command
from docx import Document

from fugong.config.cli import main
from fugong.record.registry.logic.uscc import compose_code
from fugong.record.registry.models import Enterprise
from fugong.record.reporting.models import DailyReport
from tests import factories
from tests.tools import REPORT_HEADER, entries, write_csv

FOREIGN = compose_code("110101", "MA3DK20P")


@pytest.fixture
def run(capsys):
    """`run("figures", "--json")`: what the command writes to stdout and nothing besides; raises as the command does."""

    def call(name, *arguments):
        out, err = io.StringIO(), io.StringIO()
        call_command(name.replace("-", "_"), *[str(argument) for argument in arguments], stdout=out, stderr=err)
        printed = capsys.readouterr()
        assert printed.out == printed.err == ""
        return out.getvalue()

    return call


def refused(run, *arguments):
    """The sentence of a command that could not begin; its exit code is 2."""
    with pytest.raises(CommandError) as error:
        run(*arguments)
    assert error.value.returncode == 2
    return str(error.value)


@pytest.fixture
def reported(place):
    place.report(roster=100, on_post=85)
    place.report(place.other, roster=50, on_post=20)
    return place


class TestFigures:
    def test_each_row_has_exactly_the_fields_of_the_interface(self, reported, run):
        rows = json.loads(run("figures", "--on", "2020-03-24", "--json"))
        row = next(row for row in rows if (row["area"], row["indicator"]) == ("371502", "return_rate"))
        as_of = datetime.fromisoformat(row.pop("as_of"))
        definition = row.pop("definition")
        assert row == {
            "area": "371502",
            "area_name": "东昌府区",
            "incident": "covid-2020",
            "indicator": "return_rate",
            "numerator": 85,
            "denominator": 100,
            "value": "85.00",
            "unit": "person",
        }
        assert (as_of.date(), as_of.utcoffset() is not None) == (date(2020, 3, 24), True)
        assert "people on the roster" in definition.lower()

    def test_the_city_and_one_row_per_reporting_area_and_indicator(self, reported, run):
        rows = json.loads(run("figures", "--on", "2020-03-24", "--json"))
        assert [(row["area"], row["indicator"]) for row in rows] == [
            (area, indicator)
            for indicator in (
                "opening_rate", "return_rate", "return_rate_normal", "above_scale_opening_rate", "capacity",
                "reporting_rate", "minutes_asked",
            )
            for area in ("371500", "371502", "371503", "371500-JK")
        ]  # fmt: skip

    def test_nothing_of_nothing_is_null_and_a_rate_is_a_string(self, reported, run):
        values = {(row["area"], row["indicator"]): row["value"] for row in json.loads(run("figures", "--json"))}
        assert values["371500-JK", "opening_rate"] is None
        assert values["371500", "return_rate"] == "70.00"
        assert values["371500", "opening_rate"] == "100.00"

    def test_without_a_day_it_is_today(self, reported, run, set_clock):
        today = json.loads(run("figures", "--json"))
        set_clock("2020-03-25T00:01:00+08:00")
        tomorrow = json.loads(run("figures", "--json"))
        assert (today[0]["numerator"], tomorrow[0]["numerator"]) == (2, 0)

    def test_one_area_with_its_parts(self, reported, run):
        rows = json.loads(run("figures", "--area", "371502", "--json"))
        assert {row["area"] for row in rows} == {"371502"}
        rows = json.loads(run("figures", "--area", "371500-JK", "--json"))
        assert [(row["numerator"], row["denominator"], row["value"]) for row in rows] == [(0, 0, None)] * 7

    def test_for_reading_there_is_a_line_each(self, reported, run):
        lines = run("figures").splitlines()
        assert "371503\t茌平区\tReturn rate\t20/50\t40.00 %" in lines
        assert "371500-JK\t经开区\tReturn rate\t0/0\t—" in lines

    def test_an_unknown_area_or_one_of_elsewhere_is_refused(self, place, run):
        factories.AreaFactory(code="370100", name="济南市", level="city")
        for code in ("999999", "370100", "37150"):
            assert code in refused(run, "figures", "--area", code)

    def test_a_day_outside_the_incident_is_refused(self, place, run):
        for day in ("2020-02-09", "2020-03-25"):
            assert "2020-02-10 to 2020-03-24" in refused(run, "figures", "--on", day)

    def test_what_is_no_day_is_refused(self, place, run):
        for day in ("yesterday", "2020-02-30", "0001-01-01", ""):
            with pytest.raises(CommandError):
                run("figures", f"--on={day}")


class TestWhichIncident:
    COMMANDS = ("figures", "import-reports", "bulletin")

    @pytest.fixture
    def arguments(self, place, tmp_path):
        path = write_csv(
            tmp_path / "日报.csv", REPORT_HEADER, [[place.enterprise.uscc, "2020-03-24", "open", "", 9, 5]]
        )
        return {"figures": [], "import-reports": [path], "bulletin": ["--out", tmp_path / "通报.docx"]}

    @pytest.mark.parametrize("command", COMMANDS)
    def test_a_drill_and_an_ended_one_do_not_come_into_question(self, place, run, arguments, command):
        factories.IncidentFactory(area=place.city, slug="drill", is_drill=True)
        factories.IncidentFactory(area=place.city, slug="flood-2018", ended_on=date(2020, 3, 23))
        run(command, *arguments[command])

    @pytest.mark.parametrize("command", COMMANDS)
    def test_of_two_open_ones_none_is_chosen_and_both_are_listed(self, place, run, arguments, command):
        factories.IncidentFactory(area=place.city, slug="flood-2020")
        sentence = refused(run, command, *arguments[command])
        assert {"covid-2020", "flood-2020"} <= set(sentence.replace(",", " ").split())
        run(command, *arguments[command], "--incident", "flood-2020")

    @pytest.mark.parametrize("command", COMMANDS)
    def test_an_unknown_one_is_refused(self, place, run, arguments, command):
        assert "“typhoon”" in refused(run, command, *arguments[command], "--incident", "typhoon")

    def test_a_drill_is_addressed_by_its_name(self, place, run):
        factories.IncidentFactory(area=place.city, slug="drill", is_drill=True)
        assert {row["incident"] for row in json.loads(run("figures", "--incident", "drill", "--json"))} == {"drill"}


class TestBulletin:
    def test_it_writes_a_draft_that_opens(self, reported, run, tmp_path):
        out = tmp_path / "通报.docx"
        assert run("bulletin", "--on", "2020-03-24", "--out", out) == ""
        text = "\n".join(paragraph.text for paragraph in Document(out).paragraphs)
        assert "（草稿）" in text
        assert "员工返岗率70.00%" in text
        (entry,) = entries("situation.bulletin.draft_taken")
        assert (entry.actor_id, entry.actor_name) == (None, "console")

    def test_of_one_area(self, reported, run, tmp_path):
        run("bulletin", "--area", "371503", "--out", tmp_path / "通报.docx")
        assert "茌平区开工企业1家" in "\n".join(p.text for p in Document(tmp_path / "通报.docx").paragraphs)

    @pytest.mark.parametrize("name", ["通报.odt", "通报", "docx", "通报.docx.zip"])
    def test_another_kind_of_file_is_refused(self, reported, run, tmp_path, name):
        assert ".docx" in refused(run, "bulletin", "--out", tmp_path / name)
        assert list(tmp_path.iterdir()) == []

    def test_an_unknown_area_a_wrong_day_and_a_folder_that_is_not_there_are_refused(self, reported, run, tmp_path):
        out = tmp_path / "通报.docx"
        assert "999999" in refused(run, "bulletin", "--area", "999999", "--out", out)
        assert "2020-03-25" in refused(run, "bulletin", "--on", "2020-03-25", "--out", out)
        assert "No such file" in refused(run, "bulletin", "--out", tmp_path / "nowhere" / "通报.docx")
        assert list(tmp_path.iterdir()) == []

    def test_without_a_file_to_write_it_does_not_begin(self, reported, run):
        with pytest.raises(CommandError, match="--out"):
            run("bulletin")


class TestImports:
    def test_enterprises_with_refused_rows_are_an_answer_and_no_failure(self, place, run, tmp_path):
        rows = [("甲有限公司", place.enterprise.uscc), ("乙有限公司", "123"), ("丙有限公司", "")]
        path = write_csv(tmp_path / "企业.csv", ("企业名称", "统一社会信用代码"), rows)
        answer = json.loads(run("import-enterprises", path, "--json"))
        assert set(answer) == {"read", "accepted", "new", "recognised", "changed", "same", "refused", "warnings"}
        assert {name: answer[name] for name in ("read", "accepted", "new", "recognised", "changed", "same")} == {
            "read": 3, "accepted": 1, "new": 0, "recognised": 1, "changed": 1, "same": 0,
        }  # fmt: skip
        assert [(issue["row"], issue["column"], issue["value"]) for issue in answer["refused"]] == [
            (3, "统一社会信用代码", "123"), (4, "统一社会信用代码", ""),
        ]  # fmt: skip
        assert all(set(issue) == {"row", "column", "value", "reason", "mend"} for issue in answer["refused"])

    def test_a_file_of_nothing_but_refused_rows_is_an_answer_too(self, place, run, tmp_path):
        path = write_csv(tmp_path / "企业.csv", ("企业名称", "统一社会信用代码"), [("甲有限公司", "123")])
        assert json.loads(run("import-enterprises", path, "--json"))["accepted"] == 0

    def test_reports_with_refused_rows_are_an_answer_and_no_failure(self, place, run, tmp_path):
        rows = [
            [place.enterprise.uscc, "2020-03-24", "open", "", 100, 85, "", "", "", ""],
            [place.other.uscc, "2020-03-24", "open", "", 100, 101, "", "", "", ""],
        ]
        answer = json.loads(run("import-reports", write_csv(tmp_path / "日报.csv", REPORT_HEADER, rows), "--json"))
        assert {name: value for name, value in answer.items() if isinstance(value, int)} == {
            "read": 2, "accepted": 1, "new": 1, "recognised": 0, "changed": 0, "same": 0,
        }  # fmt: skip
        (issue,) = answer["refused"]
        assert (issue["row"], issue["column"], issue["value"]) == (3, "on_post", "101")
        assert json.loads(run("figures", "--json"))[0]["numerator"] == 1

    def test_for_reading_counts_and_refusals_are_lines(self, place, run, tmp_path):
        rows = [("甲有限公司", place.enterprise.uscc), ("乙有限公司", "123")]
        path = write_csv(tmp_path / "企业.csv", ("企业名称", "统一社会信用代码"), rows)
        lines = run("import-enterprises", path).splitlines()
        assert lines[0] == "2 read: 0 new, 1 changed, 0 same, 1 refused; 0 warnings"
        assert lines[1].startswith("refused: row 3, 统一社会信用代码, “123”: ")

    @pytest.mark.parametrize("command", ["import-enterprises", "import-reports"])
    @pytest.mark.parametrize(
        "content", [None, "", "企业名称,统一社会信用代码\n", "甲,乙\n1,2\n", "%PDF-1.4\n"],
        ids=["no file", "empty", "only a header", "other columns", "no table"],
    )  # fmt: skip
    def test_a_file_of_which_nothing_can_be_read_is_refused(self, place, run, tmp_path, command, content):
        path = tmp_path / "文件.csv"
        if content is not None:
            path.write_text(content, encoding="utf-8")
        assert refused(run, command, path, "--json").startswith("文件.csv: ")
        assert (Enterprise.objects.count(), DailyReport.objects.count()) == (2, 0)

    @pytest.mark.parametrize("command", ["import-enterprises", "import-reports"])
    def test_a_folder_is_no_file(self, place, run, tmp_path, command):
        refused(run, command, tmp_path)

    def test_rows_that_tell_no_area_go_to_the_one_named(self, place, run, tmp_path):
        path = write_csv(tmp_path / "企业.csv", ("企业名称", "统一社会信用代码"), [("外地有限公司", FOREIGN)])
        run("import-enterprises", path, "--area", "371503")
        assert Enterprise.objects.get(name="外地有限公司").managing_area == place.other_county

    def test_an_area_that_does_not_exist_is_a_slip_and_not_a_refusal_of_every_row(self, place, run, tmp_path):
        path = write_csv(tmp_path / "企业.csv", ("企业名称", "统一社会信用代码"), [("甲有限公司", FOREIGN)])
        assert "37150Z" in refused(run, "import-enterprises", path, "--area", "37150Z")


@pytest.mark.django_db(transaction=True)
class TestExitCodes:
    """Through the door itself: what the shell sees."""

    def test_done_is_zero(self, place, capsys):
        assert main(["figures", "--json"]) == 0
        printed = capsys.readouterr()
        assert len(json.loads(printed.out)) == 28
        assert printed.err == ""

    def test_done_with_refused_rows_is_zero(self, place, capsys, tmp_path):
        path = write_csv(tmp_path / "企业.csv", ("企业名称", "统一社会信用代码"), [("甲有限公司", "123")])
        assert main(["import-enterprises", str(path), "--json"]) == 0
        assert len(json.loads(capsys.readouterr().out)["refused"]) == 1

    @pytest.mark.parametrize(
        "words",
        [
            ["import-enterprises", "nowhere.csv"],
            ["import-reports", "nowhere.csv"],
            ["figures", "--area", "999999"],
            ["figures", "--on", "yesterday"],
            ["bulletin", "--out", "通报.odt"],
            ["bulletin"],
        ],
        ids=" ".join,
    )
    def test_what_could_not_begin_is_two_with_a_word_on_stderr(self, place, capsys, words):
        with pytest.raises(SystemExit) as end:
            main(words)
        printed = capsys.readouterr()
        assert (end.value.code, printed.out) == (2, "")
        assert printed.err.strip()
        assert "Traceback" not in printed.err
