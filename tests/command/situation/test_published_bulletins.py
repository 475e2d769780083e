"""Bulletins of spring 2020 entered as totals of areas: the product gives the rate that was published, or says why not.

Facts only: place, day, counts and rates, each with the paper or site that carried it. A count that a bulletin does not
give is None; the product then says in which range it lies, and every number of that range gives the published rate.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest

from fugong.command.situation.actions.indicators import state_indicator
from fugong.command.situation.selectors.figures import figures_on
from fugong.record.reporting.actions.totals import Stated, TotalRefused, state_total
from fugong.record.reporting.logic.totals import TotalValues, Verdict, check_rate, rates_of
from fugong.record.reporting.selectors.totals import repeated_days
from tests import factories

ENTERPRISES, PEOPLE, TIMES = "enterprises", "people", "person_times"


@dataclass(frozen=True)
class Line:
    """One published rate: `part` of `whole` in a unit. `scope`: the part of the economy, as the bulletin names it."""

    bulletin: str
    place: str
    day: str
    scope: str
    part: int | None
    whole: int | None
    unit: str
    published: str
    source: str

    @property
    def values(self) -> TotalValues:
        if self.unit == ENTERPRISES:
            return TotalValues(enterprises=self.whole, enterprises_open=self.part, opening_rate=self.published)
        return TotalValues(
            roster=self.whole, on_post=self.part, people_unit=self.unit, return_rate=self.published
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.bulletin}-{self.scope}-{self.unit}"


def lines(bulletin: str, place: str, day: str, source: str, *rows: tuple) -> list[Line]:
    return [Line(bulletin, place, day, *row, source) for row in rows]


LIAOCHENG = "大众日报2020-03-26《聊城：5853家工业企业开工》"
BULLETINS = [
    *lines("B01", "聊城市", "2020-03-24", LIAOCHENG,
        ("工业", 277_400, None, PEOPLE, "85.89"),
        ("规上工业", 1176, 1176, ENTERPRISES, "100")),
    *lines("B02", "山东省", "2020-02-11", "齐鲁网，转载于meetnikchat.com/4448026.shtml",
        ("规上工业", 13_790, None, ENTERPRISES, "48.6"),
        ("规上工业", 2_044_000, None, PEOPLE, "38.4")),
    *lines("B03", "山东省", "2020-02-15", "p13.freep.cn/hot/4806120.html（转载；原文“规模以上”被改写）",
        ("规上工业", 20_276, None, ENTERPRISES, "71.5"),
        ("规上工业", 2_616_000, None, PEOPLE, "49.1")),
    *lines("B05", "青岛市", "2020-02-23", "央广网，转载于huiyingmeng.com；导语截至2月24日，正文截至2月23日",
        ("规上工业", 3327, None, ENTERPRISES, "97.7"),
        ("规上工业", 417_000, None, PEOPLE, "64"),
        ("房建项目", 572, 1869, ENTERPRISES, "30.6"),
        ("涉农企业", 363, 367, ENTERPRISES, "98.9"),
        ("交通仓储邮政", 381, None, ENTERPRISES, "62.66"),
        ("交通仓储邮政", 23_170, None, PEOPLE, "60"),
        ("快递", 18, None, ENTERPRISES, "75"),
        ("快递", 9750, None, TIMES, "49"),
        ("交通工程", 13, 23, ENTERPRISES, "56.5"),
        ("交通工程", 15_219, 20_157, TIMES, "75.5")),
    *lines("B08", "江苏省", "2020-02-28", "dingqianjf.com/news/show/236/1460625_0.html",
        ("规上工业", 44_500, None, ENTERPRISES, "99"),
        ("规上工业", 6_030_000, None, PEOPLE, "73"),
        ("按用电量（不低于去年12月日均三成）", 423_000, 887_000, ENTERPRISES, "47.7")),
    *lines("B09", "天津市", "2020-03-01", "北方网news.enorth.com.cn/system/2020/03/02/038042267.shtml，截至16:00",
        ("规上工业", 4052, 4630, ENTERPRISES, "87.5"),
        ("外资", 934, 1160, ENTERPRISES, "80.5")),
    *lines("B11", "重庆市", "2020-03-09", "重庆日报，转载于ttnews.xyz",
        ("规上工业", 6500, None, ENTERPRISES, "99.8"),
        ("规上工业", 1_319_000, None, PEOPLE, "93"),
        ("龙头", 195_000, None, PEOPLE, "93.5"),
        ("专精特新", 447, 459, ENTERPRISES, "97.4")),
    *lines("B13", "湖北省", "2020-03-31", "pygbw.com/news/2020040134286.html",
        ("四上企业", 42_130, 44_918, ENTERPRISES, "93.8"),
        ("四上企业", 4_695_000, None, PEOPLE, "66.3")),
    *lines("B17", "宁德市", "2020-02-29", "宁德网ndwww.cn",
        ("规上工业", 1010, 1081, ENTERPRISES, "93.4")),
    *lines("B20", "东莞市", "2020-02-23", "aimsen.com/information/98055",
        ("规上工业", 8876, None, ENTERPRISES, "83.3"),
        ("用工千人以上", 352, None, ENTERPRISES, "84.4")),
    *lines("B21", "德州运河开发区", "2020-02-23", "德州晚报，转载于rqjmxh.cn/p/1495074.html",
        ("规上工业", 26, 26, ENTERPRISES, "100"),
        ("规上工业", 8628, 11_378, PEOPLE, "75.8")),
    *lines("B22", "南昌市湾里区", "2020-03-10", "share.nctvcloud.com",
        ("规上工业", 25, 26, ENTERPRISES, "96.2")),
    *lines("B23", "安徽省", "2020-02-25", "新华社，转载于m.dddjmc.com；基数为上年同期企业人数",
        ("规上工业", 1_565_000, None, PEOPLE, "59.5")),
    *lines("B24", "浙江省", "2020-03-09", "浙江省国资委，转载于gittisbaby.com",
        ("省属企业", 1800, None, ENTERPRISES, "99.1"),
        ("省属企业", 183_000, None, PEOPLE, "93.3"),
        ("省属企业外省劳务", 97_100, None, PEOPLE, "55.2")),
    *lines("B26", "全国", "2020-03-20", "新华社、澎湃，转载于yybnet.net；约1.1万个，除湖北",
        ("重点项目", None, 11_000, ENTERPRISES, "89.1")),
    *lines("B28", "济宁市", "2020-02-07", "济宁新闻网，转载于damoshentu.com",
        ("重点企业", 60, 150, ENTERPRISES, "40")),
]  # fmt: skip
WHOLE = [line for line in BULLETINS if None not in (line.part, line.whole)]
OPEN = [line for line in BULLETINS if None in (line.part, line.whole)]
# What the sources themselves allow: the range of the other count, computed by hand from the rounded rate.
BY_HAND = {
    "B01-工业-people": (322_953, 322_990),
    "B02-规上工业-enterprises": (28_346, 28_403),
    "B03-规上工业-enterprises": (28_339, 28_377),
    "B20-用工千人以上-enterprises": (417, 417),
    "B26-重点项目-enterprises": (9796, 9806),
}
# Rates without any count: nothing can be held against them, and no figure is made of them.
BARE = [("B14", "规上工业", "98.2"), ("B25", "规上工业", "99.1"), ("B26", "南方重点项目", "98.1")]


@pytest.fixture
def country(place, set_clock):
    """The incident over a whole country, after its last bulletin."""
    set_clock("2020-05-20T09:00:00+08:00")
    nation = factories.AreaFactory(code="100000", name="全国", level="province")
    for area in (place.city, place.county, place.other_county, place.zone, place.township, place.other_township):
        area.path = nation.path + area.path
        area.parent = area.parent or nation
        area.save()
    place.incident.area, place.incident.started_on = nation, date(2020, 1, 24)
    place.incident.save()
    places = sorted({line.place for line in BULLETINS} - {"全国", place.city.name})
    made = {
        name: factories.AreaFactory(code=f"9{number:05d}", name=name, parent=nation)
        for number, name in enumerate(places)
    }
    return {"incident": place.incident, "全国": nation, place.city.name: place.city, **made}


@pytest.fixture
def enter(country, console, monkeypatch):
    """Enter a line by the action, as read from its document; a contradiction would ask for a remark."""
    from fugong.base.accounts.enums import BodyKind
    from fugong.base.accounts.selectors import viewer_for
    from fugong.core import clock

    user = factories.UserFactory(username="national")
    body = factories.BodyFactory(area=country["全国"], kind=BodyKind.BUREAU)
    factories.MandateFactory(user=user, area=country["全国"], body=body, role="bureau_clerk")
    viewer = viewer_for(user, clock.today())

    def run(line: Line):
        return state_total(
            actor=viewer,
            incident=country["incident"],
            area=country[line.place],
            day=date.fromisoformat(line.day),
            values=line.values,
            stated=Stated(source=line.source, scope=line.scope, counts=True),
        )

    run.actor = viewer
    return run


def define(enter, country, line: Line):
    """A figure of this part of the economy, rounded as it was published."""
    words = {"zh": line.scope, "en": line.scope}
    content = {
        "code": f"f{BULLETINS.index(line) if line in BULLETINS else len(BULLETINS)}",
        "metric": "opening" if line.unit == ENTERPRISES else "return",
        "places": len(line.published.partition(".")[2]),
        "totals": line.scope,
        **dict.fromkeys(("name", "numerator", "denominator", "columns", "definition"), words),
    }
    state_indicator(
        actor=enter.actor, incident=country["incident"], content=content,
        valid_from=date.fromisoformat(line.day), reason=line.source,
    )  # fmt: skip
    return content["code"]


def figure_of(country, console, line: Line, code: str):
    area, day = country[line.place], date.fromisoformat(line.day)
    found = figures_on(console, country["incident"], day, area, parts=False)
    return next(figure for figure in found if figure.indicator.code == code)


@pytest.mark.parametrize("line", [line for line in WHOLE if line.unit != TIMES], ids=str)
def test_the_published_rate_comes_out_of_the_counts(line, enter, country, console):
    assert rates_of(enter(line).said())["opening_rate" if line.unit == ENTERPRISES else "return_rate"].verdict == (
        Verdict.AGREES
    )
    code = define(enter, country, line)
    figure = figure_of(country, console, line, code)
    assert (figure.ratio.numerator, figure.ratio.denominator) == (line.part, line.whole)
    assert figure.value == Decimal(line.published)


@pytest.mark.parametrize("line", OPEN, ids=str)
def test_where_one_count_is_missing_the_range_of_it_is_named_and_no_figure_is_made(line, enter, country, console):
    checks = rates_of(enter(line).said())
    check = checks["opening_rate" if line.unit == ENTERPRISES else "return_rate"]
    assert check.verdict == Verdict.UNCHECKED
    low, high = check.implied
    assert BY_HAND.get(str(line), (low, high)) == (low, high)
    for other, verdict in ((low, "agrees"), (high, "agrees"), (low - 1, "contradicts"), (high + 1, "contradicts")):
        part, whole = (line.part, other) if line.whole is None else (other, line.whole)
        if part <= whole:
            assert check_rate(part, whole, line.published).verdict == verdict, (part, whole)
    figure = figure_of(country, console, line, define(enter, country, line))
    assert figure.value is None, "a rate of which a count is unknown is no figure"


def test_figures_that_one_document_gives_for_two_days_are_named(enter):
    """B05: the head of the report says "as of 24 February", its text "as of 23 February", of the same figures."""
    told = list({line.scope: line for line in BULLETINS if line.bulletin == "B05"}.values())
    first, second = date(2020, 2, 23), date(2020, 2, 24)
    in_the_text = [enter(line) for line in told]
    assert repeated_days(enter.actor, in_the_text) == {}
    in_the_head = [enter(replace(line, day=second.isoformat())) for line in told]
    assert repeated_days(enter.actor, in_the_head) == dict.fromkeys([total.pk for total in in_the_head], first)
    assert repeated_days(enter.actor, in_the_text) == dict.fromkeys([total.pk for total in in_the_text], second)
    enter(replace(told[0], day=second.isoformat(), part=told[0].part + 1))
    others = [total.pk for total in in_the_text[1:]]
    assert repeated_days(enter.actor, in_the_text) == dict.fromkeys(others, second)


def test_person_times_are_read_and_held_against_their_rate_but_are_no_people(enter, country, console):
    line = next(line for line in WHOLE if line.unit == TIMES)
    assert rates_of(enter(line).said())["return_rate"].verdict == Verdict.AGREES
    assert figure_of(country, console, line, define(enter, country, line)).value is None


def test_two_bulletins_of_one_province_fit_one_denominator(enter):
    ranges = [
        rates_of(enter(line).said())["opening_rate"].implied
        for line in OPEN
        if line.bulletin in ("B02", "B03") and line.unit == ENTERPRISES
    ]
    low, high = max(low for low, _high in ranges), min(high for _low, high in ranges)
    assert (low, high) == (28_346, 28_377)


def test_two_opening_rates_of_one_day_stand_side_by_side(enter, country, console):
    """江苏: 99 per cent of those above scale, 47.7 per cent of all by electricity; neither overwrites the other."""
    above, by_power = (line for line in BULLETINS if line.bulletin == "B08" and line.unit == ENTERPRISES)
    above = replace(above, whole=44_949)  # one of the numbers that 44,500 of 99 per cent leaves open
    for line in (above, by_power):
        enter(line)
    codes = [define(enter, country, line) for line in (above, by_power)]
    pairs = zip((above, by_power), codes, strict=True)
    values = [figure_of(country, console, line, code).value for line, code in pairs]
    assert values == [Decimal(99), Decimal("47.7")]


@pytest.mark.parametrize(("bulletin", "scope", "rate"), BARE, ids=str)
def test_a_rate_without_any_count_is_refused_with_the_reason(bulletin, scope, rate, enter, country):
    line = Line(bulletin, "全国", "2020-04-17", scope, None, None, ENTERPRISES, rate, "新华社")
    with pytest.raises(TotalRefused) as refused:
        enter(line)
    assert "No count is written" in str(refused.value)


@pytest.mark.parametrize("wrong", ["30.7", "36", "31.0"])
def test_a_rate_that_its_counts_do_not_give_is_named_with_the_true_one(wrong, enter):
    line = next(line for line in WHOLE if line.scope == "房建项目")
    with pytest.raises(TotalRefused) as refused:
        enter(replace(line, published=wrong))
    true = "31" if wrong == "36" else "30.6"
    assert f"{wrong}% was typed, the counts give {true}%" in refused.value.warnings[0].reason


def test_capacity_may_pass_a_hundred_a_rate_of_people_may_not(place, console, enter, country):
    """口罩, 2020-02-19: 110 per cent of the capacity used (每日经济新闻)."""
    place.report(day=date(2020, 2, 19), roster=1000, on_post=1000, capacity=Decimal("110"))
    found = figures_on(console, place.incident, date(2020, 2, 19), place.city, parts=False)
    assert next(one for one in found if one.indicator.code == "capacity").value == Decimal("110.00")
    line = next(line for line in WHOLE if line.bulletin == "B28")
    with pytest.raises(TotalRefused) as refused:
        enter(replace(line, part=151, published="100.7"))
    assert "151 is more than the 150 in all" in str(refused.value)
