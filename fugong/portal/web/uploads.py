from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload


class SizeLimit(FileUploadHandler):
    """Takes no file of a request above `UPLOAD_BYTES`; the fields before it still reach the view.

    The view then finds `request.upload_too_large` (bytes) and no file, and says so in a sentence.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803  # Django's name
        content_length: int,
        boundary: bytes,
        encoding: str | None = None,
    ) -> None:
        if content_length > settings.UPLOAD_BYTES:
            self.request.upload_too_large = content_length  # type: ignore[union-attr]

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if getattr(self.request, "upload_too_large", 0):
            # What follows is read and thrown away, so that the browser gets an answer and not a broken connection.
            raise StopUpload(connection_reset=False)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > settings.UPLOAD_BYTES:
            self.request.upload_too_large = start + len(raw_data)  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
