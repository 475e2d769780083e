"""Published is for ever: numbers without gaps, members that equal the print, revisions that name what changed."""

from __future__ import annotations

import http.client
import io
import threading
import zipfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from fugong.base.accounts.selectors import viewer_for
from fugong.base.documents.logic.official import render_text
from fugong.command.situation.actions import bulletins as drafting
from fugong.command.situation.actions.figures import keep_figures as keep_rollup
from fugong.command.situation.actions.publishing import publish_bulletin, revise_bulletin
from fugong.command.situation.logic.bulletin_members import sums
from fugong.command.situation.models import Bulletin, BulletinMembers, BulletinOutput
from fugong.command.situation.selectors.bulletin_book import workbook_of
from fugong.command.situation.selectors.bulletins import (
    bulletin_for,
    changed_since,
    document_for,
    figures_of,
    members_frozen,
    published_on,
    revised,
)
from fugong.command.situation.selectors.figures import figures_on
from fugong.core import clock
from fugong.core.decision import Denied
from fugong.core.snapshot import NotAtTheBeginning, one_snapshot
from fugong.core.viewer import service_viewer
from fugong.record.registry.actions.closing import close_enterprise
from fugong.record.registry.actions.moving import move_enterprise
from fugong.record.registry.enums import ClosingReason
from fugong.record.reporting.actions.locks import open_lock
from fugong.record.reporting.actions.submit import ReportLocked, Sending, submit_report
from fugong.record.reporting.enums import Channel, CorrectionReason, Means
from fugong.record.reporting.logic.checks import ReportValues
from tests import factories
from tests.tools import in_english, words_of

DAY = date(2020, 3, 24)


def drafted(actor, place, area=None):
    span = drafting.Span("daily", DAY, DAY)
    made = drafting.draft_bulletin(actor=actor, incident=place.incident, area=area or place.city, span=span)
    return factories.counted_bulletin(made)


def correct(actor, place, enterprise):
    """A clerk enters what an enterprise says on the telephone: 45 on post."""
    values = ReportValues("open", "", 50, 45, None, (), None, "", {})
    sending = Sending(
        Channel.ON_BEHALF, means=Means.CALL, told_by="厂办", correction_reason=CorrectionReason.values[0], seen=1
    )
    submit_report(actor=actor, incident=place.incident, enterprise=enterprise, day=DAY, values=values, sending=sending)


def submitted(actor, place, area=None):
    bulletin = drafted(actor, place, area)
    drafting.submit_bulletin(actor=actor, bulletin=bulletin)
    bulletin.refresh_from_db()
    return bulletin


@pytest.fixture
def crowd(place):
    """Fifteen enterprises of the county that report 40 of 50, and one that has not."""
    made = factories.EnterpriseFactory.create_batch(15, managing_area=place.county)
    for enterprise in made:
        place.report(enterprise, roster=50, on_post=40)
    return made


@pytest.fixture
def clerk(viewer_of):
    return viewer_of("bureau_clerk@city")


@pytest.fixture
def commander(viewer_of):
    return viewer_of("commander@city")


