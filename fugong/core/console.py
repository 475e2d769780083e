"""The language of the commands that speak to whoever keeps the installation: that of their terminal."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager

from django.utils import translation


def speaking() -> AbstractContextManager[None]:
    """Within it sentences are Chinese when the terminal's locale is Chinese (`LANG=zh_CN.UTF-8`), else English."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return translation.override("zh-hans" if spoken.startswith("zh") else "en")
