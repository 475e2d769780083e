"""A picture as it came, written anew: smaller, upright, and without anything but its pixels. Pure."""

from __future__ import annotations

import io
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

# By the first bytes, whatever name or type the sender gave: JPEG and PNG are what phones and screens make.
_MAGIC = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
LONGEST_SIDE = 1600
# Decoded, a pixel takes three bytes: more than this is no photo of a phone but an attack on the memory.
_MOST_PIXELS = 50_000_000
_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is stored: JPEG bytes, width and height in pixels."""

    content: bytes
    width: int
    height: int


def _form_of(content: bytes) -> str | None:
    return next((form for magic, form in _MAGIC.items() if content.startswith(magic)), None)


def _too_many_pixels() -> ValidationError:
    return ValidationError(_("This picture has too many pixels. Take it with a lower resolution."))


def redrawn(content: bytes) -> Picture:
    """The picture at most `LONGEST_SIDE` pixels long, upright, without place, time, phone or thumbnails.

    Raises `ValidationError` for what is neither JPEG nor PNG, broken, or too large to be decoded.
    """
    form = _form_of(content)
    if form is None:
        raise ValidationError(_("This is no photo. Send a JPEG or PNG picture."))
    try:
        with Image.open(io.BytesIO(content), formats=[form]) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise _too_many_pixels()
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise ValidationError(_("This picture is broken. Take it again.")) from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # Into a fresh picture: what hung on the old one (place, comments, colour profile) stays behind.
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    written = io.BytesIO()
    bare.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return Picture(written.getvalue(), *bare.size)