class TestApproval:
    def test_it_is_numbered_frozen_and_its_day_locked(self, place, crowd, clerk, commander):
        bulletin = publish_bulletin(actor=commander, bulletin=submitted(clerk, place))
        assert (bulletin.year, bulletin.number, bulletin.revision) == (2020, 1, 1)
        text = render_text(document_for(bulletin))
        assert "第1期" in text
        assert "草稿" not in text
        assert place.incident.day_locks.filter(day=DAY, reason="published").exists()
        assert published_on(commander, place.incident, place.city, DAY).pk == bulletin.pk

    def test_whoever_wrote_it_does_not_approve_it(self, place, crowd, clerk, commander):
        own = submitted(commander, place)
        with pytest.raises(Denied, match="wrote"):
            publish_bulletin(actor=commander, bulletin=own)
        edited = drafted(clerk, place)
        drafting.save_bulletin(
            actor=commander, bulletin=edited, edition=1, values={"title": "题", "text": "文", "red_head": True}
        )
        edited.refresh_from_db()
        drafting.submit_bulletin(actor=clerk, bulletin=edited)
        edited.refresh_from_db()
        with pytest.raises(Denied, match="wrote"):
            publish_bulletin(actor=commander, bulletin=edited)
        # Also when somebody else has written after that: having written of it is enough.
        again = drafted(clerk, place)
        for number, writer in enumerate((commander, clerk), start=1):
            values = {"title": "题", "text": f"文{number}", "red_head": True}
            drafting.save_bulletin(actor=writer, bulletin=again, edition=number, values=values)
        again.refresh_from_db()
        drafting.submit_bulletin(actor=clerk, bulletin=again)
        again.refresh_from_db()
        with pytest.raises(Denied, match="wrote"):
            publish_bulletin(actor=commander, bulletin=again)
        with pytest.raises(DatabaseError, match="bulletin_approved_by_another"), transaction.atomic():
            Bulletin.objects.filter(pk=again.pk).update(approved_by_id=commander.id)
        with pytest.raises(DatabaseError, match="bulletin_approved_by_another"), transaction.atomic():
            Bulletin.objects.filter(pk=edited.pk).update(approved_by_id=commander.id)

    @pytest.mark.parametrize("kind", ["bureau_clerk@city", "duty_officer@city", "commander@in", "administrator@city"])
    def test_only_the_commander_of_the_area_approves(self, place, crowd, clerk, viewer_of, kind):
        other = submitted(viewer_of("duty_officer@city" if kind != "duty_officer@city" else "bureau_clerk@city"), place)
        with pytest.raises(Denied):
            publish_bulletin(actor=viewer_of(kind), bulletin=other)
        assert not Bulletin.objects.filter(state="published").exists()

    def test_a_draft_is_not_published_and_nothing_twice(self, place, crowd, clerk, commander):
        draft = drafted(clerk, place)
        with pytest.raises(Denied):
            publish_bulletin(actor=commander, bulletin=draft)
        waiting = submitted(clerk, place)
        publish_bulletin(actor=commander, bulletin=waiting)
        with pytest.raises(Denied):
            publish_bulletin(actor=commander, bulletin=waiting)
        assert Bulletin.objects.filter(number__isnull=False).count() == 1

    def test_the_database_refuses_every_change_of_what_is_published(self, place, crowd, clerk, commander):
        bulletin = publish_bulletin(actor=commander, bulletin=submitted(clerk, place))
        changes: list[Callable[[], object]] = [
            lambda: Bulletin.objects.filter(pk=bulletin.pk).update(text="别的"),
            lambda: Bulletin.objects.filter(pk=bulletin.pk).delete(),
            lambda: BulletinMembers.objects.filter(pk=bulletin.members_id).update(count=0),
        ]
        for change in changes:
            with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
                change()

    def test_each_area_and_year_counts_for_itself(self, place, crowd, clerk, commander, viewer_of, set_clock):
        numbers = [publish_bulletin(actor=commander, bulletin=submitted(clerk, place)).number for _again in range(3)]
        own = submitted(viewer_of("bureau_clerk"), place, place.county)
        county = publish_bulletin(actor=viewer_of("commander"), bulletin=own)
        waiting = submitted(clerk, place)
        set_clock("2021-01-02T09:00:00+08:00")
        next_year = publish_bulletin(actor=commander, bulletin=waiting)
        assert (numbers, county.number, (next_year.year, next_year.number)) == ([1, 2, 3], 1, (2021, 1))


