"""The public pages: anybody, either language by the address, no cookie, cacheable; only what binds here."""

from __future__ import annotations

from datetime import date

from fugong.services.policies.models import MeasureVersion


def test_anybody_searches_and_reads_in_the_language_of_the_address(measures, place, client):
    page = client.get("/public/zh/measures/?q=吸纳就业")
    text = page.content.decode()
    assert page.status_code == 200
    assert "一次性吸纳就业补贴" in text
    assert "三项社保费阶段性减免" not in text
    english = client.get("/public/en/measures/sd-hiring/").content.decode()
    assert 'lang="en"' in english
    assert "CNY 1,000 for each person newly hired" in english


def test_no_cookie_is_set_and_caches_may_share_it(measures, place, client):
    page = client.get("/public/zh/measures/")
    assert not page.cookies
    assert "s-maxage=5" in page["Cache-Control"]
    assert "public" in page["Cache-Control"]
    assert "csrfmiddlewaretoken" not in page.content.decode()


def test_other_places_drafts_and_strange_languages_are_not_there(measures, place, client):
    MeasureVersion.objects.filter(measure__code="sd-medical").update(state="draft", published_at=None)
    for address in ("zh/measures/bj-fees/", "zh/measures/sd-medical/", "fr/measures/", "zh/measures/none/"):
        assert client.get(f"/public/{address}").status_code == 404


def test_what_has_ended_is_a_mark(measures, place, client):
    MeasureVersion.objects.filter(measure__code="sd-medical").update(valid_to=date(2020, 3, 23))
    assert "已过期" in client.get("/public/zh/measures/sd-medical/").content.decode()
