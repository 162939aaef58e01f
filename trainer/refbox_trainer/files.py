"""Folders that appear complete or not at all, and the manifest that lets a reader check them."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from refbox_trainer.errors import TrainerError

NO_SPACE: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def complete_folder(target: Path) -> Iterator[Path]:
    """Give a temporary sibling folder to write into; rename it to `target` once everything is on disk.

    A kill at any moment leaves the old `target`, or the new one, never a mixture. A leftover temporary folder is
    swept away by the next call. On an error the temporary folder is removed and `target` stays as it was.
    Raises TrainerError("disk_full") when the disk refuses more bytes.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.writing")
    retired = target.with_name(f".{target.name}.retired")
    shutil.rmtree(temporary, ignore_errors=True)
    shutil.rmtree(retired, ignore_errors=True)
    with reports_full_disk(target):
        try:
            temporary.mkdir()
            yield temporary
            _sync_tree(temporary)
            if target.exists():
                # A directory cannot be replaced in one step. Between these two renames a kill leaves no `target`,
                # which is why checkpoints never reuse a name; artefacts that do are made again by the same command.
                target.replace(retired)
            temporary.replace(target)
            _sync(target.parent)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
    shutil.rmtree(retired, ignore_errors=True)


@contextmanager
def reports_full_disk(target: Path) -> Iterator[None]:
    """Turn the system's "no space" family of errors into TrainerError("disk_full")."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_SPACE:
            raise TrainerError(
                "disk_full",
                f"There is no room to write {target}.",
                "Free disk space (old checkpoints and runs first) and resume the run; earlier checkpoints are intact.",
            ) from error
        raise


def write_text(path: Path, text: str) -> None:
    """Replace a small file atomically."""
    temporary = path.with_name(f".{path.name}.writing")
    with reports_full_disk(path):
        try:
            temporary.write_text(text, encoding="utf-8")
            _sync(temporary)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def write_json(path: Path, value: Any) -> None:
    """Replace a JSON file atomically; text stays readable (no ASCII escapes)."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def list_files(folder: Path) -> list[dict[str, Any]]:
    """Every file below `folder`, sorted: {file (relative, with slashes), bytes, sha256}. The manifest is left out."""
    entries: list[dict[str, Any]] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != "manifest.json":
            entries.append({"file": name, "bytes": path.stat().st_size, "sha256": sha256_of(path)})
    return entries


def sha256_of(path: Path) -> str:
    """Hex digest of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
