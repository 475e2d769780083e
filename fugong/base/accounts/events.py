from __future__ import annotations

from dataclasses import dataclass

from fugong.core.events import Event


@dataclass(frozen=True, slots=True)
class PersonLeft(Event):
    """A person ends everywhere: whoever gave rights or tokens takes them back, in the same transaction."""

    user_id: int


@dataclass(frozen=True, slots=True)
class AccountChanged(Event):
    """How a person signs in was changed; whoever sends messages tells the person, so that a stranger's act shows."""

    user_id: int
    text: str


@dataclass(frozen=True, slots=True)
class MessageCodeIssued(Event):
    """A person asked for a code by short message; whoever sends messages sends this text. Held in memory only."""

    user_id: int
    text: str
