"""One file with everything: the database's rows and the plans and files they name, each checked by its digest.

The file is a zip that knows no kind of database: what was saved from SQLite can be restored into PostgreSQL.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import quotum

FORMAT = 1
_CHUNK = 1 << 20
_BATCH = 1_000
_LEFT_OUT = {"sessions", "contenttypes", "django_tasks_db"}
"""Applications whose rows belong to a running site, not to the company."""


class BadBackup(Exception):  # noqa: N818 - people read it
    """A file that is no backup, is damaged, or does not fit this place; its text says what to do."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds."""

    rows: int
    files: int
    bytes: int


def save_backup(path: Path) -> Saved:
    """Write everything into a new file; it has its name only when it is whole. Raises FileExistsError."""
    from django.core.files.storage import default_storage
    from django.db import transaction

    if path.exists():
        raise FileExistsError(path)
    unfinished = path.with_name(f".{path.name}.unfinished")
    digests: dict[str, str] = {}
    rows = 0
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            with transaction.atomic():
                _see_one_moment()
                for name, lines in _list_rows():
                    count, digests[f"rows/{name}.jsonl"] = _write_lines(archive, f"rows/{name}.jsonl", lines)
                    rows += count
            root = Path(default_storage.path(""))
            for file in sorted(file for file in root.rglob("*") if file.is_file() and ".unfinished" not in file.name):
                name = f"files/{file.relative_to(root).as_posix()}"
                digests[name] = _write_file(archive, name, file)
            manifest = {"format": FORMAT, "quotum": quotum.__version__, "made": datetime.now(UTC).isoformat(),
                        "migration": _last_migration(), "digests": digests}  # fmt: skip
            archive.writestr("manifest.json", json.dumps(manifest, indent=1))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return Saved(rows, sum(name.startswith("files/") for name in digests), path.stat().st_size)


def restore_backup(path: Path) -> Saved:
    """Put a backup into an empty site: all of it, checked first, or nothing. Raises BadBackup."""
    from django.core.files.storage import default_storage
    from django.db import transaction

    from quotum.web.records.models import Unit, User
    from quotum.web.services.recording import find_broken_seals

    if User.objects.exists() or Unit.objects.exists():
        raise BadBackup("The site is not empty. Give a new --data folder, or an empty database.")
    root = Path(default_storage.path(""))
    with tempfile.TemporaryDirectory(dir=root.parent) as folder:
        manifest = _unpack(path, Path(folder))
        if manifest.get("migration") != _last_migration():
            raise BadBackup(f"The backup was made by quotum {manifest.get('quotum')}, whose database differs. "
                            f"Restore it with that version, then serve it with this one.")  # fmt: skip
        with transaction.atomic(), _dates_as_they_were():
            rows = sum(_load_rows(file) for file in sorted((Path(folder) / "rows").glob("*.jsonl")))
            if broken := list(find_broken_seals()):
                raise BadBackup(f"The record of changes was altered at line {broken[0]}.")
            _reset_sequences()
            files = Path(folder) / "files"
            count = sum(file.is_file() for file in files.rglob("*"))
            if files.exists():
                shutil.rmtree(root, ignore_errors=True)
                files.rename(root)
    return Saved(rows, count, path.stat().st_size)


def _list_rows() -> Iterator[tuple[str, Iterator[str]]]:
    """Yield the name of each model with its rows as JSON lines."""
    from django.apps import apps
    from django.core import serializers

    for model in sorted(apps.get_models(), key=lambda model: model._meta.label_lower):
        if model._meta.app_label in _LEFT_OUT or model._meta.label_lower == "auth.permission":
            continue
        rows = model._base_manager.order_by("pk").iterator(chunk_size=_BATCH)
        lines = (serializers.serialize("json", [row], ensure_ascii=False)[1:-1] for row in rows)
        yield model._meta.label_lower, lines


def _load_rows(path: Path) -> int:
    """Insert the rows of one model, in batches."""
    from django.core import serializers

    count = 0
    batch: list[Any] = []
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            (row,) = serializers.deserialize("json", f"[{line}]")
            batch.append(row.object)
            count += 1
            if len(batch) == _BATCH:
                type(batch[0])._base_manager.bulk_create(batch)
                batch = []
    if batch:
        type(batch[0])._base_manager.bulk_create(batch)
    return count


@contextmanager
def _dates_as_they_were() -> Iterator[None]:
    """Keep dates that Django would set to now when a row is inserted or saved."""
    from django.apps import apps

    fields: list[Any] = [field for model in apps.get_models() for field in model._meta.concrete_fields]
    automatic = [(field, field.auto_now, field.auto_now_add) for field in fields if hasattr(field, "auto_now")]
    try:
        for field, _, _ in automatic:
            field.auto_now = field.auto_now_add = False
        yield
    finally:
        for field, now, at_first in automatic:
            field.auto_now, field.auto_now_add = now, at_first


def _unpack(path: Path, folder: Path) -> dict[str, Any]:
    """Unpack a backup below ``folder`` and return its manifest; every file must be named there, with its digest."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
            if manifest["format"] != FORMAT:
                raise BadBackup(f"The backup has format {manifest['format']}; this version reads {FORMAT}.")
            digests: dict[str, str] = manifest["digests"]
            if set(archive.namelist()) != {*digests, "manifest.json"}:
                raise BadBackup("The backup holds other files than it says.")
            for name, digest in digests.items():
                parts = PurePosixPath(name).parts
                if ".." in parts or name.startswith("/") or parts[0] not in {"rows", "files"}:
                    raise BadBackup(f"The backup holds {name!r}, which leads elsewhere.")
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(name) as source, target.open("wb") as out:
                    shutil.copyfileobj(source, out, _CHUNK)
                if digest_of_file(target) != digest:
                    raise BadBackup(f"{name} in the backup is damaged.")
    except (OSError, KeyError, TypeError, ValueError, EOFError, zipfile.BadZipFile) as problem:
        raise BadBackup(f"{path} is no backup of quotum, or is damaged ({type(problem).__name__}).") from problem
    return manifest


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write_lines(archive: zipfile.ZipFile, name: str, lines: Iterator[str]) -> tuple[int, str]:
    """Write lines and return how many, and their digest."""
    digest, count = hashlib.sha256(), 0
    with archive.open(name, "w", force_zip64=True) as out:
        for line in lines:
            data = f"{line}\n".encode()
            digest.update(data)
            out.write(data)
            count += 1
    return count, digest.hexdigest()


def _write_file(archive: zipfile.ZipFile, name: str, file: Path) -> str:
    """Write a file and return its digest."""
    digest = hashlib.sha256()
    with file.open("rb") as source, archive.open(name, "w", force_zip64=True) as out:
        while data := source.read(_CHUNK):
            digest.update(data)
            out.write(data)
    return digest.hexdigest()


def _see_one_moment() -> None:
    """Make the transaction see the database as it is now, whatever others write meanwhile."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _reset_sequences() -> None:
    """Make new rows come after those restored."""
    from django.apps import apps
    from django.core.management.color import no_style
    from django.db import connection

    statements = connection.ops.sequence_reset_sql(no_style(), list(apps.get_models()))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _last_migration() -> str:
    """Return the newest change of the database's shape that is applied."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return max(name for app, name in MigrationRecorder(connection).applied_migrations() if app == "records")
