"""The bulletin of a day: honest words for figures, fields that stay fields, always in Chinese, on record when taken."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from fugong.base.documents.logic.official import Heading, Table, render_text
from fugong.command.situation.actions import bulletins as drafting
from fugong.command.situation.actions.bulletin_figures import (
    ask_for_figures,
)
from fugong.command.situation.actions.bulletin_templates import save_template
from fugong.command.situation.actions.bulletins import Span, TextFaulty, draft_bulletin
from fugong.command.situation.logic.bulletin import REST, changed, counted, coverage, percent
from fugong.command.situation.logic.bulletin_document import blocks_of
from fugong.command.situation.logic.bulletin_figures import FrozenArea, FrozenFigures, FrozenIndicator, figures_from
from fugong.command.situation.logic.bulletin_members import Broken, MemberLine, read_members, sums, write_members
from fugong.command.situation.logic.bulletin_text import (
    block_of,
    filled,
    template_faults,
    text_faults,
    typed_by_hand,
)
from fugong.command.situation.logic.figures import Ratio
from fugong.command.situation.models import Bulletin, BulletinMembers, BulletinOutput
from fugong.command.situation.selectors.bulletin import take_figures
from fugong.command.situation.selectors.bulletin_templates import template_for
from fugong.command.situation.selectors.bulletins import document_for, members_frozen
from fugong.core.decision import Denied, OutOfScope
from tests import factories
from tests.tools import entries, in_english

TODAY, EVE = date(2020, 3, 24), date(2020, 3, 23)
ratios = st.builds(
    lambda denominator, gone: Ratio(max(0, denominator - gone), denominator),
    st.integers(1, 10**7),
    st.integers(0, 100) | st.integers(0, 10**7),
)


def figures_with(ratio, before=None, places=2, unit="person", scopes=None):
    """Figures of one indicator, `rate`, over a city of two areas."""
    pairs = {"": ratio, "above_scale": Ratio(7, 7), "371502": Ratio(1, 2), "371500-JK": Ratio(4, 4)} | (scopes or {})
    item = FrozenIndicator(
        code="rate",
        unit=unit,
        places=places,
        name="返岗率",
        columns="在岗/在册",
        definition="在岗 ÷ 在册",
        sentence="",
        ratios=pairs,
        before={"": before} if before else {},
    )
    return FrozenFigures(
        organisation="聊城市指挥部",
        issuer="聊城市指挥部办公室",
        area_code="371500",
        area_name="聊城市",
        first_day=TODAY,
        last_day=TODAY,
        hour=9,
        states={"open": 5, "missing": 2},
        excluded={"已迁出本地": 1},
        areas=(FrozenArea("371502", "东昌府区", ""), FrozenArea("371500-JK", "聊城经济技术开发区", "经开区")),
        indicators=(item,),
        tags=(),
    )


def said(line, figures):
    return "".join(piece.text for piece in filled(line, figures))


def stated(numerator, denominator, before=None, places=2):
    return said("返岗率{rate.value}{rate.change}。", figures_with(Ratio(numerator, denominator), before, places))


class TestWords:
    @pytest.mark.parametrize(
        ("number", "unit", "words"),
        [
            (5853, "enterprise", "5853家"),
            (12345, "enterprise", "12345家"),
            (9999, "person", "9999人"),
            (10000, "person", "1万人"),
            (277400, "person", "27.74万人"),
            (270000, "person", "27万人"),
            (123450, "person", "12.35万人"),
            (123449, "person", "12.34万人"),
            (1000000, "person", "100万人"),
            (0, "person", "0人"),
        ],
    )
    def test_counts_as_official_texts_write_them(self, number, unit, words):
        assert counted(number, unit) == words

    @pytest.mark.parametrize(
        ("value", "words"),
        [(None, "—"), (Decimal("85.89"), "85.89%"), (Decimal("100.00"), "100%"), (Decimal("0.00"), "0.00%")],
    )
    def test_percent(self, value, words):
        assert percent(value) == words

    @pytest.mark.parametrize(
        ("numerator", "denominator", "words"),
        [
            (99996, 100000, "99.99%"),
            (999999, 1000000, "99.99%"),
            (99994, 100000, "99.99%"),
            (9995, 10000, "99.95%"),
            (100000, 100000, "100%"),
            (0, 0, "—"),
            (0, 7, "0.00%"),
            (2, 3, "66.67%"),
        ],
    )
    def test_what_is_below_a_hundred_never_reads_a_hundred(self, numerator, denominator, words):
        assert f"返岗率{words}。" in stated(numerator, denominator)

    @given(ratios, st.integers(0, 4))
    def test_only_all_of_all_reads_a_hundred(self, ratio, places):
        words = stated(ratio.numerator, ratio.denominator, places=places)
        assert ("返岗率100%" in words) == (ratio.numerator == ratio.denominator)
        assert "全部" not in words

    @pytest.mark.parametrize(
        ("now", "before", "words"),
        [
            (Ratio(8589, 10000), Ratio(8515, 10000), "，较前一日提高0.74个百分点"),
            (Ratio(8515, 10000), Ratio(8589, 10000), "，较前一日下降0.74个百分点"),
            (Ratio(2, 3), Ratio(1, 3), "，较前一日提高33.33个百分点"),
            (Ratio(1, 3), Ratio(2, 6), "，与前一日持平"),
            (Ratio(1, 3), None, ""),
            (Ratio(1, 3), Ratio(0, 0), ""),
            (Ratio(0, 0), Ratio(1, 3), ""),
        ],
    )
    def test_the_change_in_words(self, now, before, words):
        assert changed(now, before, 2) == words

    def test_a_rate_of_nothing_is_a_dash_and_has_no_change(self):
        assert stated(0, 0, Ratio(1, 2)) == "返岗率—。"

    @pytest.mark.parametrize(
        ("states", "words"),
        [
            ({"open": 5, "partial": 2, "closed": 1}, "当日已报8家，未开工1家；无缺报。"),
            ({"open": 5, "missing": 3}, "当日已报5家，未开工0家；缺报3家，不沿用前日数。"),
            ({"missing": 3}, "当日已报0家，未开工0家；缺报3家，不沿用前日数。"),
        ],
    )
    def test_how_many_have_reported_is_said(self, states, words):
        assert coverage(states) == words


class TestText:
    def test_a_field_is_a_figure_of_its_scope(self):
        figures = figures_with(Ratio(277400, 322970))
        assert said("{rate.numerator}、{rate.denominator}", figures) == "27.74万人、32.3万人"
        assert said("{rate.value@above_scale}，{rate.value@371502}", figures) == "100%，50.00%"
        assert said("截至{as_of}，{area}{states.missing}缺报。{excluded}", figures).startswith(
            "截至3月24日9时，聊城市2家缺报。另有1家"
        )

    def test_those_above_the_whole_are_named_best_first(self):
        figures = figures_with(Ratio(6, 10))
        assert said("{rate.leaders}", figures) == "经开区100%"
        assert said("{rate.leaders}", figures_with(Ratio(10, 10))) == "无"

    @pytest.mark.parametrize(
        ("text", "line", "column", "quoted"),
        [
            ("好\n开工{rate.nomerator}家", 2, 3, "{rate.nomerator}"),
            ("{rat.value}", 1, 1, "{rat.value}"),
            ("{}", 1, 1, "{}"),
            ("开工{rate.value", 1, 3, "{rate.value"),
            ("a}b", 1, 2, "}b"),
            ("{table:rat}", 1, 1, "{table:rat}"),
            ("{area@371502}", 1, 1, "{area@371502}"),
            ("{states.gone}", 1, 1, "{states.gone}"),
        ],
    )
    def test_a_faulty_field_is_named_with_its_place(self, text, line, column, quoted):
        (fault,) = template_faults(text, ["rate"])
        assert (fault.line, fault.column, fault.quoted) == (line, column, quoted)
        assert fault.why
        assert fault.mend

    def test_a_scope_that_the_bulletin_does_not_have_is_refused(self):
        (fault,) = text_faults("{rate.value@999999}", figures_with(Ratio(1, 2)))
        assert "999999" in fault.why

    @pytest.mark.parametrize(
        "text",
        [
            "全市企业已全部开工。",
            "返岗率{rate.value}，均已返岗。",
            "职工{rate.numerator}均已返岗",
            "全面复工",
            "{rate.value@371502}全部返岗",
            "{rate.numerator}和{rate.numerator@above_scale}全部返岗",
        ],
    )
    def test_below_a_hundred_nothing_reads_all(self, text):
        faults = text_faults(text, figures_with(Ratio(9999, 10000)))
        assert len(faults) == 1
        assert "not 100 %" in faults[0].why

    @pytest.mark.parametrize(
        "text", ["规模以上{rate.numerator@above_scale}均已开工", "经开区{rate.numerator@371500-JK}全部开工，其余在推进"]
    )
    def test_where_all_are_open_it_may_say_so(self, text):
        assert text_faults(text, figures_with(Ratio(1, 2))) == []
        assert text_faults("已全部开工", figures_with(Ratio(2, 2))) == []

    def test_nothing_of_nothing_is_never_all(self):
        assert len(text_faults("已全部开工", figures_with(Ratio(0, 0)))) == 1

    @given(st.text(alphabet="{}rate.value@:,\n全部，。家1", max_size=40))
    def test_any_text_is_read_without_falling_over(self, text):
        figures = figures_with(Ratio(1, 2))
        for fault in text_faults(text, figures):
            line = text.split("\n")[fault.line - 1]
            assert fault.quoted in line
            assert 1 <= fault.column <= len(line)
        "".join(piece.text for line in text.split("\n") for piece in filled(line, figures))

    def test_what_is_typed_by_hand_is_seen(self):
        assert typed_by_hand("新增120家，{rate.value}，提高3.5个百分点，第1条") == ["120家", "3.5个百分点"]

    def test_a_line_of_its_own_becomes_a_table_or_bars(self):
        figures = figures_with(Ratio(5, 6))
        (table,) = blocks_of(block_of("{table:rate}"), figures)
        assert table.rows[0] == ("东昌府区", "1/2", "50.00%")
        assert table.rows[-1] == ("合计", "5/6", "83.33%")
        (bars,) = blocks_of(block_of(" {chart:rate} "), figures)
        assert bars.rows[0] == ("经开区", "█" * 20, "100%")
        assert block_of("见{table:rate}") is None

    def test_what_no_area_holds_is_a_row_of_its_own(self):
        (table,) = blocks_of(block_of("{table:rate}"), figures_with(Ratio(6, 9)))
        assert table.rows[-2] == (REST, "1/3", "33.33%")


class TestMemberFile:
    LINES = (
        MemberLine("B", 2, "371502", "open", above_scale="yes", tags=("a", "b"), adds={"rate": Ratio(3, 4)}),
        MemberLine("A", 1, "371503", "missing", adds={"rate": Ratio(0, 0)}),
        MemberLine("C", 3, "371503", "excluded", excluded_because="moved_away", adds={"rate": Ratio(0, 0)}),
    )

    def test_it_is_read_as_it_was_written_whatever_the_order(self):
        packed, digest = write_members(self.LINES, ["rate"])
        assert write_members(reversed(self.LINES), ["rate"]) == (packed, digest)
        assert read_members(packed, digest) == sorted(self.LINES, key=lambda line: line.code)

    def test_a_changed_byte_is_noticed(self):
        packed, _digest = write_members(self.LINES, ["rate"])
        with pytest.raises(Broken):
            read_members(packed, write_members(self.LINES[:2], ["rate"])[1])

    def test_figures_survive_being_kept(self):
        figures = figures_with(Ratio(1, 3), Ratio(1, 4))
        assert figures_from(json.loads(json.dumps(figures.as_json()))) == figures

    def test_the_excluded_add_nothing(self):
        found = sums(self.LINES, ["rate"], ["", "371502", "371503", "above_scale", "tag=a"])["rate"]
        assert found == {
            "": Ratio(3, 4), "371502": Ratio(3, 4), "371503": Ratio(), "above_scale": Ratio(3, 4), "tag=a": Ratio(3, 4),
        }  # fmt: skip


@pytest.fixture
def reported(place):
    """A day with reports of both counties, and the day before."""
    place.report(day=EVE, roster=100, on_post=80)
    place.report(roster=100, on_post=85)
    place.report(place.other, roster=50, on_post=20, state="partial")
    return place


def drafted(actor, place, area=None, kind="daily", first=TODAY, last=TODAY):
    span = Span(kind, first, last)
    made = draft_bulletin(actor=actor, incident=place.incident, area=area or place.city, span=span)
    return factories.counted_bulletin(made)


def text_of(actor, place, area=None, **values):
    return render_text(document_for(drafted(actor, place, area, **values)))


class TestDraft:
    def test_the_figures_of_the_day_in_sentences(self, reported, console):
        text = text_of(console, reported)
        assert (
            "截至3月24日9时，聊城市开工企业2家（含部分开工），复工人数105人，员工返岗率70.00%，较前一日下降10.00个百分点。"
            in text
        )
        assert "当日已报2家，未开工0家；无缺报。" in text
        assert "（草稿）" in text
        assert "期" not in text

    def test_a_past_day_has_no_hour_and_nothing_to_compare_is_compared(self, reported, console):
        text = text_of(console, reported, first=EVE, last=EVE)
        assert "截至3月23日，聊城市" in text
        assert "缺报1家，不沿用前日数" in text
        assert "前一日" not in text

    def test_a_day_without_reports_has_dashes(self, place, console):
        text = text_of(console, place)
        assert "员工返岗率—" in text
        assert "0/0\t—" in text

    def test_each_area_stands_in_the_table_and_the_areas_add_up(self, reported, console):
        (table,) = (b for b in document_for(drafted(console, reported)).body if isinstance(b, Table))
        assert table.rows == (
            ("东昌府区", "1/1", "100%", "85/100", "85.00%"),
            ("茌平区", "1/1", "100%", "20/50", "40.00%"),
            ("经开区", "0/0", "—", "0/0", "—"),
            ("合计", "2/2", "100%", "105/150", "70.00%"),
        )

    def test_the_headquarters_of_the_area_issues_it_else_the_area(self, reported, console):
        city = document_for(drafted(console, reported))
        assert (city.organisation, city.issuer) == ("聊城市指挥部", "聊城市指挥部办公室")
        county = document_for(drafted(console, reported, reported.county))
        assert (county.organisation, county.title) == ("东昌府区", "东昌府区企业复工复产进展情况")

    def test_it_is_chinese_whoever_reads_the_screen_in_english(self, reported, console):
        assert "Opening rate" not in text_of(console, reported)

    def test_a_weekly_report_compares_with_the_day_before_its_first(self, reported, console):
        reported.report(day=date(2020, 3, 17), roster=100, on_post=50)
        text = text_of(console, reported, kind="weekly", first=date(2020, 3, 18))
        assert "3月18日至3月24日，聊城市" in text
        assert "员工返岗率70.00%，较期初提高20.00个百分点" in text
        assert "复工复产情况周报" in text
        body = document_for(Bulletin.objects.get()).body
        assert Heading("二、存在问题") in body

    def test_days_outside_the_incident_and_daily_reports_of_two_days_are_refused(self, reported, console):
        for kind, first, last in (
            ("daily", EVE, TODAY),
            ("weekly", date(2020, 1, 1), TODAY),
            ("weekly", TODAY, EVE),
            ("special", TODAY, date(2020, 3, 25)),
            ("yearly", TODAY, TODAY),
        ):
            with pytest.raises(ValidationError):
                drafted(console, reported, kind=kind, first=first, last=last)
        assert not BulletinMembers.objects.exists()

    def test_it_keeps_its_members_without_personal_data(self, reported, console):
        bulletin = drafted(console, reported)
        lines = {line.code: line for line in members_frozen(bulletin)}
        line = lines[reported.enterprise.code]
        assert (line.area, line.state) == ("371502", "open")
        assert dict(line.adds) == {"opening_rate": Ratio(1, 1), "return_rate": Ratio(85, 100)} | {
            code: pair for code, pair in line.adds.items() if code not in ("opening_rate", "return_rate")
        }
        assert bulletin.members.count == 2

    def test_excluded_enterprises_are_in_the_file_with_the_reason_and_in_the_text(self, reported, console):
        factories.ScopeDecisionFactory(enterprise=reported.other)
        bulletin = drafted(console, reported)
        (left,) = [line for line in members_frozen(bulletin) if line.state == "excluded"]
        assert (left.code, left.excluded_because) == (reported.other.code, "moved_away")
        assert "另有1家在业企业经认定不计入本通报各项数据（已迁出本地1家）。" in render_text(document_for(bulletin))

    @pytest.mark.parametrize(
        "kind", ["township_cadre@city", "administrator@city", "auditor@city", "reporter", "nobody"]
    )
    def test_who_does_not_draft_makes_none(self, reported, viewer_of, kind):
        with pytest.raises(Denied):
            drafted(viewer_of(kind), reported)

    def test_a_clerk_of_a_county_makes_none_for_the_city(self, reported, viewer_of):
        for area in (reported.city, reported.other_county):
            with pytest.raises((Denied, OutOfScope)):
                drafted(viewer_of("bureau_clerk"), reported, area)

    def test_a_member_that_does_not_add_up_stops_everything(self, reported, console, monkeypatch):
        monkeypatch.setattr(
            "fugong.command.situation.selectors.bulletin._line",
            lambda member, area, facts, adds: MemberLine(member.code, member.enterprise_id, area, "open", adds={}),
        )
        with pytest.raises(RuntimeError):
            take_figures(console, reported.incident, reported.city, TODAY, TODAY)


def saved(actor, bulletin, text, title="{area}进展", edition=None, red_head=True):
    return drafting.save_bulletin(
        actor=actor,
        bulletin=bulletin,
        edition=edition or Bulletin.objects.get(pk=bulletin.pk).edition,
        values={"title": title, "text": text, "red_head": red_head},
    )


class TestWriting:
    def test_faults_are_kept_with_the_draft_but_keep_it_from_approval(self, reported, viewer_of):
        clerk = viewer_of("bureau_clerk@city")
        bulletin = drafted(clerk, reported)
        faults = saved(clerk, bulletin, "茌平区{return_rate.value@371503}，均已返岗。")
        assert len(faults) == 1
        bulletin.refresh_from_db()
        assert bulletin.text.endswith("均已返岗。")
        with pytest.raises(TextFaulty):
            drafting.submit_bulletin(actor=clerk, bulletin=bulletin)

    def test_two_at_once_do_not_overwrite_each_other(self, reported, viewer_of):
        clerk = viewer_of("bureau_clerk@city")
        bulletin = drafted(clerk, reported)
        saved(clerk, bulletin, "甲")
        with pytest.raises(ValidationError, match="meanwhile"):
            saved(viewer_of("duty_officer@city"), bulletin, "乙", edition=1)
        bulletin.refresh_from_db()
        assert bulletin.text == "甲"

    def test_figures_are_taken_anew_and_the_words_stay(self, reported, viewer_of):
        clerk = viewer_of("bureau_clerk@city")
        bulletin = drafted(clerk, reported)
        saved(clerk, bulletin, "复工{return_rate.numerator}")
        reported.report(factories.EnterpriseFactory(managing_area=reported.county), roster=10, on_post=10)
        ask_for_figures(actor=clerk, bulletin=bulletin)
        factories.counted_bulletin(bulletin)
        bulletin = Bulletin.objects.select_related("members").get()
        assert "复工115人" in render_text(document_for(bulletin))
        assert BulletinMembers.objects.count() == 1

    def test_a_discarded_draft_takes_its_file_with_it(self, reported, viewer_of):
        clerk = viewer_of("bureau_clerk@city")
        drafting.discard_draft(actor=clerk, bulletin=drafted(clerk, reported))
        assert (Bulletin.objects.count(), BulletinMembers.objects.count()) == (0, 0)

    def test_it_goes_back_with_a_word(self, reported, viewer_of):
        clerk, commander = viewer_of("bureau_clerk@city"), viewer_of("commander@city")
        bulletin = drafted(clerk, reported)
        drafting.submit_bulletin(actor=clerk, bulletin=bulletin)
        bulletin.refresh_from_db()
        with pytest.raises(Denied):
            saved(clerk, bulletin, "偷改")
        with pytest.raises(ValidationError):
            drafting.return_bulletin(actor=commander, bulletin=bulletin, because="  ")
        drafting.return_bulletin(actor=commander, bulletin=bulletin, because="补充问题")
        bulletin.refresh_from_db()
        assert (bulletin.state, bulletin.returned_because) == ("draft", "补充问题")


class TestTemplates:
    def test_a_clerk_s_version_stands_before_the_playbook_s(self, reported, viewer_of):
        clerk = viewer_of("bureau_clerk@city")
        values = {"incident": reported.incident, "area": reported.city, "kind": "daily"}
        made = save_template(actor=clerk, **values, title="{area}日报", text="返岗{return_rate.value}", version=0)
        assert made.version == 1
        assert "聊城市日报" in text_of(clerk, reported)
        assert "返岗70.00%" in text_of(clerk, reported)
        with pytest.raises(ValidationError, match="meanwhile"):
            save_template(actor=clerk, **values, title="x", text="y", version=0)
        county = template_for(viewer_of("bureau_clerk"), reported.incident, reported.county, "daily", TODAY)
        assert county.version == 0

    def test_a_faulty_field_is_refused_with_its_place(self, reported, viewer_of):
        with pytest.raises(TextFaulty) as raised:
            save_template(
                actor=viewer_of("bureau_clerk@city"), incident=reported.incident, area=reported.city, kind="daily",
                title="题", text="一行\n返岗{return_rate.valeu}", version=0,
            )  # fmt: skip
        (fault,) = raised.value.faults
        assert (fault.line, fault.column) == (2, 3)

    def test_nobody_edits_that_of_another_area(self, reported, viewer_of):
        with pytest.raises(Denied):
            save_template(
                actor=viewer_of("bureau_clerk"), incident=reported.incident, area=reported.city, kind="daily",
                title="题", text="文", version=0,
            )  # fmt: skip

    def test_without_texts_of_its_own_a_playbook_s_indicators_speak(self, reported, console):
        version = reported.playbook
        version.content = {key: part for key, part in version.content.items() if key != "bulletins"}
        version.save()
        text = text_of(console, reported)
        assert "应报企业2家，其中开工（含部分开工）2家，开工率100%" in text


class TestPages:
    def url(self, place, name, *arguments):
        return reverse(f"situation:{name}", args=[place.incident.slug, *arguments])

    def test_from_the_list_to_the_editor_with_the_page_beside_it(self, reported, client_for):
        client = in_english(client_for("bureau_clerk@city"))
        answer = client.post(self.url(reported, "bulletin_new"), {"kind": "daily"}, follow=True)
        assert "The figures are being taken" in answer.content.decode()
        url = self.url(reported, "bulletin_page", Bulletin.objects.get().pk)
        assert "hx-get" in client.get(url, headers={"HX-Request": "true"}).content.decode()
        factories.counted_bulletin(Bulletin.objects.get())
        assert client.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
        page = client.get(url).content.decode()
        assert "{return_rate.value}" in page
        assert "员工返岗率70.00%" in page
        preview = client.post(
            self.url(reported, "bulletin_preview", Bulletin.objects.get().pk),
            {"title": "题", "text": "已全部返岗{return_rate.value}"},
        ).content.decode()
        assert "已全部返岗70.00%" in preview
        assert "not 100 %" in preview
        assert Bulletin.objects.get().text.startswith("截至{as_of}")

    def test_a_refused_form_keeps_what_was_typed(self, reported, client_for, viewer_of):
        clerk = viewer_of("bureau_clerk@city")
        bulletin = drafted(clerk, reported)
        saved(clerk, bulletin, "甲")
        client = in_english(client_for("duty_officer@city"))
        url = self.url(reported, "bulletin_save", bulletin.pk)
        answer = client.post(url, {"title": "题", "text": "我写的长文", "edition": "1"})
        assert answer.status_code == 422
        assert "我写的长文" in answer.content.decode()

    def test_the_file_is_a_post_and_on_record(self, reported, client_for, viewer_of):
        bulletin = drafted(viewer_of("bureau_clerk@city"), reported)
        client = in_english(client_for("commander@city"))
        url = self.url(reported, "bulletin_file", bulletin.pk)
        assert client.get(url).status_code == 405
        waiting = client.post(url, {"form": "docx"}, follow=True)
        assert "The file is being made" in waiting.content.decode()
        assert client.post(url, {"form": "docx"})["Location"] == waiting.request["PATH_INFO"], "asked twice, made once"
        assert not entries("situation.bulletin.taken")
        output = factories.made_output(BulletinOutput.objects.get())
        answer = client.post(self.url(reported, "bulletin_output_file", bulletin.pk, output.pk))
        assert answer["Content-Disposition"] == 'attachment; filename="bulletin-2020-03-24-draft.docx"'
        assert Document(io.BytesIO(answer.content)).core_properties.content_status == "草稿"
        assert client.post(url, {"form": "docx"}).content == answer.content, "made already: at once"
        assert client.post(url, {"form": "exe"}).status_code == 404
        assert [entry.detail["form"] for entry in entries("situation.bulletin.taken")] == ["docx", "docx"]

    def test_a_draft_of_the_city_is_nothing_for_a_county(self, reported, client_for, viewer_of):
        bulletin = drafted(viewer_of("bureau_clerk@city"), reported)
        assert client_for("bureau_clerk").get(self.url(reported, "bulletin_page", bulletin.pk)).status_code == 404
        assert client_for("administrator@city").get(self.url(reported, "bulletin_page", bulletin.pk)).status_code == 403

    def test_a_figure_opens_to_the_enterprises_frozen_with_it(self, reported, client_for, viewer_of):
        bulletin = drafted(viewer_of("bureau_clerk@city"), reported)
        url = self.url(reported, "bulletin_figure", bulletin.pk, "return_rate")
        page = client_for("bureau_clerk@city").get(url, {"scope": "371503"})
        assert [row["name"] for row in page.context["rows"]] == [reported.other.name]
        assert client_for("bureau_clerk@city").get(url, {"scope": "x"}).status_code == 404
        assert replace(page.context["ratio"]) == Ratio(20, 50)
