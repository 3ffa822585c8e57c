"""A backup restores to the same content; a damaged one is refused before anything is written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

DIGEST = "import django; django.setup(); from manyi.jobs.archive import content_digest; print(content_digest())"


def manyi(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "manyi", *words], env=environment(data), capture_output=True, text=True
    )


def environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "MANYI_MAIL_URL")}
    return {**kept, "MANYI_DATA": str(data), "DJANGO_SETTINGS_MODULE": "manyi.settings"}


def digest(data: Path) -> str:
    done = subprocess.run([sys.executable, "-c", DIGEST], env=environment(data), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The demo company's data directory, and a backup of it."""
    folder = tmp_path_factory.mktemp("backup")
    data, file = folder / "data", folder / "backup.tar.gz"
    made = manyi(data, "demo")
    assert made.returncode == 0, made.stderr
    assert manyi(data, "backup", str(file)).returncode == 0
    return data, file


def test_what_is_restored_is_what_was_saved(saved: tuple[Path, Path], tmp_path: Path) -> None:
    data, file = saved
    restored = manyi(tmp_path / "other", "restore", str(file))
    assert restored.returncode == 0, restored.stderr
    assert digest(tmp_path / "other") == digest(data)
    assert (tmp_path / "other/keys/secret").read_bytes() == (data / "keys/secret").read_bytes()
    verified = manyi(tmp_path / "other", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_an_installation_in_use_is_left_alone(saved: tuple[Path, Path]) -> None:
    data, file = saved
    before = digest(data)
    assert manyi(data, "restore", str(file)).returncode != 0
    assert digest(data) == before


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "text"])
def test_a_damaged_backup_is_refused_before_anything_is_written(
    saved: tuple[Path, Path], tmp_path: Path, damage: str
) -> None:
    content = bytearray(saved[1].read_bytes())
    match damage:
        case "cut":
            del content[len(content) // 2 :]
        case "flip":
            content[len(content) // 2] ^= 0xFF
        case "empty":
            content.clear()
        case "text":
            content[:] = b"not a backup"
    (tmp_path / "damaged.tar.gz").write_bytes(content)
    refused = manyi(tmp_path / "other", "restore", str(tmp_path / "damaged.tar.gz"))
    assert refused.returncode != 0
    assert "Traceback" not in refused.stderr
    assert manyi(tmp_path / "other", "restore", str(saved[1])).returncode == 0, "the directory was still empty"


def test_a_backup_never_overwrites_a_file(saved: tuple[Path, Path]) -> None:
    data, file = saved
    before = file.read_bytes()
    assert manyi(data, "backup", str(file)).returncode != 0
    assert file.read_bytes() == before