class TestLaterCorrections:
    """Ten corrections, a move and a closing change today's board, not the bulletin; a revision names exactly them."""

    @pytest.fixture
    def published(self, place, crowd, clerk, commander):
        return publish_bulletin(actor=commander, bulletin=submitted(clerk, place))

    @pytest.fixture
    def twelve(self, place, crowd, published, viewer_of):
        """Ten corrections behind the lock that the bulletin set, opened by the duty officer; a move, a closing."""
        officer, clerk = viewer_of("duty_officer@city"), viewer_of("bureau_clerk@city")
        with pytest.raises(ReportLocked):
            correct(clerk, place, crowd[0])
        until = clock.now() + timedelta(hours=1)
        open_lock(
            actor=officer, incident=place.incident, day=DAY, until=until, reason="核对在岗人数", area=place.county
        )
        for enterprise in crowd[:10]:
            correct(clerk, place, enterprise)
        moved, closed = place.other, place.enterprise
        move_enterprise(actor=clerk, enterprise=moved, to_area=place.zone, moved_on=DAY, reason="迁入园区")
        close_enterprise(
            actor=clerk, enterprise=closed, closed_on=DAY, reason=ClosingReason.BANKRUPT, evidence="法院公告"
        )
        # Two that had reported the day: what they said of it stays where they said it, and so does the figure.
        move_enterprise(actor=clerk, enterprise=crowd[12], to_area=place.zone, moved_on=DAY, reason="迁入园区")
        close_enterprise(
            actor=clerk, enterprise=crowd[13], closed_on=DAY, reason=ClosingReason.BANKRUPT, evidence="法院公告"
        )
        return {e.code for e in crowd[:10]} | {moved.code, closed.code}

    def test_the_bulletin_stays_and_the_board_goes_on(self, place, published, twelve, commander):
        text = render_text(document_for(bulletin_for(commander, place.incident, published.pk)))
        assert "复工人数600人，员工返岗率80.00%" in text
        board = {f.indicator.code: f.ratio for f in figures_on(commander, place.incident, DAY, place.city, parts=False)}
        assert (board["return_rate"].numerator, board["opening_rate"].denominator) == (650, 16)

    def test_they_are_listed_as_they_are(self, place, published, twelve, clerk):
        changes = changed_since(clerk, bulletin_for(clerk, place.incident, published.pk))
        assert {change.line.code for change in changes} == twelve
        kinds = sorted(str(change.what) for change in changes)
        assert kinds == ["corrected"] * 10 + ["left", "moved"]

    def test_the_page_lists_them_after_a_job_has(self, place, published, twelve, client_for):
        client = in_english(client_for("bureau_clerk@city"))
        url = reverse("situation:bulletin_changes", args=[place.incident.slug, published.pk])
        assert "Count now" in words_of(client.get(url))
        act = reverse("situation:bulletin_act", args=[place.incident.slug, published.pk, "changes"])
        assert "counted again" in words_of(client.post(act, follow=True))
        factories.made_output(BulletinOutput.objects.get(form="changes"))
        page = client.get(url)
        assert (page.context["total"], len(page.context["rows"])) == (12, 12)
        assert {row["code"] for row in page.context["rows"]} == twelve
        assert "corrected 10" in words_of(page)

    def test_the_revision_names_exactly_them_and_why(self, place, published, twelve, clerk, commander):
        revision = revise_bulletin(actor=clerk, bulletin=published, reason="十家企业更正在岗人数")
        revision = factories.counted_bulletin(revision)
        drafting.submit_bulletin(actor=clerk, bulletin=revision)
        revision.refresh_from_db()
        publish_bulletin(actor=commander, bulletin=revision)
        revision = bulletin_for(commander, place.incident, revision.pk)
        assert (revision.number, revision.revision) == (published.number, 2)
        assert {change.line.code for change in revised(revision)} == twelve
        text = render_text(document_for(revision))
        assert "第1期（第1次修订）" in text
        assert "本次修订原因：十家企业更正在岗人数。" in text
        assert "更正数据10家、变更管理区域1家、注销或退出1家" in text
        assert all(code in text for code in twelve)
        assert "复工人数650人" in text
        old = render_text(document_for(bulletin_for(commander, place.incident, published.pk)))
        assert "复工人数600人" in old
        assert published_on(commander, place.incident, place.city, DAY).pk == revision.pk

    def test_a_revision_needs_a_reason_and_there_is_one_at_a_time(self, place, published, clerk):
        with pytest.raises(ValidationError):
            revise_bulletin(actor=clerk, bulletin=published, reason=" ")
        revise_bulletin(actor=clerk, bulletin=published, reason="更正")
        with pytest.raises(ValidationError):
            revise_bulletin(actor=clerk, bulletin=published, reason="再更正")

    def test_the_workbook_holds_figures_members_and_changes(self, place, published, twelve, clerk):
        revision = factories.counted_bulletin(revise_bulletin(actor=clerk, bulletin=published, reason="更正"))
        content = workbook_of(clerk, bulletin_for(clerk, place.incident, revision.pk))
        names = zipfile.ZipFile(io.BytesIO(content)).read("xl/workbook.xml").decode()
        assert all(f'name="{name}"' in names for name in ("指标", "名册", "修订"))


