"""Codes and PINs: how they are made, read back from paper, hashed, judged. Nothing here is stored."""

from __future__ import annotations

import hmac
import re
import secrets
import unicodedata
from hashlib import sha256

# Without 0/O, 1/l/I: read from paper and typed on a phone. 31 letters, so 12 of them are 59 bits.
LEGIBLE = "23456789abcdefghjkmnpqrstuvwxyz"
CODE_LENGTH, GROUP = 12, 4
PIN_LENGTH = 6
MESSAGE_DIGITS = 6
_NOT_LEGIBLE = re.compile(f"[^{LEGIBLE}]")
_DIGITS = re.compile(r"\D")
_STEPS = "01234567890", "09876543210"
_DISTINCT = 3


def fresh_code() -> str:
    """A one-time code as it is printed: k7mp-3xwz-9hqd."""
    letters = "".join(secrets.choice(LEGIBLE) for _letter in range(CODE_LENGTH))
    return "-".join(letters[start : start + GROUP] for start in range(0, CODE_LENGTH, GROUP))


def fresh_digits() -> str:
    """A code for a short message: six digits."""
    return f"{secrets.randbelow(10**MESSAGE_DIGITS):0{MESSAGE_DIGITS}d}"


def plain_code(text: str) -> str:
    """A typed or scanned code without case, width, blanks and hyphens."""
    return _NOT_LEGIBLE.sub("", unicodedata.normalize("NFKC", text).lower())


def keyed(key: str, purpose: str, text: str) -> str:
    """Keyed hash in hexadecimal: worthless to who has the database but not the key of the site."""
    return hmac.new(key.encode(), f"{purpose}\0{text}".encode(), sha256).hexdigest()


def plain_phone(text: str) -> str:
    """A phone number as digits, without the country's code."""
    digits = _DIGITS.sub("", unicodedata.normalize("NFKC", text))
    return digits.removeprefix("86") if len(digits) == len("8613800000000") else digits


def plain_login(text: str) -> str:
    """What was typed as account or phone, without case, width and blanks."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def is_pin(text: str) -> bool:
    return len(text) == PIN_LENGTH and text.isascii() and text.isdecimal()


def is_guessable(pin: str, phone: str) -> bool:
    """A PIN that others try first: few different digits, a run, the end of the person's phone number."""
    runs = any(pin in steps for steps in _STEPS)
    repeats = len(set(pin)) < _DISTINCT or pin[:3] == pin[3:]
    return runs or repeats or (bool(phone) and plain_phone(phone).endswith(pin))


def same(left: str, right: str) -> bool:
    """Equal, in a time that does not tell how far they agree."""
    return hmac.compare_digest(left.encode(), right.encode())


def login_key(key: str, login: str) -> str:
    """The name under which attempts on an account are counted: keyed, and the same whether it exists or not."""
    return keyed(key, "login", plain_login(login))
