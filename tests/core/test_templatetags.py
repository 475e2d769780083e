"""Numbers, days and icons as pages write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Engine
from django.utils import translation

import fugong as package
from fugong.core.templatetags import fugong as tags

ROOT = Path(package.__file__).parent
TUESDAY = date(2020, 3, 24)


def render(source: str, **context: object) -> str:
    engine = Engine(builtins=["fugong.core.templatetags.fugong"])
    return engine.from_string(source).render(Context(context))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (5853, "5,853"),
        (0, "0"),
        (-1200, "\u22121,200"),
        (100, "100"),
        (Decimal("72.50"), "72.5"),
        (Decimal("72.00"), "72"),
        (Decimal("1E+3"), "1,000"),
        (0.1, "0.1"),
        ("72.50", "72.5"),
        ("", "—"),
        (None, "—"),
    ],
)
def test_number_has_commas_and_no_trailing_zeros(value: object, shown: str) -> None:
    assert render("{{ value|number }}", value=value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("85.8903"), "85.89"),
        (Decimal("85.885"), "85.89"),
        (Decimal("0.005"), "0.01"),
        (Decimal("99.995"), "100.00"),
        (100, "100.00"),
        (Decimal("1234.5"), "1,234.50"),
        (Decimal("-3.2"), "\u22123.20"),
        (None, "—"),
    ],
)
def test_percent_rounds_half_up_to_two_places(value: object, shown: str) -> None:
    assert render("{{ value|percent }}", value=value) == shown


@pytest.mark.parametrize(("value", "shown"), [(5853, "5,853"), (Decimal("85.8903"), "85.89"), (None, "—")])
def test_figure_follows_the_kind_of_the_value(value: object, shown: str) -> None:
    assert render("{{ value|figure }}", value=value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (37, "+37"),
        (-12, "\u221212"),
        (2904, "+2,904"),
        (0, "0"),
        (Decimal("0.7377"), "+0.74"),
        (Decimal("-0.82"), "\u22120.82"),
        (Decimal("-0.004"), "0.00"),
        (Decimal("0.004"), "0.00"),
        (None, "—"),
    ],
)
def test_signed_shows_the_sign_and_a_true_minus(value: object, shown: str) -> None:
    assert render("{{ value|signed }}", value=value) == shown


@pytest.mark.parametrize(
    ("language", "words", "short"), [("zh-hans", "3月24日（周二）", "周二"), ("en", "Tue 24 March", "Tue")]
)
def test_days_are_written_in_the_language_of_the_page(language: str, words: str, short: str) -> None:
    with translation.override(language):
        assert render("{{ day|day_words }}", day=TUESDAY) == words
        assert render("{{ day|weekday }}", day=TUESDAY) == short


def test_a_day_that_is_not_known_is_a_dash() -> None:
    assert render("{{ day|day_words }}{{ day|weekday }}{{ day|stamp }}", day=None) == "———"


def test_only_the_day_before_is_the_eve() -> None:
    assert tags.is_eve_of(date(2020, 3, 23), TUESDAY)
    assert not tags.is_eve_of(date(2020, 3, 22), TUESDAY)
    assert not tags.is_eve_of(TUESDAY, TUESDAY)
    assert not tags.is_eve_of(None, TUESDAY)


def test_stamp_is_in_the_zone_of_the_place() -> None:
    assert render("{{ moment|stamp }}", moment=datetime(2020, 3, 24, 1, 30, tzinfo=UTC)) == "03-24 09:30"
    assert render("{{ moment|stamp }}", moment=datetime(2020, 3, 24, 8, 13)) == "03-24 08:13"  # noqa: DTZ001
    assert render("{{ moment|stamp }}", moment=TUESDAY) == "2020-03-24"


def test_a_paragraph_opens_its_figures_and_escapes_the_rest() -> None:
    rate = SimpleNamespace(text="85.89%", url="/rate/")
    plain = SimpleNamespace(text="<1>", url="")
    assert tags.linked("a < b") == "a &lt; b"
    assert tags.linked(["返岗率", rate, "，", plain]) == '返岗率<a class="fu-tok" href="/rate/">85.89%</a>，&lt;1&gt;'
    assert tags.unlinked(["返岗率", rate, "。"]) == "返岗率85.89%。"
    assert tags.unlinked("a < b") == "a < b"


@pytest.mark.parametrize(
    ("shown", "unit", "text"),
    [("85.89", "%", "85.89%"), ("5,853", "家", "5,853家"), ("14", "days", "14 days"), ("—", "%", "—"), ("3", "", "3")],
)
def test_a_unit_stands_off_only_when_it_is_a_latin_word(shown: str, unit: str, text: str) -> None:
    assert tags.with_unit(shown, unit) == text


def test_icon_is_hidden_from_screen_readers_and_escaped() -> None:
    shown = render("{% icon name %}", name='"><script>')
    assert shown.startswith('<svg class="fu-i" aria-hidden="true">')
    assert "<script>" not in shown
    assert 'vendor/icons.svg#home"' in render('{% icon "home" %}')


def test_widget_adds_attributes_to_those_of_the_form() -> None:
    class Sample(forms.Form):
        roster = forms.IntegerField(widget=forms.NumberInput(attrs={"min": "0"}))

    shown = render('{% widget field data_was="186" inputmode="numeric" %}', field=Sample()["roster"])
    for attribute in ('name="roster"', 'min="0"', 'data-was="186"', 'inputmode="numeric"'):
        assert attribute in shown


def test_every_icon_named_in_a_template_is_in_the_sprite_list() -> None:
    listed = set((ROOT / "static" / "icons.txt").read_text().split())
    used = {
        name: path.name
        for path in ROOT.rglob("templates/**/*.html")
        for name in re.findall(r'{% icon "([a-z0-9-]+)" %}', path.read_text())
    }
    assert used, "no icon was found: the pattern is wrong"
    assert {name: where for name, where in used.items() if name not in listed} == {}
