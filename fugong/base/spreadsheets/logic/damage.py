"""Text that went through a wrong encoding on its way: told before it enters a register."""

from __future__ import annotations

import re

# U+FFFD: a decoder gave up here. 锟斤拷: U+FFFD written as UTF-8 and read as GBK.
_SCARS = ("\ufffd", "锟斤拷", "烫烫烫", "屯屯屯")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CJK = re.compile(r"[\u4e00-\u9fff]")
_EMPTY_IN_CP1252 = "\x81\x8d\x8f\x90\x9d"
_HIGH_LATIN = re.compile(r"[\x80-\xff\u0152-\u02dc\u2013-\u2122]{3}")


def _through(text: str, written: str, read: str) -> str:
    """The text if it was written in one encoding and read in the other, else empty."""
    try:
        return _encoded(text, read).decode(written)
    except UnicodeError:
        return ""


def _encoded(text: str, encoding: str) -> bytes:
    """Like `encode`; the five bytes that cp1252 leaves empty pass as the control characters programs make of them."""
    if encoding != "cp1252":
        return text.encode(encoding)
    return b"".join(char.encode("latin-1" if char in _EMPTY_IN_CP1252 else "cp1252") for char in text)


def damaged(text: str) -> bool:
    """Characters are lost, or the text is UTF-8 read as GB18030, or Chinese read as a Western encoding."""
    if text.isascii():
        return bool(_CONTROL.search(text))
    if any(scar in text for scar in _SCARS) or _CONTROL.search(text):
        return True
    if _CJK.search(text):
        # A sound Chinese text is practically never valid UTF-8 when its GB18030 bytes are read so.
        return bool(_CJK.search(_through(text, "utf-8", "gb18030")))
    if not _HIGH_LATIN.search(text):
        return False
    western = [_through(text, written, read) for written in ("utf-8", "gb18030") for read in ("latin-1", "cp1252")]
    return any(_CJK.search(original) for original in western)


def likely_original(text: str) -> str:
    """What a damaged text probably said, empty when that cannot be told."""
    for written, read in (("utf-8", "gb18030"), ("utf-8", "latin-1"), ("utf-8", "cp1252"), ("gb18030", "latin-1")):
        original = _through(text, written, read)
        if original != text and _CJK.search(original) and not any(scar in original for scar in _SCARS):
            return original
    return ""
