"""The list against a plain filter over all rows, at random; paging while others write; the scope in every path."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fugong.core.decision import Denied
from fugong.core.viewer import service_viewer
from fugong.record.registry.actions.traits import renew_traits
from fugong.record.registry.enums import ListOrder
from fugong.record.registry.logic.list_filter import ListFilter
from fugong.record.registry.logic.search import grams, search_key
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors import lists
from fugong.record.registry.selectors.lists import count_enterprises, enterprise_page, every_enterprise, found_directly
from tests import factories

DAY = date(2020, 3, 24)
ALPHABET = "鲁源纺织有限公司厂（）()ABabｃＣ １1-%_\\'"
ONE_BY_ONE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
names = st.text(st.sampled_from(ALPHABET), min_size=1, max_size=8).filter(lambda name: name.strip())


def listed(viewer, wanted: ListFilter, size: int = 50, way: str = "after") -> list[str]:
    """All names of the list, page by page, forwards from the first page."""
    found, key = [], ""
    while True:
        page = enterprise_page(viewer, wanted, DAY, after=key, size=size)
        found += [row.name for row in page.rows]
        key = page.next_key
        if not key:
            return found


@pytest.mark.django_db
@ONE_BY_ONE
@given(st.lists(names, max_size=12, unique=True), st.text(st.sampled_from(ALPHABET), max_size=4), st.booleans())
def test_search_finds_what_a_plain_filter_finds(monkeypatch_counted, register, made, text, often):
    register(made)
    monkeypatch_counted(0 if often else 1000)
    key = search_key(text)
    plain = sorted((name for name in made if key in search_key(name)), key=lambda name: name.encode())
    wanted = ListFilter.read({"q": text})
    viewer = service_viewer("tests")
    assert sorted(listed(viewer, wanted), key=lambda name: name.encode()) == plain
    assert count_enterprises(viewer, wanted, DAY).shown == len(plain)


@pytest.fixture
def register(db):
    area = factories.AreaFactory(code="371599")

    def write(made):
        Enterprise.objects.all().delete()
        for name in made:
            factories.EnterpriseFactory(
                name=name,
                managing_area=area,
                uscc=None,
                provisional_id=f"#{id(name)}-{name}-{Enterprise.objects.count()}",
            )

    return write


@pytest.fixture
def monkeypatch_counted(monkeypatch):
    """Both ways of searching: looked up in the index, and met while reading in order."""
    return lambda limit: monkeypatch.setattr(lists, "COUNTED_AT_ONCE", limit)


@pytest.mark.django_db
@ONE_BY_ONE
@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=30))
def test_database_and_program_compare_the_same(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_name_key(%s), registry_name_grams(%s)", [text, text])
        key, kept = cursor.fetchone()
    assert key == search_key(text)
    assert set(kept) == set(grams(key)) | set(key)


@pytest.mark.parametrize("sort", ["name", "-name", "entered", "-entered"])
@pytest.mark.parametrize("size", [1, 3, 50])
def test_pages_forwards_and_back_hold_every_row_once(place, sort, size):
    for number in range(10):
        factories.EnterpriseFactory(name=f"同名{number % 3}", managing_area=place.county)
    viewer, wanted = service_viewer("tests"), ListFilter(sort=sort)
    pages = [enterprise_page(viewer, wanted, DAY, size=size)]
    while pages[-1].next_key:
        pages.append(enterprise_page(viewer, wanted, DAY, after=pages[-1].next_key, size=size))
    seen = [row.pk for page in pages for row in page.rows]
    assert sorted(seen) == sorted(Enterprise.objects.values_list("pk", flat=True))
    fields = {"name": ("name", "pk"), "-name": ("-name", "-pk"), "entered": ("pk",), "-entered": ("-pk",)}[sort]
    assert seen == list(Enterprise.objects.order_by(*fields).values_list("pk", flat=True))
    back = pages[-1]
    for expected in reversed(pages[:-1]):
        back = enterprise_page(viewer, wanted, DAY, before=back.previous_key, size=size)
        assert [row.pk for row in back.rows][: len(expected.rows)] == [row.pk for row in expected.rows]
    assert not pages[0].previous_key


def test_rows_entered_while_somebody_pages_neither_repeat_nor_push_out_others(place):
    before = {
        factories.EnterpriseFactory(name=f"企业{number:02d}", managing_area=place.county).pk for number in range(12)
    }
    before |= {place.enterprise.pk, place.other.pk}
    seen, key = [], ""
    viewer, wanted = service_viewer("tests"), ListFilter()
    for turn in range(40):
        page = enterprise_page(viewer, wanted, DAY, after=key, size=3)
        seen += [row.pk for row in page.rows]
        key = page.next_key
        if not key:
            break
        # One that sorts before the page, one after it.
        factories.EnterpriseFactory(name=f"一{turn}", managing_area=place.county)
        if turn < 4:
            factories.EnterpriseFactory(name=f"龘{turn}", managing_area=place.county)
    assert len(seen) == len(set(seen))
    assert before <= set(seen)


def test_an_unreadable_key_gives_the_first_page_and_an_end_no_page(place):
    viewer = service_viewer("tests")
    first = enterprise_page(viewer, ListFilter(), DAY)
    for key in ("x", "~", "9" * 4 + "x~名", "～"):
        assert enterprise_page(viewer, ListFilter(), DAY, after=key).rows == first.rows
    assert enterprise_page(viewer, ListFilter(), DAY, before="1~!").rows == first.rows


def state(enterprise, kind: str, *said: tuple[str, date]) -> None:
    """Values of one kind over time; which of them holds on the day is what the filter goes by."""
    for text, day in said:
        factories.FactFactory(enterprise=enterprise, kind=kind, number=None, text=text, valid_from=day)
    renew_traits(actor=service_viewer("tests"), enterprise_ids=[enterprise.pk])


FILTERS = [
    ({"kind": "branch"}, ["branch"]),
    ({"life": "closed"}, ["closed"]),
    ({"life": "active"}, ["branch", "uncoded", "东昌府区的", "东昌府纺织有限公司", "茌平铝业有限公司"]),
    ({"coded": "none"}, ["uncoded"]),
    ({"reporter": "some"}, ["东昌府纺织有限公司"]),
    ({"reporter": "none", "kind": "branch"}, ["branch"]),
    ({"tag": "出口"}, ["branch"]),
    ({"industry": "C"}, ["branch"]),
    ({"industry": "H"}, ["uncoded"]),
    ({"industry": "F"}, []),
    ({"scale": "yes"}, ["branch"]),
    ({"scale": "no"}, ["uncoded"]),
    ({"industry": "C", "scale": "no"}, []),
    ({"area": "371502001"}, ["东昌府纺织有限公司"]),
    ({"area": "371502", "life": "active"}, ["uncoded", "东昌府区的", "东昌府纺织有限公司"]),
    ({"area": "999999"}, []),
    ({"q": "P3715"}, ["uncoded"]),
    ({"q": "东昌府 纺织"}, ["东昌府纺织有限公司"]),
]


@pytest.mark.parametrize(("asked", "expected"), FILTERS, ids=lambda value: str(value))
def test_filters(place, asked, expected):
    factories.EnterpriseFactory(name="closed", managing_area=place.zone, closed_on=date(2020, 1, 1))
    branch = factories.EnterpriseFactory(name="branch", managing_area=place.other_township, kind="branch")
    uncoded = factories.EnterpriseFactory(
        name="uncoded", managing_area=place.county, uscc=None, provisional_id="P371502-7"
    )
    factories.EnterpriseFactory(name="东昌府区的", managing_area=place.county)
    factories.GrantFactory(enterprise=place.enterprise)
    factories.GrantFactory(enterprise=branch, valid_to=date(2020, 3, 1))
    state(branch, "tag", ("出口", date(2020, 1, 1)))
    state(branch, "industry", ("F", date(2020, 1, 1)), ("1711", date(2020, 2, 1)))
    state(uncoded, "industry", ("H", date(2020, 1, 1)), ("51", date(2020, 3, 25)))
    state(branch, "above_scale", ("no", date(2020, 1, 1)), ("yes", date(2020, 3, 24)))
    state(uncoded, "above_scale", ("no", date(2020, 1, 1)))
    wanted = ListFilter.read(asked)
    assert sorted(listed(service_viewer("tests"), wanted)) == sorted(expected)
    assert count_enterprises(service_viewer("tests"), wanted, DAY).shown == len(expected)


TRAITS = ({"industry": "C"}, {"scale": "no"}, {"tag": "出口"}, {"size": "small"})


@pytest.mark.parametrize("asked", [*TRAITS, {**TRAITS[0], **TRAITS[1], "area": "371502"}], ids=str)
@pytest.mark.parametrize("kind", ["bureau_clerk", "commander@city"])
def test_the_page_of_a_trait_is_read_by_a_request_that_may_not_write(place, client_for, kind, asked):
    state(place.enterprise, "industry", ("1711", date(2020, 1, 1)))
    answer = client_for(kind).get(reverse("registry:list", args=[place.incident.slug]), asked)
    assert answer.status_code == 200
    assert (place.enterprise.name in answer.content.decode()) == (asked == TRAITS[0])


def test_a_count_says_where_it_stopped(place):
    counted = count_enterprises(service_viewer("tests"), ListFilter(), DAY, 1)
    assert (counted.shown, counted.more) == (1, True)
    counted = count_enterprises(service_viewer("tests"), ListFilter(), DAY, 2)
    assert (counted.shown, counted.more) == (2, False)


@pytest.mark.parametrize("asked", [{}, {"area": "371500"}, {"area": "371503"}, {"q": "有限公司"}, {"q": "茌平"}])
def test_nobody_sees_beyond_the_own_area_in_any_path(place, viewer_of, asked):
    viewer, wanted = viewer_of("bureau_clerk@in"), ListFilter.read(asked)
    inside = [] if asked in ({"area": "371503"}, {"q": "茌平"}) else [place.enterprise.name]
    assert listed(viewer, wanted) == inside
    assert count_enterprises(viewer, wanted, DAY).shown == len(inside)
    assert [row.name for batch in every_enterprise(viewer, wanted, DAY) for row in batch] == inside
    assert found_directly(viewer, "茌平铝业", DAY) is None
    assert found_directly(viewer, "纺织有限", DAY) == place.enterprise.pk


def test_who_is_no_official_sees_no_list(viewer_of):
    for read in (enterprise_page, count_enterprises):
        with pytest.raises(Denied):
            read(viewer_of("reporter@own"), ListFilter(), DAY)


def test_page_keeps_its_filters_in_every_link(place, client_for):
    for number in range(60):
        factories.EnterpriseFactory(name=f"纺织{number:02d}", managing_area=place.county, kind="branch")
    client, slug = client_for("bureau_clerk"), place.incident.slug
    here = reverse("registry:list", args=[slug])
    text = client.get(f"{here}?q=纺织&kind=branch&day=2020-03-23").content.decode()
    assert f'{here}?kind=branch&amp;day=2020-03-23"' in text  # the chip that removes the words
    assert "after=" in text
    assert "q=%E7%BA%BA%E7%BB%87&amp;kind=branch&amp;day=2020-03-23&amp;after=" in text
    pushed = client.get(f"{here}?q=&kind=branch&life=&sort=name", headers={"HX-Request": "true"})
    assert pushed["HX-Push-Url"] == f"{here}?kind=branch"


def test_quick_search_goes_straight_to_the_one_that_is_meant(place, client_for):
    client, slug = client_for("bureau_clerk@city"), place.incident.slug
    find = reverse("registry:find", args=[slug])
    one = reverse("registry:detail", args=[slug, place.other.pk])
    assert client.get(find, {"q": "茌平"})["Location"] == one
    assert client.get(find, {"q": place.other.uscc})["Location"] == one
    many = client.get(find, {"q": "有限公司"})["Location"]
    assert many.startswith(reverse("registry:list", args=[slug]) + "?q=")
    assert client.get(find, {"q": ""})["Location"] == reverse("registry:list", args=[slug])
    assert client_for("bureau_clerk@in").get(find, {"q": "茌平"})["Location"] != one


@pytest.mark.parametrize("few", [0, 5, 5_000], ids=["none counted", "counted in part", "counted"])
@pytest.mark.parametrize("order", ListOrder.values)
def test_traits_find_the_same_rows_in_order_whichever_leads(place, monkeypatch, few, order):
    """A tag, an industry and above-scale together, page by page; then backwards, and counted by the request after."""
    monkeypatch.setattr(lists, "FEW", few)
    names = []
    for number in range(9):
        one = factories.EnterpriseFactory(managing_area=place.county, name=f"厂{number}")
        facts = {"tag": "重点企业", "industry": "17", "above_scale": "yes" if number % 3 else "no"}
        for kind, text in facts.items():
            state(one, kind, (text, date(2020, 1, 1)))
        names += [one.name] if number % 3 else []
    names = names[::-1] if order in (ListOrder.NAME_DOWN, ListOrder.NEWEST) else names
    viewer, wanted = service_viewer("tests"), ListFilter(tag="重点企业", industry="C", scale="yes", sort=order)
    assert listed(viewer, wanted, size=2) == names
    assert listed(viewer, ListFilter(tag="重点企业", industry="A"), size=2) == []
    second = enterprise_page(viewer, wanted, DAY, after=enterprise_page(viewer, wanted, DAY, size=2).next_key, size=2)
    back = enterprise_page(viewer, wanted, DAY, before=second.previous_key, size=2)
    assert [row.name for row in back.rows] == names[:2]
    assert (back.count.more, count_enterprises(viewer, wanted, DAY).shown) == (True, 6)
    assert [one.name for batch in every_enterprise(viewer, wanted, DAY, batch=4) for one in batch] == names
    assert listed(viewer, ListFilter(q="厂4", tag="重点企业", scale="yes", sort=order), size=2) == ["厂4"]
