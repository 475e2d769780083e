"""Zip archives whose bytes depend on their contents alone."""

from __future__ import annotations

import io
import zipfile

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest moment that a zip entry can carry


def settle_archive(data: bytes, *, compressed: bool = True) -> bytes:
    """The same archive without the time and the system of its writing, so that equal contents are equal bytes.

    `compressed=False` stores the members as they are: then not even the version of zlib shows.
    """
    method = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    settled = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(settled, "w") as target:
        for member in source.infolist():
            entry = zipfile.ZipInfo(member.filename, _EPOCH)
            entry.compress_type = method
            entry.create_system = 0
            entry.external_attr = 0
            target.writestr(entry, source.read(member))
    return settled.getvalue()
