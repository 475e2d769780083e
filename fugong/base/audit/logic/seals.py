"""The arithmetic of seals. Anybody with the rows and this page can check the chain without our program.

The digest of an entry is SHA-256 of the text that PostgreSQL writes for `CANONICAL`. A seal is SHA-256 of: the seal
before it (64 hexadecimal digits), its moment (microseconds since 1970, in decimal), and for each of its entries eight
bytes of number and 32 bytes of digest, in the order of numbers.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

FIRST = "0" * 64
CANONICAL = (
    "jsonb_build_array(e.id, (extract(epoch FROM e.at) * 1000000)::bigint, e.actor_id, e.actor_name, e.area_id,"
    " e.verb, e.subject, e.detail, e.reason, e.origin)::text"
)
_MEMBER = struct.Struct(">q32s")
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


def pack(members: Iterable[tuple[int, bytes]]) -> bytes:
    """Numbers and digests of entries as a seal keeps them."""
    return b"".join(_MEMBER.pack(number, digest) for number, digest in members)


def unpack(members: bytes) -> list[tuple[int, bytes]]:
    """The reverse of `pack`; a remainder that is no whole entry is dropped (the seal's digest shows it)."""
    return list(_MEMBER.iter_unpack(members[: len(members) // _MEMBER.size * _MEMBER.size]))


def seal_digest(*, previous: str, sealed_at: datetime, members: bytes) -> str:
    """The seal over these packed entries, in hexadecimal."""
    moment = str((sealed_at - _BEGIN) // timedelta(microseconds=1))
    return hashlib.sha256(previous.encode() + moment.encode() + members).hexdigest()
