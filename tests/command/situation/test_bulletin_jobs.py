"""Figures and files of bulletins are made by jobs: what a request, a failure and a death leave behind."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from docx import Document

from fugong.base.accounts.models import Mandate
from fugong.base.documents.logic.pdf import PdfUnavailable
from fugong.command.situation.actions import bulletins as drafting
from fugong.command.situation.actions.bulletin_figures import (
    ask_for_figures,
    count_figures,
    keep_figures,
    stop_counting,
)
from fugong.command.situation.actions.bulletin_outputs import ask_for_output, forget_outputs
from fugong.command.situation.actions.bulletins import Span, draft_bulletin
from fugong.command.situation.models import Bulletin, BulletinMembers, BulletinOutput
from fugong.command.situation.selectors.bulletin import FiguresDisagree
from fugong.command.situation.selectors.bulletin_outputs import output_for
from fugong.command.situation.tasks import take_figures as take_figures_job
from fugong.core.decision import Denied, OutOfScope
from fugong.core.files import side_path
from fugong.core.viewer import service_viewer
from tests import factories
from tests.command.situation.test_bulletin import EVE, TODAY, saved
from tests.tools import entries, in_english


@pytest.fixture
def reported(place):
    place.report(roster=100, on_post=85)
    return place


class TestJobs:
    """Figures and files are made by jobs: what a request, a failure and a death leave behind."""

    @pytest.fixture
    def clerk(self, viewer_of):
        return viewer_of("bureau_clerk@city")

    @pytest.fixture
    def waiting(self, reported, clerk):
        return draft_bulletin(
            actor=clerk, incident=reported.incident, area=reported.city, span=Span("daily", TODAY, TODAY)
        )

    def test_a_draft_without_figures_goes_nowhere(self, waiting, clerk):
        for form in ("docx", "xlsx", "changes"):
            with pytest.raises(Denied):
                ask_for_output(actor=clerk, bulletin=waiting, form=form)
        with pytest.raises(ValidationError, match="not counted"):
            drafting.submit_bulletin(actor=clerk, bulletin=waiting)
        with pytest.raises(DatabaseError, match="bulletin_counted_before_approval"), transaction.atomic():
            Bulletin.objects.update(state="submitted")

    def test_the_text_may_be_saved_while_figures_are_taken_anew(self, waiting, clerk):
        factories.counted_bulletin(waiting)
        ask_for_figures(actor=clerk, bulletin=waiting)
        saved(clerk, waiting, "复工{return_rate.numerator}")
        factories.counted_bulletin(waiting)
        assert Bulletin.objects.get().text == "复工{return_rate.numerator}"

    def test_who_waits_no_longer_gets_no_figures(self, waiting, clerk):
        stop_counting(actor=clerk, bulletin=waiting)
        assert not factories.counted_bulletin(waiting).is_counted
        assert not BulletinMembers.objects.exists()

    def test_figures_of_an_earlier_asking_are_not_kept(self, waiting, clerk, set_clock):
        old, asked_at = count_figures(actor=clerk, bulletin=waiting), waiting.figures_asked_at
        stop_counting(actor=clerk, bulletin=waiting)
        set_clock("2020-03-24T09:05:00+08:00")
        ask_for_figures(actor=clerk, bulletin=waiting)
        keep_figures(actor=clerk, bulletin=waiting, members=old, asked_at=asked_at)
        assert not BulletinMembers.objects.exists()
        assert Bulletin.objects.get().is_counting

    def test_a_clock_that_was_set_back_keeps_nobody_waiting(self, waiting, set_clock):
        set_clock("2020-03-24T08:00:00+08:00")
        assert factories.counted_bulletin(waiting).is_counted

    def test_a_job_that_died_is_begun_anew_and_one_too_many_changes_nothing(self, waiting, clerk, monkeypatch):
        def die(**_values):
            raise SystemExit

        with monkeypatch.context() as patched:
            patched.setattr("fugong.command.situation.actions.bulletin_figures.keep_figures", die)
            with pytest.raises(SystemExit):
                factories.counted_bulletin(waiting)
        assert Bulletin.objects.get().is_counting
        done = factories.counted_bulletin(waiting)
        assert done.is_counted and not done.is_counting
        assert factories.counted_bulletin(waiting).members_id == done.members_id
        assert len(entries("situation.bulletin.figures_taken")) == 1

    def test_whoever_lost_the_right_meanwhile_is_told_and_nothing_is_counted(self, reported, waiting, client_for):
        client = in_english(client_for("bureau_clerk@city"))
        Mandate.objects.filter(user=reported.person("bureau_clerk@city")).update(valid_to=EVE)
        failed = factories.counted_bulletin(waiting)
        assert not failed.is_counted and not failed.is_counting and failed.figures_failed
        other = in_english(client_for("duty_officer@city"))
        page = other.get(reverse("situation:bulletin_page", args=[reported.incident.slug, waiting.pk]))
        assert "Take the figures" in page.content.decode()
        assert client.get(page.request["PATH_INFO"]).status_code in (403, 404)

    def test_what_fails_for_good_says_so(self, waiting, monkeypatch):
        def disagree(**_values):
            raise FiguresDisagree("opening_rate")

        monkeypatch.setattr("fugong.command.situation.actions.bulletin_figures.count_figures", disagree)
        context = SimpleNamespace(job=SimpleNamespace(attempts=0))
        with pytest.raises(FiguresDisagree):
            take_figures_job.func(context, waiting.pk, waiting.edited_by_id, waiting.figures_asked_at.isoformat())
        assert Bulletin.objects.get().is_counting, "it is tried again"
        context.job.attempts = 3
        with pytest.raises(FiguresDisagree):
            take_figures_job.func(context, waiting.pk, waiting.edited_by_id, waiting.figures_asked_at.isoformat())
        assert "administrators" in Bulletin.objects.get().figures_failed

    def test_an_edited_draft_has_another_file_and_a_workbook_is_everybodys_own(self, waiting, clerk, viewer_of):
        bulletin = factories.counted_bulletin(waiting)
        first = factories.made_output(ask_for_output(actor=clerk, bulletin=bulletin, form="docx"))
        officer = viewer_of("duty_officer@city")
        assert ask_for_output(actor=officer, bulletin=bulletin, form="docx").pk == first.pk
        saved(clerk, bulletin, "改过的字")
        bulletin.refresh_from_db()
        second = factories.made_output(ask_for_output(actor=clerk, bulletin=bulletin, form="docx"))
        assert second.pk != first.pk
        assert "改过的字" in "".join(p.text for p in Document(side_path(second.file_name)).paragraphs)
        book = factories.made_output(ask_for_output(actor=clerk, bulletin=bulletin, form="xlsx"))
        with pytest.raises(OutOfScope):
            output_for(officer, bulletin, book.pk)

    def test_where_pdf_cannot_be_made_it_says_how_to_mend_it(self, waiting, clerk, monkeypatch):
        def without_pango(document):
            raise PdfUnavailable("apt-get install libpangoft2-1.0-0")

        monkeypatch.setattr("fugong.command.situation.selectors.bulletin_book.render_pdf", without_pango)
        bulletin = factories.counted_bulletin(waiting)
        output = factories.made_output(ask_for_output(actor=clerk, bulletin=bulletin, form="pdf"))
        assert (output.state, output.failed) == ("failed", "apt-get install libpangoft2-1.0-0")
        assert ask_for_output(actor=clerk, bulletin=bulletin, form="pdf").pk != output.pk, (
            "asked for again: tried again"
        )


class TestForgotten:
    """Files that name enterprises do not lie about: not after their days, and not behind a draft that is gone."""

    def test_after_seven_days(self, reported, set_clock):
        output = factories.made_output(factories.asked_output(reported, reported.county, "xlsx"))
        file, service = side_path(output.file_name), service_viewer("figures")
        set_clock("2020-03-31T08:00:00+08:00")
        assert forget_outputs(actor=service) == 0
        assert file.exists()
        set_clock("2020-03-31T10:00:00+08:00")
        assert forget_outputs(actor=service) >= 1
        assert not file.exists()
        assert not BulletinOutput.objects.filter(pk=output.pk).exists()
        assert entries("situation.outputs.deleted")

    def test_with_its_draft(self, reported, viewer_of):
        clerk = viewer_of("bureau_clerk@in")
        draft = factories.drafted_bulletin(reported, reported.county)
        output = factories.made_output(ask_for_output(actor=clerk, bulletin=draft, form="xlsx"))
        file = side_path(output.file_name)
        assert file.exists()
        drafting.discard_draft(actor=clerk, bulletin=draft)
        assert not file.exists()
