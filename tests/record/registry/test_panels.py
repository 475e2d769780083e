from __future__ import annotations

import pytest
from django.urls import reverse

from fugong.core.registries import Panel, enterprise_panels
from fugong.core.roles import Role


@pytest.fixture
def panels(monkeypatch):
    """Five panels instead of those of the rooms; the fourth is for commanders, the fifth has nothing to say."""
    made = {
        f"t.p{number}": Panel(f"t.p{number}", number, f"Panel {number}", lambda *_given, n=number: f"content {n}")
        for number in range(1, 4)
    }
    made["t.p4"] = Panel("t.p4", 4, "Panel 4", lambda *_given: "content 4", lambda viewer: viewer.has(Role.COMMANDER))
    made["t.p5"] = Panel("t.p5", 5, "Panel 5", lambda *_given: "")
    monkeypatch.setattr(enterprise_panels, "_entries", made)
    return made


def test_three_come_with_the_page_and_the_others_after_it(place, client_for, panels):
    url = reverse("registry:detail", args=[place.incident.slug, place.enterprise.pk])
    text = client_for("commander").get(f"{url}?day=2020-03-23").content.decode()
    later = reverse("registry:panel", args=[place.incident.slug, place.enterprise.pk, "t.p4"])
    assert [f"content {number}" in text for number in (1, 2, 3, 4)] == [True, True, True, False]
    assert f'hx-get="{later}?day=2020-03-23"' in text
    assert later not in client_for("bureau_clerk").get(url).content.decode()


def test_a_panel_alone(place, client_for, panels):
    args = [place.incident.slug, place.enterprise.pk]
    url = reverse("registry:panel", args=[*args, "t.p4"])
    assert client_for("bureau_clerk").get(url).status_code == 403
    part = client_for("commander").get(url, headers={"HX-Request": "true"}).content.decode()
    assert "content 4" in part
    assert "<html" not in part
    assert "<html" in client_for("commander").get(url).content.decode()
    assert client_for("commander").get(reverse("registry:panel", args=[*args, "t.none"])).status_code == 404
    empty = client_for("commander").get(reverse("registry:panel", args=[*args, "t.p5"]), headers={"HX-Request": "true"})
    assert "section" not in empty.content.decode()
