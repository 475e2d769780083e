from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class NotDelivered(Exception):
    """The gateway did not take the message. `word` says why in one code; `again`: it may be tried once more.

    Neither carries the phone number or the text: both would end in a log.
    """

    def __init__(self, word: str, *, again: bool) -> None:
        super().__init__(word)
        self.word = word
        self.again = again


@dataclass(frozen=True, slots=True)
class Delivery:
    """Whether the text left the house, and the gateway's own reference of it."""

    left: bool
    reference: str = ""


class Adapter(Protocol):
    """One way out. `number` is the message's own: a gateway that sees it twice knows the repetition."""

    def send(self, number: int, kind: str, phone: str, text: str) -> Delivery:
        """Hand the text on. Raises `NotDelivered`."""
        ...
