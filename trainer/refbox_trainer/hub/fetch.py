"""The verb `fetch`: a repository of a hub becomes a folder that appears complete or not at all.

While it loads, the files lie in `.NAME.fetching` beside the folder. An attempt that was stopped, killed or cut off is
taken up by the next call with the same name, at the same commit, at the byte where it stopped.
"""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from refbox_trainer.errors import TrainerError
from refbox_trainer.events import Emit
from refbox_trainer.files import write_json
from refbox_trainer.hub.download import CHECKED, download, loaded_bytes
from refbox_trainer.hub.hubs import HUBS
from refbox_trainer.hub.listing import Listing, RemoteFile, files_to_copy, needed_files

RECORD: Final = "refbox-source.json"
"""Where a fetched folder says what it came from: hub, repository, revision, commit, files with sizes and hashes."""
_LOCK: Final = ".lock"
_ROOM: Final = 64 * 1024 * 1024
"""Bytes left free beside the model: the database and logs of the same disk need to go on."""
_REPORT_EVERY: Final = 0.5
"""Seconds between two progress events."""


def fetch(repository: str, target: Path, *, revision: str | None, source: str, emit: Emit) -> None:
    """Fetch a base model into `target`, a folder that does not exist yet.

    Events: plan (commit and all files with sizes), progress, verified (one a file), done; copy_by_hand when there is
    no network. Raises TrainerError with no_network, no_access, not_found, hub_failed, wrong_content, disk_full,
    bad_model, bad_arguments or busy.
    """
    if _is_there_already(target, repository, source, emit):
        return
    partial = target.with_name(f".{target.name}.fetching")
    partial.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(partial / _LOCK, timeout=0):
            listing = _listing(repository, partial, revision=revision, source=source)
            _load_all(listing, partial, target, emit)
            _finish(partial, target)
    except Timeout as error:
        raise TrainerError(
            "busy", f"{target} is being fetched by another process.", "Wait until that one has ended."
        ) from error
    except TrainerError as error:
        if error.code != "no_network":
            raise
        raise _without_network(error, repository, target, partial, emit) from error
    emit("done", folder=str(target), commit=listing.commit, files=len(listing.files), bytes=listing.bytes)


def _is_there_already(target: Path, repository: str, source: str, emit: Emit) -> bool:
    """A kill between the last rename and the last event must not make the next call fail."""
    if not target.exists():
        return False
    record = _read_record(target)
    if record is None or (record.repository, record.source) != (repository, source):
        raise TrainerError(
            "bad_arguments", f"{target} exists already and holds something else.", "Name another folder."
        )
    emit("done", folder=str(target), commit=record.commit, files=len(record.files), bytes=record.bytes)
    return True


def _listing(repository: str, partial: Path, *, revision: str | None, source: str) -> Listing:
    """What an earlier attempt began with, or what the hub holds now. A branch that moved on must not be mixed in."""
    begun = _read_record(partial)
    if begun and (begun.repository, begun.source) == (repository, source) and revision in (None, begun.revision):
        return begun
    listing = HUBS[source].list(repository, revision)
    listing = replace(listing, files=needed_files(listing.files, repository))
    if begun and begun.files != listing.files:
        for path in partial.iterdir():
            if path.name != _LOCK:
                path.unlink()
    write_json(partial / RECORD, asdict(listing))
    return listing


def _read_record(folder: Path) -> Listing | None:
    path = folder / RECORD
    if not path.is_file():
        return None
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Listing(**{**record, "files": tuple(RemoteFile(**file) for file in record["files"])})


def _load_all(listing: Listing, partial: Path, target: Path, emit: Emit) -> None:
    progress = _Progress(listing, partial, emit)
    emit(
        "plan",
        source=listing.source,
        repository=listing.repository,
        revision=listing.revision,
        commit=listing.commit,
        folder=str(target),
        done_bytes=progress.done,
        total_bytes=listing.bytes,
        files=[{"file": file.file, "bytes": file.bytes, "sha256": file.sha256} for file in listing.files],
    )
    missing, free = listing.bytes - progress.done, shutil.disk_usage(partial).free
    if missing + _ROOM > free:
        raise TrainerError(
            "disk_full",
            f"{listing.repository} needs {missing / 1e9:.1f} GB more and the disk of {target.parent} has "
            f"{free / 1e9:.1f} GB free.",
            "Free disk space, or put the data folder on a larger disk; what was fetched so far is kept.",
        )
    # Small files first: a wrong repository shows before hours of weights.
    for file in sorted(listing.files, key=lambda file: file.bytes):
        download(listing, file, partial, lambda count, file=file: progress.tell(file, count))
        progress.tell(file, file.bytes, at_once=True)
        emit("verified", file=file.file, bytes=file.bytes, sha256=file.sha256)


class _Progress:
    """Adds up the bytes of all files and says so twice a second."""

    def __init__(self, listing: Listing, partial: Path, emit: Emit) -> None:
        self._emit = emit
        self._total = listing.bytes
        self._bytes = {file.file: loaded_bytes(file, partial) for file in listing.files}
        self._begun, self._begun_at = self.done, time.monotonic()
        self._told_at = 0.0

    @property
    def done(self) -> int:
        return sum(self._bytes.values())

    def tell(self, file: RemoteFile, count: int, *, at_once: bool = False) -> None:
        self._bytes[file.file] = count
        now = time.monotonic()
        if not at_once and now - self._told_at < _REPORT_EVERY:
            return
        self._told_at = now
        rate = (self.done - self._begun) / max(now - self._begun_at, 1e-3)
        fields = {"done_bytes": self.done, "total_bytes": self._total, "bytes_per_second": round(rate)}
        self._emit("progress", file=file.file, **fields)


def _finish(partial: Path, target: Path) -> None:
    for name in (_LOCK, CHECKED):
        (partial / name).unlink(missing_ok=True)
    partial.rename(target)


def _without_network(error: TrainerError, repository: str, target: Path, partial: Path, emit: Emit) -> TrainerError:
    """The same failure with what a person can do instead: which files to bring, and where to put them."""
    begun = _read_record(partial)
    # What is here already need not be brought; the names are exact only when the hub was reached once.
    files = (
        [file.file for file in begun.files if loaded_bytes(file, partial) < file.bytes] if begun else files_to_copy()
    )
    folder = partial if begun else target
    emit("copy_by_hand", repository=repository, folder=str(folder), files=files, exact=begun is not None)
    if not begun:
        shutil.rmtree(partial, ignore_errors=True)
    listed = "".join(f"\n  {name}" for name in files)
    again = " Then fetch again: what is there is checked and taken." if begun else ""
    return TrainerError(
        "no_network",
        error.message,
        f"Copy these files of {repository} from a machine that has network into {folder}:{listed}\n"
        "Python files are not needed. Where only a mirror can be reached, set HF_ENDPOINT to its address." + again,
    )
