"""A sheet of cards as HTML for printing: eight on an A4 page, to be cut apart."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urlencode

import qrcode
from qrcode.image.svg import SvgPathImage


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on one card; `code` is the one-time code, in clear."""

    enterprise: str
    uscc: str
    area: str
    username: str
    code: str


def link(base_url: str, code: str) -> str:
    """The address that a card's QR code holds."""
    return f"{base_url}?{urlencode({'c': code})}"


def picture(text: str) -> str:
    """A QR code as a data address of an SVG."""
    made = qrcode.make(text, image_factory=SvgPathImage, border=2)
    target = BytesIO()
    made.save(target)
    return "data:image/svg+xml;base64," + base64.b64encode(target.getvalue()).decode()
