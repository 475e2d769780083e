"""The register as a list: found by name or code, paged by key, seen as far as the mandate reaches."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fugong.core.decision import Denied, OutOfScope
from fugong.record.registry.logic.uscc import compose_code
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors import enterprise_for, enterprise_page, enterprises_for
from tests import factories
from tests.tools import in_english, words_of

OTHER_CODE = compose_code("110101", "MA3DK20P")


def walked(viewer, size=3, **search):
    """The names of all pages in turn."""
    seen, after = [], ""
    while True:
        page = enterprise_page(viewer, after=after, size=size, **search)
        seen.append([row.pk for row in page.rows])
        assert len(page.rows) <= size
        if page.next_key is None:
            return seen
        assert len(page.rows) == size
        after = page.next_key


class TestPaging:
    def test_pages_neither_repeat_nor_skip(self, place, viewer_of):
        for number in range(10):
            factories.EnterpriseFactory(managing_area=place.county, name=f"第{number % 4}厂")
        pages = walked(viewer_of("bureau_clerk"))
        expected = list(enterprises_for(viewer_of("bureau_clerk")).values_list("pk", flat=True))
        assert [pk for page in pages for pk in page] == expected
        assert [len(page) for page in pages] == [3, 3, 3, 2]

    def test_a_full_last_page_has_no_next(self, place, viewer_of):
        for _ in range(5):
            factories.EnterpriseFactory(managing_area=place.county, name="同名有限公司")
        assert [len(page) for page in walked(viewer_of("bureau_clerk"))] == [3, 3]

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(
        names=st.lists(st.text("甲乙~aA-_ 1'\"%\\", min_size=1, max_size=4), max_size=12),
        size=st.integers(1, 4),
    )
    def test_whatever_the_names_are(self, place, viewer_of, names, size):
        Enterprise.objects.exclude(pk__in=[place.enterprise.pk, place.other.pk]).delete()
        for name in names:
            factories.EnterpriseFactory(managing_area=place.county, name=name)
        found = [pk for page in walked(viewer_of("bureau_clerk"), size=size) for pk in page]
        assert found == list(enterprises_for(viewer_of("bureau_clerk")).values_list("pk", flat=True))
        assert len(found) == len(set(found)) == len(names) + 1

    def test_one_that_comes_in_before_the_reader_s_place_shifts_nothing(self, place, viewer_of):
        rows = [factories.EnterpriseFactory(managing_area=place.county, name=f"n{number}") for number in range(6)]
        first = enterprise_page(viewer_of("bureau_clerk"), query="n", size=3)
        factories.EnterpriseFactory(managing_area=place.county, name="a new one, n")
        rows[0].delete()
        second = enterprise_page(viewer_of("bureau_clerk"), query="n", after=first.next_key, size=3)
        assert [row.name for row in (*first.rows, *second.rows)] == ["n0", "n1", "n2", "n3", "n4", "n5"]

    @pytest.mark.parametrize("after", ["", "nonsense", "~", "x~y", "-1~a", "1.5~a"])
    def test_a_key_that_was_made_up_begins_at_the_beginning(self, place, viewer_of, after):
        page = enterprise_page(viewer_of("bureau_clerk"), after=after)
        assert page.rows == [place.enterprise]

    def test_a_page_reads_by_key_and_never_by_offset(self, place, viewer_of):
        viewer = viewer_of("bureau_clerk")
        with CaptureQueriesContext(connection) as queries:
            enterprise_page(viewer, after="1~a", size=2)
        assert len(queries) == 2
        assert not any("OFFSET" in query["sql"] for query in queries)

    def test_the_count_is_of_all_pages(self, place, viewer_of):
        for _ in range(4):
            factories.EnterpriseFactory(managing_area=place.county)
        first = enterprise_page(viewer_of("bureau_clerk"), size=2)
        assert first.total == enterprise_page(viewer_of("bureau_clerk"), after=first.next_key, size=2).total == 5


class TestSearch:
    def names(self, viewer, query, **search):
        return [row.name for row in enterprise_page(viewer, query, **search).rows]

    def test_a_part_of_the_name_or_the_beginning_of_the_code(self, place, viewer_of):
        viewer, code = viewer_of("bureau_clerk"), place.enterprise.uscc
        factories.EnterpriseFactory(managing_area=place.county, name="Acme Bearings", uscc=OTHER_CODE)
        assert self.names(viewer, "纺织") == self.names(viewer, " 东昌府纺织有限公司 ") == ["东昌府纺织有限公司"]
        assert self.names(viewer, code) == self.names(viewer, code[:10].lower()) == ["东昌府纺织有限公司"]
        assert self.names(viewer, "acme") == self.names(viewer, "BEAR") == ["Acme Bearings"]
        assert self.names(viewer, code[4:]) == []
        assert self.names(viewer, "不存在") == []

    def test_a_shop_is_found_by_its_provisional_id(self, place, viewer_of):
        factories.EnterpriseFactory(
            managing_area=place.county, name="面馆", uscc=None, provisional_id="P371502-0A1B2C3D"
        )
        assert self.names(viewer_of("bureau_clerk"), "p371502-0a1b") == ["面馆"]

    @pytest.mark.parametrize("query", ["%", "_", "\\", "'", "'; DROP TABLE registry_enterprise; --", "东昌府纺织%"])
    def test_signs_of_the_query_language_mean_themselves(self, place, viewer_of, query):
        assert self.names(viewer_of("bureau_clerk"), query) == []

    def test_an_area_narrows_it_with_everything_beneath(self, place, viewer_of):
        for area in (place.county, place.zone, place.other_township):
            factories.EnterpriseFactory(managing_area=area, name=area.code)
        viewer = viewer_of("commander@city")
        assert self.names(viewer, "", area_code="371502") == ["371502", "东昌府纺织有限公司"]
        assert self.names(viewer, "", area_code="371502001") == ["东昌府纺织有限公司"]
        assert self.names(viewer, "", area_code="371500-JK") == ["371500-JK"]
        assert len(self.names(viewer, "", area_code="371500")) == 5
        assert self.names(viewer, "", area_code="3715") == []


class TestScope:
    def test_each_sees_what_is_managed_within_the_mandate(self, place, viewer_of):
        assert enterprise_page(viewer_of("bureau_clerk")).rows == [place.enterprise]
        assert enterprise_page(viewer_of("commander@outside")).rows == [place.other]
        assert set(enterprise_page(viewer_of("duty_officer@city")).rows) == {place.enterprise, place.other}

    @pytest.mark.parametrize("kind", ["auditor@city", "reporter", "liaison_officer", "nobody", "anonymous"])
    def test_it_is_for_officials(self, place, viewer_of, kind):
        with pytest.raises(Denied, match="for officials"):
            enterprise_page(viewer_of(kind))

    def test_the_area_of_another_opens_nothing(self, place, viewer_of):
        assert enterprise_page(viewer_of("bureau_clerk"), area_code="371503").total == 0
        with pytest.raises(OutOfScope):
            enterprise_for(viewer_of("bureau_clerk"), place.other.pk)

    def test_a_moved_enterprise_is_seen_by_its_new_area_and_no_longer_by_the_old(self, place, viewer_of):
        Enterprise.objects.filter(pk=place.enterprise.pk).update(managing_area=place.other_township)
        assert enterprise_page(viewer_of("bureau_clerk")).total == 0
        assert enterprise_for(viewer_of("bureau_clerk@outside"), place.enterprise.pk).pk == place.enterprise.pk


class TestPages:
    @pytest.fixture
    def url(self, place):
        return reverse("registry:list", args=[place.incident.slug])

    def test_the_links_walk_through_all(self, place, client_for, url):
        for number in range(120):
            factories.EnterpriseFactory(managing_area=place.county, name=f"厂{number:03d}~&q=纺")
        client, seen = in_english(client_for("bureau_clerk")), []
        following = f"{url}?q=厂"
        while following:
            page = client.get(following).content.decode()
            assert "120 enterprises" in page
            seen += re.findall(r"厂(\d{3})~", page)
            link = re.search(r'href="([^"]*)"\s+rel="next"', page)
            following = link and link[1].replace("&amp;", "&")
        assert seen == [f"{number:03d}" for number in range(120)]

    def test_htmx_gets_the_rows_alone(self, place, client_for, url):
        client = client_for("bureau_clerk")
        part = client.get(url, {"q": "纺织"}, headers={"hx-request": "true"})
        assert "<html" not in part.content.decode()
        assert place.enterprise.name in part.content.decode()
        whole = client.get(url, {"q": "纺织"})
        assert part.content.decode().strip() in whole.content.decode()

    def test_a_store_between_does_not_give_the_part_for_the_whole(self, place, client_for, url):
        for headers in ({}, {"hx-request": "true"}):
            vary = client_for("bureau_clerk").get(url, headers=headers).headers["Vary"].lower()
            assert "hx-request" in vary

    def test_htmx_gets_the_whole_page_when_it_restores_one_that_it_has_forgotten(self, place, client_for, url):
        headers = {"hx-request": "true", "hx-history-restore-request": "true"}
        assert "<html" in client_for("bureau_clerk").get(url, headers=headers).content.decode()

    def test_nothing_found_says_how_to_search(self, place, client_for, url):
        assert "Try a part of the name" in words_of(in_english(client_for("bureau_clerk")).get(url, {"q": "不存在"}))

    def test_the_query_stands_escaped_in_the_field(self, place, client_for, url):
        page = client_for("bureau_clerk").get(url, {"q": '"><script>alert(1)</script>'}).content.decode()
        assert "<script>alert" not in page
        assert "&quot;&gt;&lt;script&gt;alert(1)" in page

    @pytest.mark.parametrize(
        "query",
        [
            {"after": f"{'9' * 30}~a"},
            {"after": f"{'9' * 5000}~a"},
            {"q": "长" * 10_000},
            {"after": "٣~a"},
            {"after": "1"},
            {"day": "0001-01-01"},
            {"day": "9999-12-31"},
            {"day": "2020-02-30"},
        ],
        ids=lambda query: str(query)[:30],
    )
    def test_no_address_that_somebody_makes_up_breaks_it(self, place, client_for, url, query):
        assert client_for("bureau_clerk").get(url, query).status_code == 200

    @pytest.mark.parametrize("query", [{"q": "a\0b"}, {"after": "1~\0"}])
    def test_what_no_browser_sends_is_refused(self, place, client_for, url, query):
        assert client_for("bureau_clerk").get(url, query).status_code == 400

    def test_who_may_not_add_is_not_offered_it(self, place, client_for, url):
        new = reverse("registry:new", args=[place.incident.slug])
        assert new in client_for("bureau_clerk").get(url).content.decode()
        assert new not in client_for("commander").get(url).content.decode()
