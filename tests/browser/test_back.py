"""The back button: a searched list comes back whole, and nothing of it stays in the browser after signing out."""

from __future__ import annotations

import pytest

from tests.place import make_place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at_the_list(transactional_db, epidemic, walker):
    """A clerk who has searched the register."""
    place = make_place(epidemic)
    user = place.person("bureau_clerk")
    user.set_password("a-long-password")
    user.save()
    clerk = walker("desk", "zh-hans")
    clerk.sign_in(user.username, "a-long-password")
    clerk.open(f"/i/{place.incident.slug}/enterprises/")
    clerk.page.locator("main input[type=search]").press_sequentially("纺织")
    clerk.page.wait_for_url("**q=%E7%BA%BA%E7%BB%87*")
    return clerk, place


def test_from_an_enterprise_back_to_the_searched_list(at_the_list):
    clerk, place = at_the_list
    page = clerk.page
    page.locator("#results").get_by_role("link", name=place.enterprise.name).first.click()
    page.wait_for_url(f"**/enterprises/{place.enterprise.pk}/*")
    page.go_back()
    page.wait_for_load_state("networkidle")
    assert page.locator("h1").count() == 1, "the list came back without its page around it"
    assert page.locator("main input[type=search]").input_value() == "纺织"
    assert place.enterprise.name in page.inner_text("main")


def test_back_within_the_list_and_nothing_is_kept_by_the_browser(at_the_list):
    clerk, place = at_the_list
    page = clerk.page
    page.locator("main input[type=search]").fill("不存在")
    page.wait_for_url("**q=%E4%B8%8D*")
    page.go_back()
    page.wait_for_load_state("networkidle")
    assert page.locator("h1").count() == 1
    assert place.enterprise.name in page.inner_text("main")
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert place.enterprise.name not in kept
