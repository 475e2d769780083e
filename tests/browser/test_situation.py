"""From a figure past its threshold to the enterprise behind it in three taps; and a board that keeps itself fresh."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from fugong.base.accounts.selectors import viewer_for
from fugong.command.situation.actions.figures import Span, keep_figures, mark_figures
from fugong.command.situation.actions.indicators import set_target
from fugong.core import clock
from fugong.core.viewer import service_viewer
from fugong.record.reporting.models import DailyReport
from tests import factories
from tests.browser.test_thread import official
from tests.place import make_place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db, epidemic):
    """A return rate of 75 % against a target of 90, and one enterprise that has not reported."""
    place = make_place(epidemic)
    place.report(roster=100, on_post=92, day="2020-03-23")
    place.report(roster=100, on_post=70)
    place.report(factories.EnterpriseFactory(managing_area=place.zone, name="经开轴承厂"), roster=20, on_post=20)
    factories.EnterpriseFactory(managing_area=place.county, name="缺报厂")
    actor = viewer_for(place.person("commander@city"), clock.today())
    set_target(
        actor=actor, incident=place.incident, area=place.city, code="return_rate",
        valid_from=date(2020, 3, 24), value=Decimal(90), source="指挥部第7号通知",
    )  # fmt: skip
    keep_figures(actor=service_viewer("figures"))
    return place


@pytest.mark.parametrize(
    ("kind", "surface", "language"),
    [("commander@city", "phone", "zh-hans"), ("commander", "phone", "en"), ("bureau_clerk@city", "desk", "zh-hans")],
)
def test_from_a_figure_past_its_threshold_to_the_enterprise_in_three_taps(walker, town, kind, surface, language):
    one = walker(surface, language)
    one.sign_in(*official(town, kind))
    one.open(f"/i/{town.incident.slug}/situation/")
    one.look("board")
    page, taps = one.page, 0
    tile = page.locator("a.fu-figure:has(.fu-refused)")
    assert tile.count() == 1, "the figure that is short of its target is marked, and it alone"
    tile.click()
    taps += 1
    page.wait_for_url("**/figures/return_rate/**")
    one.look("figure")
    if "city" in kind:
        page.click(f"table[data-rows] th a:has-text('{town.county.name}')")
        taps += 1
        page.wait_for_url("**area=371502**")
    page.click(f"th a:has-text('{town.enterprise.name}')")
    taps += 1
    page.wait_for_url(f"**/enterprises/{town.enterprise.pk}/**")
    assert town.enterprise.name in page.inner_text("h1")
    assert taps <= 3


def test_the_board_shows_a_new_report_by_itself_and_the_keys_go_through_its_rows(walker, town):
    one = walker("desk", "en")
    one.sign_in(*official(town, "commander@city"))
    page = one.page
    one.open(f"/i/{town.incident.slug}/situation/")
    page.wait_for_selector("a.fu-figure:has-text('75.00')")
    page.keyboard.press("j")
    page.keyboard.press("j")
    row = page.evaluate("document.activeElement.closest('tr').innerText")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.closest('tr').innerText") != row
    link = page.evaluate("document.activeElement.getAttribute('href')")

    DailyReport.objects.filter(enterprise=town.enterprise, day="2020-03-24").delete()
    town.report(roster=100, on_post=99)
    span = Span(town.incident.pk, town.township.pk, date(2020, 3, 24), date(2020, 3, 24))
    mark_figures(actor=service_viewer("figures"), spans=[span])
    keep_figures(actor=service_viewer("figures"))
    page.wait_for_selector("a.fu-figure:has-text('99.17')", timeout=8_000)
    assert page.evaluate("document.activeElement.getAttribute('href')") == link, "the focus stays where it was"
    for path in ("crossing/?rows=area&columns=scale&row=*&column=*", "definitions/", "wall/", "brief/"):
        one.open(f"/i/{town.incident.slug}/situation/{path}")
        one.look(path.split("/")[0])
