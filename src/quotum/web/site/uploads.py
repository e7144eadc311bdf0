"""How much may be sent in one request: refused before it is read."""

from __future__ import annotations

from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class MeasuredUploads(FileUploadHandler):
    """Refuses requests whose files are larger than UPLOAD_MOST_BYTES."""

    def handle_raw_input(
        self, input_data: IO[bytes], META: dict[str, str], content_length: int, *_more: Any  # noqa: ARG002
    ) -> None:
        """Look at the size a request says it has; servers see to it that there is no more."""
        if content_length > settings.UPLOAD_MOST_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002
        """Pass what comes on to those that keep it."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Keep nothing."""
