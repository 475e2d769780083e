"""The public pages: what measures there are and what they say, for anybody, without cookie or form token."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from fugong.core import clock
from fugong.services.policies.enums import Aspect
from fugong.services.policies.selectors.catalogue import public_measures
from fugong.services.policies.web.tables import catalogue_row, rule_words

# As it stands in the address → Django's name of it.
LANGUAGES = {"zh": "zh-hans", "en": "en"}
# A micro-cache in front may keep a page as long, in seconds.
_SHARED = 5


def _public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Nobody signs in, the address says the language, caches may share the page."""

    @login_not_required
    @require_safe
    @wraps(view)
    def shown(request: HttpRequest, language: str, **kwargs: Any) -> HttpResponse:
        if language not in LANGUAGES:
            raise Http404(language)
        with translation.override(LANGUAGES[language]):
            response = view(request, language, **kwargs)
        patch_cache_control(response, public=True, s_maxage=_SHARED)
        return response

    return shown


def _other(language: str, name: str, *args: str) -> dict[str, str]:
    other = "en" if language == "zh" else "zh"
    return {"other_url": reverse(name, args=[other, *args]), "other_words": "English" if other == "en" else "中文"}


@_public
def measures(request: HttpRequest, language: str) -> HttpResponse:
    """All measures that bind here, by aspect; searched in title, explanation and document."""
    text = request.GET.get("q", "").strip()[:50]
    aspect = request.GET.get("aspect", "")
    aspect = aspect if aspect in Aspect.values else ""
    here = reverse("policies_public:measures", args=[language])
    rows = [
        catalogue_row(version, clock.today(), reverse("policies_public:measure", args=[language, version.measure.code]))
        | {"plain": version.plain_words}
        for version in public_measures(request.viewer, text, aspect)
    ]
    aspects = [{"value": value, "label": label, "current": value == aspect} for value, label in Aspect.choices]
    context = {"rows": rows, "text": text, "aspect": aspect, "aspects": aspects, "here": here}
    return render(request, "policies/public_measures.html", context | _other(language, "policies_public:measures"))


@_public
def measure(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """One measure in plain words: for whom, how much, how to get it, where it is written."""
    found = public_measures(request.viewer, code=code)
    if not found:
        raise Http404(code)
    version = found[0]
    context = {
        "row": catalogue_row(version, clock.today(), ""),
        "version": version,
        "document": version.document,
        "plain": version.plain_words,
        "words": rule_words(version),
        "back_url": reverse("policies_public:measures", args=[language]),
    }
    return render(request, "policies/public_measure.html", context | _other(language, "policies_public:measure", code))
