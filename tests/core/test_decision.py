from __future__ import annotations

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from fugong.core.decision import ALLOWED, Decision, Denied, allowed_if


def test_a_decision_is_its_own_answer():
    assert ALLOWED
    assert not Decision(False, "no mandate")
    assert allowed_if(True, "never read") is ALLOWED
    assert allowed_if(False, "no mandate") == Decision(False, "no mandate")


def test_requiring_what_is_allowed_passes_and_what_is_not_says_why():
    ALLOWED.require()
    with pytest.raises(Denied) as refusal:
        Decision(False, "no mandate").require()
    assert refusal.value.reason == "no mandate"


def test_the_reason_is_translated_when_it_is_shown():
    with pytest.raises(Denied) as refusal:
        allowed_if(False, _("Monday")).require()
    with translation.override("zh-hans"):
        assert str(refusal.value.reason) == "星期一"
    with translation.override("en"):
        assert str(refusal.value.reason) == "Monday"
