"""Backups: everything an installation is, in one archive that any engine can take up again.

The rows are read in one snapshot while work goes on; files never change once their row stands, so they may be copied
afterwards. Everything is checked against the manifest before a single row is restored.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections, models, transaction

from manyi import __version__
from manyi.base.evidence.checkpoints import NAME as CHECKPOINTS
from manyi.base.evidence.models import Link
from manyi.base.files.models import File
from manyi.base.files.queries import path_of
from manyi.core.errors import Fault, Faults
from manyi.core.text import Text

FORMAT = 1
SNAPSHOT = "snapshot"
LEFT_OUT = (
    "sessions.session",
    "axes.accessattempt",
    "axes.accesslog",
    "axes.accessfailurelog",
    "contenttypes.contenttype",
)
BATCH = 1000


def kept_models() -> list[type[models.Model]]:
    """The models whose rows are kept, those that others refer to first."""
    ordered = serializers.sort_dependencies([(config, None) for config in apps.get_app_configs()])
    return [m for m in ordered if m._meta.label_lower not in LEFT_OUT and m._meta.managed and not m._meta.proxy
            and m._meta.app_label not in ("auth", "axes")]  # fmt: skip


def write_backup(target: Path, *, at: datetime) -> dict[str, Any]:
    """Write the archive ``target`` (it must not exist yet); returns its manifest."""
    if target.exists():
        raise Faults([_fault("exists", f"{target} 已存在", f"{target} exists already")])
    fresh = target.with_name(f".{target.name}.part")
    manifest: dict[str, Any] = {"format": FORMAT, "manyi": __version__, "at": at.isoformat(), "tables": {}, "files": {}}
    with tarfile.open(fresh, "w:gz", compresslevel=3) as archive:
        with snapshot() as alias:
            for model in kept_models():
                rows = _dumped(model, alias)
                manifest["tables"][model._meta.label_lower] = _digest(rows)
                _add(archive, f"tables/{model._meta.label_lower}.jsonl", rows)
            files = list(File.objects.using(alias).order_by("pk"))
            last = Link.objects.using(alias).order_by("-seq").values_list("seq", flat=True).first() or 0
        for file in files:
            content = path_of(file).read_bytes()
            manifest["files"][file.name] = _digest(content)
            _add(archive, f"files/{file.name}", content)
        for name, content in _keys(last).items():
            manifest["files"][name] = _digest(content)
            _add(archive, name, content)
        _add(archive, "manifest.json", json.dumps(manifest, sort_keys=True).encode())
    fresh.rename(target)
    return manifest


def restore_backup(source: Path) -> dict[str, Any]:
    """Take an archive up into an empty, migrated installation; raises ``Faults`` before anything is written."""
    manifest = _checked(source)
    if any(model._base_manager.exists() for model in kept_models()):
        raise Faults([_fault("not_empty", "数据目录不是空的", "the data directory is not empty")])
    with tarfile.open(source, "r:gz") as archive, transaction.atomic():
        for label in manifest["tables"]:
            _load(_member(archive, f"tables/{label}.jsonl"))
        for name in manifest["files"]:
            content = _member(archive, name if "/" in name else f"files/{name}")
            path = Path(settings.MANYI_DATA) / name if "/" in name else Path(settings.MANYI_FILES) / name[:2] / name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
            path.write_bytes(content)
            path.chmod(0o600 if name.startswith("keys/") else 0o640)
    _reset_sequences()
    return manifest


def content_digest() -> str:
    """SHA-256 over every kept row in canonical form and every file; equal before a backup and after its restore."""
    digest = hashlib.sha256()
    for model in kept_models():
        digest.update(_dumped(model, "default"))
    for file in File.objects.order_by("pk"):
        digest.update(path_of(file).read_bytes())
    return digest.hexdigest()


@contextmanager
def snapshot() -> Iterator[str]:
    """A second connection whose reads all see one moment, and that keeps no writer waiting."""
    options = dict(settings.DATABASES["default"].get("OPTIONS", {}))
    options.pop("transaction_mode", None)
    connections.databases[SNAPSHOT] = {**connections["default"].settings_dict, "OPTIONS": options}
    connection = connections[SNAPSHOT]
    try:
        with transaction.atomic(using=SNAPSHOT):
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield SNAPSHOT
    finally:
        connection.close()
        del connections[SNAPSHOT], connections.databases[SNAPSHOT]


class _Exact(DjangoJSONEncoder):
    """Django's own cuts instants to milliseconds; the chain of evidence is over microseconds."""

    def default(self, o: Any) -> Any:
        return o.isoformat(timespec="microseconds") if isinstance(o, datetime) else super().default(o)


def _dumped(model: type[models.Model], alias: str) -> bytes:
    rows = model._base_manager.using(alias).order_by("pk").iterator(chunk_size=BATCH)
    return str(serializers.serialize("jsonl", rows, ensure_ascii=False, cls=_Exact)).encode()


def _load(content: bytes) -> None:
    batch: list[Any] = []
    for row in serializers.deserialize("jsonl", content.decode()):
        batch.append(row.object)
        if len(batch) == BATCH:
            type(batch[0])._base_manager.bulk_create(batch)
            batch = []
    if batch:
        type(batch[0])._base_manager.bulk_create(batch)


def _reset_sequences() -> None:
    """Rows came with their ids; the database has to go on counting after them."""
    connection = connections["default"]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kept_models()):
            cursor.execute(statement)


def _keys(last: int) -> dict[str, bytes]:
    """The keys, and the checkpoints up to the snapshot's last link."""
    data = Path(settings.MANYI_DATA)
    found = {f"keys/{path.name}": path.read_bytes() for path in sorted((data / "keys").glob("*")) if path.is_file()}
    checkpoints = Path(settings.MANYI_CHECKPOINTS) / CHECKPOINTS
    if checkpoints.exists():
        lines = [line for line in checkpoints.read_text(encoding="ascii").splitlines() if _seq(line) <= last]
        found[f"checkpoints/{CHECKPOINTS}"] = "".join(f"{line}\n" for line in lines).encode("ascii")
    return found


def _seq(line: str) -> int:
    try:
        return int(json.loads(line)["seq"])
    except (ValueError, KeyError, TypeError):
        return 0


def _checked(source: Path) -> dict[str, Any]:
    """The manifest of an archive whose every part is what the manifest says."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            manifest: dict[str, Any] = json.loads(_member(archive, "manifest.json"))
            if manifest["format"] != FORMAT:
                raise Faults([_fault("format", "备份的格式不同", "the backup has another format")])
            for label, digest in manifest["tables"].items():
                _compare(archive, f"tables/{label}.jsonl", digest)
            for name, digest in manifest["files"].items():
                _compare(archive, name if "/" in name else f"files/{name}", digest)
    except (OSError, tarfile.TarError, KeyError, ValueError, EOFError) as error:
        raise Faults([_fault("damaged", f"备份无法读取：{error}", f"the backup cannot be read: {error}")]) from None
    return manifest


def _compare(archive: tarfile.TarFile, name: str, digest: str) -> None:
    if _digest(_member(archive, name)) != digest:
        raise Faults([_fault("damaged", f"备份中的 {name} 已损坏", f"{name} in the backup is damaged")])


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file.read()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    archive.addfile(info, io.BytesIO(content))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _fault(code: str, zh: str, en: str) -> Fault:
    return Fault(code, Text(zh, en), Text("没有改动任何数据", "Nothing was changed"))
