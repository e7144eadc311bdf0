"""Bringing data in for programs: files are sent, looked into in the background, then taken in as a whole or not."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status
from ninja.files import UploadedFile
from ninja.params import functions as sent

from quotum.web.api.answers import ERRORS
from quotum.web.api.doors import Caller, allow, write_once
from quotum.web.queries.uploads import uploads_within
from quotum.web.records.models import Upload
from quotum.web.services.importing import ask_to_take, bring_files

router = Router(tags=["import"])


class UploadOut(Schema):
    """Files that were brought: brought, looked (into), taken, refused or dropped; the job that works on them."""

    id: uuid.UUID
    files: list[str]
    state: str
    at: datetime
    job: uuid.UUID | None = Field(None, alias="job_id")
    summary: dict[str, Any]
    findings: list[dict[str, Any]]


class TakeIn(Schema):
    """Why."""

    reason: str = Field("", max_length=1000)


@router.post("/uploads", response={202: UploadOut, **ERRORS}, summary="Send files to be looked into")
def send_files(request: Caller, files: list[UploadedFile] = sent.File([])) -> Status[Any]:  # noqa: B008
    """Keep files and start the look into them: workbooks, CSV, Parquet, zip. Takes an idempotency key."""
    allow(request, "import_data")
    sums = hashlib.sha256()
    for file in files:
        sums.update(f"{file.name}\n{file.size}\n".encode())
        for chunk in file.chunks():
            sums.update(chunk)
        file.seek(0)

    def bring() -> tuple[int, Any]:
        upload = bring_files(request.user, [(file.name or "", file, file.size or 0) for file in files])
        return 202, UploadOut.from_orm(upload).dict(by_alias=True)

    return write_once(request, bring, sums.digest())


@router.get("/uploads/{upload}", response={200: UploadOut, **ERRORS}, summary="How far an upload is")
def show_upload(request: Caller, upload: uuid.UUID) -> Upload:
    """Return an upload with what was found in it; ask until its job is over."""
    allow(request, "import_data")
    return get_object_or_404(uploads_within(request.user), pk=upload)


@router.post("/uploads/{upload}/take", response={202: UploadOut, **ERRORS}, summary="Take an upload in")
def take_upload(request: Caller, upload: uuid.UUID, asked: TakeIn) -> Status[Any]:
    """Start taking files in that were looked into. Takes an idempotency key."""
    allow(request, "import_data")
    found = get_object_or_404(uploads_within(request.user), pk=upload)

    def take() -> tuple[int, Any]:
        ask_to_take(request.user, found, asked.reason)
        found.refresh_from_db()
        return 202, UploadOut.from_orm(found).dict(by_alias=True)

    return write_once(request, take)