class TestAtOnce:
    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture
    def town(self, transactional_db, epidemic):
        from tests.place import make_place

        return make_place(epidemic)

    def test_one_snapshot_is_asked_for_at_the_beginning_only(self, transactional_db):
        with pytest.raises(NotAtTheBeginning):
            one_snapshot()
        with transaction.atomic(), transaction.atomic(), pytest.raises(NotAtTheBeginning):
            one_snapshot()

    def test_while_fifty_report_the_member_file_equals_what_is_printed(self, town, live_server):
        """Fifty phones correct their reports over HTTP all the time; each figure printed is the sum of its members."""
        enterprises = factories.EnterpriseFactory.create_batch(50, managing_area=town.county)
        phones = [self._phone(town, live_server, enterprise) for enterprise in enterprises]
        clerk = viewer_for(town.person("bureau_clerk@city"), DAY)
        commander = viewer_for(town.person("commander@city"), DAY)
        # A rollup stands, as on every day of use, and each report marks it: it is behind what the phones have said.
        keep_rollup(actor=service_viewer("figures"))
        stop = threading.Event()

        def report(mine):
            answers = Counter()
            on_post = 50
            while not stop.is_set():
                on_post = 51 + on_post % 49
                for send in mine:
                    answers[send(on_post)] += 1
            return answers

        with ThreadPoolExecutor(10) as pool:
            running = [pool.submit(report, phones[at::10]) for at in range(10)]
            try:
                waiting = [submitted(clerk, town) for _again in range(3)]
                published = [publish_bulletin(actor=commander, bulletin=waiting.pop()) for _again in range(2)]
                published += [publish_bulletin(actor=commander, bulletin=waiting.pop())]
            finally:
                stop.set()
            answers = sum((one.result() for one in running), Counter())
        # The first publication locks the day: until then reports were taken, behind it they are told so.
        assert set(answers) <= {302, 403, 409, 422} and answers[302] >= 50, answers
        seen = set()
        for bulletin in published:
            figures, members = figures_of(bulletin), members_frozen(bulletin)
            counted = sums(members, ["opening_rate", "return_rate"], figures.scopes())
            for code, by_scope in counted.items():
                assert by_scope == dict(figures.indicator(code).ratios)
            back = counted["return_rate"][""].numerator
            assert f"复工人数{back}人" in render_text(document_for(bulletin))
            seen.add(back)
        assert len(seen) > 1, "nobody reported in between: the test shows nothing"

    @staticmethod
    def _phone(town, live_server, enterprise):
        """A reporter with a session; returns what sends a report over HTTP and answers with the status."""
        user = factories.UserFactory()
        factories.GrantFactory(user=user, enterprise=enterprise, capacity="reporter")
        client = Client()
        client.force_login(user)
        town.report(enterprise, roster=100, on_post=50)
        cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        url = reverse("reporting:report", args=[enterprise.pk, town.incident.slug])

        def send(on_post):
            line = http.client.HTTPConnection(live_server.thread.host, live_server.thread.port, timeout=60)
            values = {"state": "open", "roster": 100, "on_post": on_post, "csrfmiddlewaretoken": "t" * 32}
            headers = {"Cookie": f"{cookie}; csrftoken={'t' * 32}", "Content-Type": "application/x-www-form-urlencoded"}
            line.request("POST", url, urlencode(values), headers)
            try:
                return line.getresponse().status
            finally:
                line.close()

        return send

    def test_numbers_leave_none_out_when_many_publish_at_once(self, town):
        clerk = viewer_for(town.person("bureau_clerk@city"), DAY)
        commander = viewer_for(town.person("commander@city"), DAY)
        waiting = [submitted(clerk, town) for _again in range(8)]

        def publish(bulletin):
            try:
                if bulletin.pk % 4 == 0:  # one that fails after it was given its number
                    with pytest.raises(RuntimeError), transaction.atomic():
                        publish_bulletin(actor=commander, bulletin=bulletin)
                        raise RuntimeError
                    return None
                return publish_bulletin(actor=commander, bulletin=bulletin).number
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            numbers = sorted(number for number in pool.map(publish, waiting) if number)
        assert numbers == list(range(1, len(numbers) + 1))
        assert 0 < len(numbers) < 8

    def test_one_bulletin_is_published_once(self, town):
        clerk = viewer_for(town.person("bureau_clerk@city"), DAY)
        commander = viewer_for(town.person("commander@city"), DAY)
        bulletin = submitted(clerk, town)

        def publish(_again):
            try:
                return publish_bulletin(actor=commander, bulletin=bulletin).number
            except Denied:
                return None
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            numbers = list(pool.map(publish, range(4)))
        assert sorted(numbers, key=str) == [1, None, None, None]


def test_a_span_of_a_week_locks_each_of_its_days(place, clerk, commander):
    first = DAY - timedelta(days=6)
    made = drafting.draft_bulletin(
        actor=clerk, incident=place.incident, area=place.city, span=drafting.Span("weekly", first, DAY)
    )
    made = factories.counted_bulletin(made)
    drafting.submit_bulletin(actor=clerk, bulletin=made)
    made.refresh_from_db()
    publish_bulletin(actor=commander, bulletin=made)
    assert place.incident.day_locks.filter(reason="published").count() == 7
