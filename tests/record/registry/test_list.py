"""The page of the register: part or whole, and whatever somebody types into its address. See test_lists.py for rows."""

from __future__ import annotations

import html
import re

import pytest
from django.urls import reverse

from fugong.core.viewer import service_viewer
from fugong.record.registry.actions.traits import renew_traits
from tests import factories
from tests.tools import in_english, words_of


@pytest.fixture
def url(place):
    return reverse("registry:list", args=[place.incident.slug])


def test_the_links_walk_through_all(place, client_for, url):
    for number in range(120):
        factories.EnterpriseFactory(managing_area=place.county, name=f"厂{number:03d}~&q=纺")
    client, seen = in_english(client_for("bureau_clerk")), []
    following = f"{url}?q=厂"
    while following:
        assert len(seen) <= 120, "the pages come to no end"
        page = client.get(following).content.decode()
        seen += re.findall(r">厂(\d{3})~", page)
        link = re.search(r'href="([^"]*)"\s+rel="next"', page)
        following = link and html.unescape(link[1])
    assert seen == [f"{number:03d}" for number in range(120)]


def test_htmx_gets_the_rows_alone(place, client_for, url):
    part = client_for("bureau_clerk").get(url, {"q": "纺织"}, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part
    assert place.enterprise.name in part
    whole = client_for("bureau_clerk").get(url, {"q": "纺织"}).content.decode()
    assert "<html" in whole
    assert place.enterprise.name in whole


def test_the_query_stands_escaped_in_the_field(client_for, url):
    page = client_for("bureau_clerk").get(url, {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page
    assert "&quot;&gt;&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("query", ["%", "_", "\\", "'", "'; DROP TABLE registry_enterprise; --", "东昌府纺织%"])
def test_signs_of_the_query_language_mean_themselves(place, client_for, url, query):
    assert place.enterprise.name not in words_of(client_for("bureau_clerk").get(url, {"q": query}))


@pytest.mark.parametrize("name", ["q", "after", "before", "day", "area", "kind", "sort", "tag", "size"])
@pytest.mark.parametrize(
    "value",
    ["x", "1~a", "9" * 30 + "~a", "9" * 5000, "长" * 3000, "-1", "٣~a", "0001-01-01", "9999-12-31", "é"],
    ids=lambda value: ascii(value)[:20],
)
def test_no_address_that_somebody_makes_up_breaks_it(place, client_for, url, name, value):
    assert client_for("bureau_clerk").get(url, {name: value}).status_code in (200, 404)


@pytest.mark.parametrize("query", [{"q": "a\0b"}, {"after": "1~\0"}])
def test_what_no_browser_sends_is_refused(client_for, url, query):
    assert client_for("bureau_clerk").get(url, query).status_code == 400


def test_who_may_not_add_is_not_offered_it(place, client_for, url):
    new = reverse("registry:new", args=[place.incident.slug])
    assert new in client_for("bureau_clerk").get(url).content.decode()
    assert new not in client_for("commander").get(url).content.decode()


def test_the_tags_to_choose_from_are_those_of_the_own_area(place, client_for):
    for enterprise, tag in ((place.enterprise, "重点企业"), (place.enterprise, "防疫物资"), (place.other, "外贸龙头")):
        factories.FactFactory(enterprise=enterprise, kind="tag", number=None, text=tag)
    renew_traits(actor=service_viewer("tests"), enterprise_ids=[place.enterprise.pk, place.other.pk])
    url = reverse("registry:tags", args=[place.incident.slug])

    def choices(role: str, query: str = "") -> list[tuple[str, bool]]:
        select = client_for(role).get(url + query).context["select"]
        return [(value, chosen) for value, _words, chosen in select.choices]

    assert [value for value, _chosen in choices("bureau_clerk@in")] == ["", "重点企业", "防疫物资"]
    assert len(choices("bureau_clerk@city")) == 4
    assert ("旧标签", True) in choices("bureau_clerk@in", "?tag=旧标签")
