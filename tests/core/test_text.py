from __future__ import annotations

import pytest
from django.utils import translation

from fugong.core.text import in_language


@pytest.mark.parametrize(
    ("language", "texts", "shown"),
    [
        ("en", {"zh": "缺工", "en": "Staff shortage"}, "Staff shortage"),
        ("zh-hans", {"zh": "缺工", "en": "Staff shortage"}, "缺工"),
        ("en", {"zh": "缺工"}, "缺工"),
        ("en", {"zh": "缺工", "en": ""}, "缺工"),
        ("en", {"de": "Arbeitskräftemangel"}, "Arbeitskräftemangel"),
        ("en", {}, ""),
        (None, {"zh": "缺工", "en": "Staff shortage"}, "缺工"),
    ],
)
def test_the_language_of_the_reader_else_chinese_else_what_there_is(language, texts, shown):
    with translation.override(language):
        assert in_language(texts) == shown
