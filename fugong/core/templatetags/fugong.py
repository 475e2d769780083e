"""How every page writes numbers, days and icons (DESIGN-LANGUAGE §3, §4, §7). A builtin: templates need no `load`.

Nothing here knows the domain. `None` is shown as a dash, never as zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from fugong.core.text import masked_phone

register = template.Library()

DASH = "—"
MINUS = "\u2212"
ICONS = "vendor/icons.svg"
# Locale data, as Django keeps in its formats modules: its own abbreviation is the long 星期二.
CHINESE_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")

Number = int | float | Decimal


class Linked(Protocol):
    """A figure within a paragraph; an empty url leaves it plain."""

    @property
    def text(self) -> str: ...

    @property
    def url(self) -> str: ...


Paragraph = str | Iterable[str | Linked]


@register.simple_tag
def icon(name: str) -> SafeString:
    """A Tabler outline icon from the sprite, hidden from screen readers: a word always stands beside it."""
    return format_html('<svg class="fu-i" aria-hidden="true"><use href="{}#{}"></use></svg>', static(ICONS), name)


@register.simple_tag
def widget(field: BoundField, **attributes: str) -> SafeString:
    """The field's widget with extra HTML attributes; underscores become hyphens: `{% widget field data_was="3" %}`."""
    return field.as_widget(attrs={name.replace("_", "-"): value for name, value in attributes.items()})


@register.filter
def number(value: Number | str | None) -> str:
    """A count or quantity with thousands commas: 5,853; 72.5. No trailing zeros. An empty text is unknown too."""
    if value is None or value == "":
        return DASH
    text = f"{value:,}" if isinstance(value, int) else f"{Decimal(str(value)):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return _with_minus(text)


@register.filter
def masked(phone: str) -> str:
    """A phone number as it is shown: 138****1234."""
    return masked_phone(phone)


@register.filter
def percent(value: Number | None) -> str:
    """A value that is in per cent already, two places, half up: 85.89. The sign % is the template's."""
    return DASH if value is None else _with_minus(f"{_two_places(value):,f}")


@register.filter
def figure(value: Number | None) -> str:
    """A figure of either kind: whole numbers as `number`, fractions as `percent`."""
    return number(value) if isinstance(value, int) else percent(value)


@register.filter
def signed(value: Number | None) -> str:
    """A change with its sign: +0.74, −0.82, +37, 0. Fractions keep two places; what rounds to zero has no sign."""
    if value is None:
        return DASH
    exact = value if isinstance(value, int) else _two_places(value)
    text = _with_minus(f"{exact:,}")
    return f"+{text}" if exact > 0 else text


@register.filter
def weekday(day: date | None) -> str:
    """周二 or Tue."""
    if day is None:
        return DASH
    return CHINESE_WEEKDAYS[day.weekday()] if _in_chinese() else date_format(day, "D")


@register.filter
def day_words(day: date | None) -> str:
    """A day within a sentence: 3月24日（周二） or Tue 24 March."""
    if day is None:
        return DASH
    if _in_chinese():
        return f"{day.month}月{day.day}日（{weekday(day)}）"
    return date_format(day, "D j F")


@register.filter
def is_eve_of(day: date | None, other: date) -> bool:
    """The day is the one before the other."""
    return day is not None and other - day == timedelta(days=1)


@register.filter
def stamp(moment: datetime | date | None) -> str:
    """A moment in data: 03-24 09:30 in the zone of the place; a plain day as 2020-03-24."""
    if moment is None:
        return DASH
    if not isinstance(moment, datetime):
        return f"{moment:%Y-%m-%d}"
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return f"{local:%m-%d %H:%M}"


@register.filter
def with_unit(shown: str, unit: str) -> str:
    """The unit after a number that is written already: 85.89%, 5,853家, 14 days. A dash has no unit."""
    if shown == DASH or not unit:
        return shown
    return f"{shown} {unit}" if unit[0].isascii() and unit[0].isalpha() else f"{shown}{unit}"


@register.filter
def linked(paragraph: Paragraph) -> SafeString:
    """A paragraph whose figures open. Runs are not parted by white space: between Chinese it would show."""
    return format_html_join("", "{}", ((_run(part),) for part in _runs(paragraph)))


@register.filter
def unlinked(paragraph: Paragraph) -> str:
    """The same paragraph as plain text."""
    return "".join(part if isinstance(part, str) else part.text for part in _runs(paragraph))


def _runs(paragraph: Paragraph) -> Iterable[str | Linked]:
    return [paragraph] if isinstance(paragraph, str) else paragraph


def _run(part: str | Linked) -> str:
    if isinstance(part, str) or not part.url:
        return part if isinstance(part, str) else part.text
    return format_html('<a class="fu-tok" href="{}">{}</a>', part.url, part.text)


def _in_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def _two_places(value: Number) -> Decimal:
    rounded = Decimal(str(value)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def _with_minus(text: str) -> str:
    return text.replace("-", MINUS)
