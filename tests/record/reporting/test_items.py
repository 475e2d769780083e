"""What a county asks besides the playbook: in every door, only where it asks, apart from the playbook's items."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from types import SimpleNamespace

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fugong.base.audit.models import AuditEntry
from fugong.core.decision import Denied
from fugong.core.files import side_path
from fugong.record.registry.models import Enterprise
from fugong.record.reporting.actions.exports import ask_for_day
from fugong.record.reporting.actions.imports import import_reports
from fugong.record.reporting.actions.items import Question, ask_item, end_item
from fugong.record.reporting.models import AreaItem, DailyReport, DayExport
from fugong.record.reporting.tasks import write_export
from tests import factories
from tests.record.reporting.test_api import REPORTS, body, faults
from tests.record.reporting.test_import_reports import CONSOLE, row_of
from tests.tools import REPORT_HEADER, in_english, write_csv

pytestmark = pytest.mark.django_db
TODAY, EVE = date(2020, 3, 24), date(2020, 3, 23)
TENTS = Question("tents", "帐篷", "Tents", "integer", TODAY, "第12号通知", unit="顶")
NAME = "371502.tents"
MASKS = "371500.masks"
WHOLE = {"state": "open", "roster": "100", "on_post": "80"}


@pytest.fixture
def tents(place, viewer_of):
    return ask_item(actor=viewer_of("bureau_clerk"), incident=place.incident, area=place.county, question=TENTS)


@pytest.fixture
def must(place):
    return factories.AreaItemFactory(incident=place.incident, area=place.city, name="masks", is_required=True)


@pytest.fixture
def phone(client_for):
    return in_english(client_for("reporter"))


@pytest.fixture
def url(place):
    return lambda name: reverse(f"reporting:{name}", args=[place.enterprise.pk, place.incident.slug])


class TestAsking:
    def test_a_clerk_asks_and_it_is_on_record(self, place, client_for):
        clerk = in_english(client_for("bureau_clerk"))
        page = reverse("reports:items", args=[place.incident.slug])
        assert "None. Each question costs" in clerk.get(page).content.decode()
        sent = {
            "name": "tents", "label_zh": "帐篷", "label_en": "Tents", "type": "integer", "unit": "顶",
            "valid_from": "2020-03-24", "source": "第12号通知",
        }  # fmt: skip
        refused = clerk.post(f"{page}ask/?area=371502", sent | {"valid_from": "2020-03-23"})
        assert refused.status_code == 422
        assert "Days gone by are reported already" in refused.content.decode()
        assert clerk.post(f"{page}ask/?area=371502", sent | {"label_en": ""}).status_code == 422
        assert not AreaItem.objects.exists()
        assert clerk.post(f"{page}ask/?area=371502", sent).status_code == 302
        assert NAME in clerk.get(page).content.decode()
        again = clerk.post(f"{page}ask/?area=371502", sent)
        assert "has a question of this short name already" in again.content.decode()
        assert AuditEntry.objects.get(verb="reporting.item.asked").detail["source"] == "第12号通知"

    def test_not_for_days_gone_by_nor_by_others(self, place, viewer_of):
        def ask(who, **changes):
            question = Question(**({"name": "x", "label_zh": "甲", "label_en": "A", "type": "text",
                                    "valid_from": TODAY, "source": "通知"} | changes))  # fmt: skip
            return ask_item(actor=viewer_of(who), incident=place.incident, area=place.county, question=question)

        for who in ("bureau_clerk@outside", "township_cadre", "reporter", "auditor"):
            with pytest.raises(Denied):
                ask(who)
        for wrong in ({"valid_from": EVE}, {"type": "date"}, {"source": " "}, {"label_en": ""}, {"valid_to": EVE},
                      {"name": "a b"}):  # fmt: skip
            with pytest.raises(ValidationError):
                ask("bureau_clerk", **wrong)
        assert not AreaItem.objects.exists()

    def test_it_ends_and_what_was_said_stays(self, place, tents, viewer_of, phone, url, set_clock):
        phone.post(url("report"), WHOLE | {f"extra_{NAME}": "3"})
        end_item(actor=viewer_of("duty_officer"), item=tents, last_day=TODAY)
        set_clock("2020-03-25T08:00:00+08:00")
        assert "Tents" not in phone.get(url("report")).content.decode()
        assert phone.post(url("same")).status_code == 302
        assert [report.extra for report in DailyReport.objects.order_by("day")] == [{NAME: "3"}, {}]


class TestAnswering:
    def test_on_the_phone_with_unit_and_receipt(self, place, tents, phone, url):
        page = phone.get(url("report")).content.decode()
        assert "Tents" in page and "顶" in page and "Asked by" in page
        assert phone.post(url("report"), WHOLE | {f"extra_{NAME}": "12"}).status_code == 302
        assert DailyReport.objects.get().extra == {NAME: "12"}
        assert "Tents" in phone.get(url("receipt")).content.decode()

    def test_nonsense_is_refused_beside_it(self, place, tents, phone, url):
        assert phone.post(url("report"), WHOLE | {f"extra_{NAME}": "many"}).status_code == 422
        assert not DailyReport.objects.exists()

    def test_only_in_its_area(self, place, tents, client_for):
        other = client_for("reporter@other")
        page = other.get(reverse("reporting:report", args=[place.other.pk, place.incident.slug]))
        assert NAME not in page.content.decode()

    def test_one_that_must_be_answered_stops_the_report_and_the_one_tap(self, place, must, phone, url):
        place.report(day=EVE, on_post=80)
        name = "extra_371500.masks"
        refused = phone.post(url("report"), WHOLE)
        assert refused.status_code == 422 and name in refused.content.decode()
        assert phone.post(url("same"))["Location"].endswith(f"/{place.incident.slug}/")
        assert not DailyReport.objects.filter(day=TODAY).exists()
        assert phone.post(url("report"), WHOLE | {name: "5"}).status_code == 302

    def test_by_the_interface(self, place, tents, must, program_for):
        program = program_for("reporter", "reports:read", "reports:write")
        items = {item["name"]: item for item in program.get(f"{REPORTS}items?incident=covid-2020").json()["items"]}
        assert (items[NAME]["area"], items[NAME]["unit"], items[NAME]["is_required"]) == ("371502", "顶", False)
        assert items["371500.masks"]["is_required"]
        assert list(faults(program.post(REPORTS, body(place)))) == ["extra.371500.masks"]
        wrong = program.post(REPORTS, body(place, extra={NAME: "-3", "371500.masks": "1", "371503.x": "1"}))
        assert list(faults(wrong)) == ["extra.371503.x"]
        wrong = program.post(REPORTS, body(place, extra={NAME: "-3", "371500.masks": "1"}))
        assert list(faults(wrong)) == [f"extra.{NAME}"]
        said = {NAME: "3", "371500.masks": "1"}
        assert program.post(REPORTS, body(place, extra=said)).json()["extra"] == said


class TestFiles:
    @pytest.fixture
    def bring_in(self, place, tmp_path):
        def run(rows, *more):
            path = write_csv(tmp_path / "日报.csv", [*REPORT_HEADER, *more], rows, "utf-8")
            return import_reports(actor=CONSOLE, incident=place.incident, path=path)

        return run

    def test_a_column_by_label_or_name(self, place, tents, bring_in):
        assert bring_in([[*row_of(place.enterprise), "7"]], "帐篷").new == 1
        assert DailyReport.objects.get().extra == {NAME: "7"}
        assert bring_in([[*row_of(place.enterprise), "8"]], NAME).changed == 1

    def test_not_asked_there_and_not_answered(self, place, tents, must, bring_in):
        third = factories.EnterpriseFactory(managing_area=place.other_county)
        outcome = bring_in(
            [[*row_of(place.enterprise), "", "1"], [*row_of(place.other), "7", "1"], [*row_of(third), "", ""]],
            NAME,
            "371500.masks",
        )
        reasons = [(issue.row, issue.column, issue.reason) for issue in outcome.refused]
        assert outcome.new == 1
        assert [(line, column) for line, column, _reason in reasons] == [(3, NAME), (4, "371500.masks")]

    def test_more_days_and_areas_ask_no_more_statements(self, place, tents, must, bring_in):
        """And what is refused stands in the order of rows, then of questions."""
        third = factories.EnterpriseFactory(managing_area=place.other_county)
        found = []
        for rows in (
            [row_of(place.other)],
            [row_of(one, day=day) for day in ("2020-03-23", "2020-03-24") for one in (place.other, third)],
        ):
            with CaptureQueriesContext(connection) as queries:
                outcome = bring_in([[*row, "7", ""] for row in rows], NAME, MASKS)
            found.append(sum(" extra ? " in query["sql"] or ".extra ? " in query["sql"] for query in queries))
        assert found == [2, 2]
        expected = [(line, column) for line in (2, 3, 4, 5) for column in (MASKS, NAME)]
        assert [(issue.row, issue.column) for issue in outcome.refused] == expected

    def test_a_stored_answer_need_not_be_in_the_file(self, place, must, bring_in):
        place.report(on_post=80, extra={MASKS: "5"})
        other = factories.EnterpriseFactory(managing_area=place.township)
        place.report(other, on_post=80)
        rows = [row_of(place.enterprise, on_post="79"), row_of(other, on_post="79")]
        outcome = bring_in(rows)
        assert [issue.row for issue in outcome.refused] == [3], "nothing is stored for the other"
        report = DailyReport.objects.get(enterprise=place.enterprise)
        assert (outcome.changed, report.on_post, report.extra) == (1, 79, {MASKS: "5"})
        emptied = bring_in([[*rows[0], ""]], MASKS)
        assert [issue.column for issue in emptied.refused] == [MASKS], "an empty cell is an answer taken away"

    def test_the_area_of_the_day_asks(self, place, tents, bring_in):
        """The enterprise has moved since; the report counts, and is asked, where it was."""
        place.report(on_post=80, extra={NAME: "5"})
        Enterprise.objects.filter(pk=place.enterprise.pk).update(managing_area=place.other_township)
        outcome = bring_in([[*row_of(place.enterprise), "7"]], NAME)
        assert (outcome.changed, outcome.refused) == (1, [])

    def test_a_question_that_has_ended_leaves_its_words(self, place, tents, viewer_of, bring_in, set_clock):
        end_item(actor=viewer_of("duty_officer"), item=tents, last_day=TODAY)
        set_clock("2020-03-25T08:00:00+08:00")
        again = replace(TENTS, name="tents2", valid_from=date(2020, 3, 25))
        ask_item(actor=viewer_of("bureau_clerk"), incident=place.incident, area=place.county, question=again)
        assert bring_in([[*row_of(place.enterprise, day="2020-03-25"), "7"]], "帐篷").new == 1
        assert DailyReport.objects.get().extra == {"371502.tents2": "7"}


def test_a_file_after_the_due_time_is_late(place, tmp_path, set_clock):
    path = write_csv(tmp_path / "日报.csv", REPORT_HEADER, [row_of(place.enterprise)], "utf-8")
    later = write_csv(tmp_path / "日报2.csv", REPORT_HEADER, [row_of(place.other)], "utf-8")
    import_reports(actor=CONSOLE, incident=place.incident, path=path)
    set_clock("2020-03-24T10:00:01+08:00")
    import_reports(actor=CONSOLE, incident=place.incident, path=later)
    assert [report.is_late for report in DailyReport.objects.order_by("pk")] == [False, True]


def test_a_day_that_the_duty_officer_opened_stands_on_the_start_page(place, phone):
    from fugong.record.reporting.models import LockException

    LockException.objects.create(
        incident=place.incident, day=EVE, area=place.city, until="2020-03-24T12:00:00+08:00", reason="录入有误",
        opened_by_name="值班员", opened_at="2020-03-24T08:30:00+08:00",
    )  # fmt: skip
    page = phone.get("/my/").content.decode()
    assert "is open for you again" in page and "录入有误" in page
    assert f"/my/{place.enterprise.pk}/{place.incident.slug}/?day=2020-03-23" in page


class TestTakenAlong:
    def _sheet(self, answer):
        assert answer.status_code == 200, answer.content[:300]
        rows = [list(row) for row in openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows()]
        return [cell.value for cell in rows[0]], rows[1:]

    def test_the_day_with_the_questions_of_its_county(self, place, tents, client_for):
        place.report(
            on_post=80, extra={NAME: "12", "gone": "1"}, remark="=HYPERLINK(1)", obstacles=["labour"], is_late=True
        )
        place.report(place.other, on_post=70)
        clerk = in_english(client_for("bureau_clerk"))
        url = reverse("reports:export", args=[place.incident.slug])
        header, rows = self._sheet(clerk.post(f"{url}?area=371502"))
        assert len(rows) == 1, "the other county is another's"
        said = dict(zip(header, rows[0], strict=True))
        assert said[f"Tents (顶) · Asked by {place.county.name_en or place.county.name}"].value == "12"
        assert (said["gone"].value, said["Late"].value, said["People on post"].value) == ("1", "yes", 80)
        assert said["Remark"].data_type == "s" and said["Remark"].value == "=HYPERLINK(1)"
        entry = AuditEntry.objects.get(verb="reporting.day.exported")
        assert (entry.area_id, entry.detail["rows"]) == (place.county.pk, 1)
        assert len(self._sheet(in_english(client_for("duty_officer@city")).post(url))[1]) == 2

    def test_a_large_day_is_written_by_a_job_that_shows_how_far_it_is(self, place, tents, client_for, monkeypatch):
        place.report(on_post=80, extra={NAME: "12"})
        place.report(place.other, on_post=70)
        monkeypatch.setattr("fugong.record.reporting.web.views.exports.AT_ONCE", 1)
        monkeypatch.setattr("fugong.record.reporting.selectors.day_sheet.BATCH", 1)
        slug = [place.incident.slug]
        city = in_english(client_for("duty_officer@city"))
        answer = city.post(reverse("reports:export", args=slug))
        run = DayExport.objects.get()
        progress = reverse("reports:export_run", args=[*slug, run.pk])
        assert answer["Location"] == progress
        assert b"0 of 2 reports written" in city.get(progress).content
        assert city.post(reverse("reports:export_file", args=[*slug, run.pk])).status_code == 404
        write_export(run.pk)
        said = city.get(progress, headers={"HX-Request": "true"}).content
        assert b"The file is ready: 2 reports." in said and b"hx-trigger" not in said
        fetched = city.post(reverse("reports:export_file", args=[*slug, run.pk]))
        header, rows = self._sheet(SimpleNamespace(status_code=200, content=b"".join(fetched.streaming_content)))
        assert {row[header.index("People on post")].value for row in rows} == {80, 70}
        write_export(run.pk)  # a job that died after the end is begun again, and does nothing
        verbs = AuditEntry.objects.filter(subject=f"reporting.export:{run.pk}").order_by("pk")
        assert [verb.rpartition(".")[2] for verb in verbs.values_list("verb", flat=True)] == [
            "asked", "written", "fetched",
        ]  # fmt: skip

    def test_the_job_writes_what_the_person_may_see_by_then_and_says_when_it_cannot(self, place, viewer_of):
        place.report(on_post=80)
        place.report(place.other, on_post=70)
        who = viewer_of("duty_officer@city")
        asked = {"incident": place.incident, "day": TODAY, "area": place.city}
        first, second = (ask_for_day(actor=who, **asked) for _number in range(2))
        mandates = place.person("duty_officer@city").mandates
        mandates.update(area=place.county)
        write_export(first.pk)
        first.refresh_from_db()
        content = side_path(first.file_name).read_bytes()
        assert len(self._sheet(SimpleNamespace(status_code=200, content=content))[1]) == 1
        mandates.update(valid_to="2020-03-01")
        with pytest.raises(Denied):
            write_export(second.pk)
        second.refresh_from_db()
        assert second.state == "failed" and not side_path(second.file_name).exists()

    def test_the_own_history_has_them(self, place, tents, phone):
        place.report(extra={NAME: "12"})
        page = phone.get(reverse("reporting:history", args=[place.enterprise.pk])).content.decode()
        assert "Tents: 12" in page
