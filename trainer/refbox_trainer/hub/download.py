"""One file of a hub: loaded on from where an earlier attempt stopped, and believed only after its hash was checked."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Final

from refbox_trainer.errors import TrainerError
from refbox_trainer.files import reports_full_disk, sha256_of
from refbox_trainer.hub.hubs import HUBS, hub_errors
from refbox_trainer.hub.listing import Listing, RemoteFile

CHECKED: Final = ".checked"
"""Names of the files whose hash was found right, one a line: so that a resume need not read 100 GB again."""
_PART: Final = ".part"


def loaded_bytes(file: RemoteFile, folder: Path) -> int:
    """How much of the file lies in the folder, checked or not."""
    for path in (folder / file.file, folder / f"{file.file}{_PART}"):
        if path.is_file():
            return min(path.stat().st_size, file.bytes)
    return 0


def download(listing: Listing, file: RemoteFile, folder: Path, on_bytes: Callable[[int], None]) -> None:
    """Load one file into the folder. It has its own name only when it is complete, which may also be a person's work.

    `on_bytes` is told how many bytes of the file are there, after each piece.
    Raises TrainerError with wrong_content when the hash or size is another than the hub promised; the bytes are thrown
    away then, so that the next attempt begins anew. Also disk_full and what `hub_errors` raises.
    """
    target, part = folder / file.file, folder / f"{file.file}{_PART}"
    checked = folder / CHECKED
    if target.is_file():
        if file.file in _lines(checked):
            return
        # Brought by hand, or loaded by an attempt that was killed before it could note the check.
        target.replace(part)
    if part.is_file() and part.stat().st_size > file.bytes:
        part.unlink()
    have = part.stat().st_size if part.is_file() else 0
    # An empty file has no bytes to ask for; a range request for them would be refused.
    if have < file.bytes:
        _load(listing, file, part, have, on_bytes)
    part.touch()
    _check(file, part, listing.repository)
    part.replace(target)
    with checked.open("a", encoding="utf-8") as notes:
        notes.write(f"{file.file}\n")


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def _load(listing: Listing, file: RemoteFile, part: Path, have: int, on_bytes: Callable[[int], None]) -> None:
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import build_hf_headers, disable_progress_bars

    disable_progress_bars()
    # Plain HTTP ranges, not the hub's chunk protocol: that one cannot go on in the middle of a file.
    url = HUBS[listing.source].url(listing, file.file)
    headers = build_hf_headers() if listing.source == "huggingface" else None
    with (
        reports_full_disk(part),
        hub_errors(listing.repository, listing.revision),
        _CountedWriter(part, on_bytes, keep=have > 0) as writer,
    ):
        writer.seek(have)
        http_get(url, writer, resume_size=have, headers=headers, expected_size=file.bytes)


class _CountedWriter(io.BufferedRandom):
    """A file that tells its length after each piece that is written to it."""

    def __init__(self, path: Path, on_bytes: Callable[[int], None], *, keep: bool) -> None:
        super().__init__(io.FileIO(path, "r+" if keep else "w+"))
        self._on_bytes = on_bytes

    def write(self, data: bytes, /) -> int:  # pyright: ignore[reportIncompatibleMethodOverride] (bytes is what comes)
        written = super().write(data)
        self._on_bytes(self.tell())
        return written


def _check(file: RemoteFile, part: Path, repository: str) -> None:
    size = part.stat().st_size
    if size != file.bytes:
        problem = f"{size:,} bytes instead of {file.bytes:,}"
    elif file.sha256 and sha256_of(part) != file.sha256:
        problem = "another SHA-256 than the hub promised"
    elif file.git_sha1 and git_blob_sha1(part) != file.git_sha1:
        problem = "another hash than the hub promised"
    else:
        return
    part.unlink()
    raise TrainerError(
        "wrong_content",
        f"{file.file} of {repository} came with {problem}; it was thrown away.",
        "Fetch again. When it happens again, a proxy or mirror in between changes the file: choose another one.",
    )


def git_blob_sha1(path: Path) -> str:
    """The hash by which git names a file's content: SHA-1 over `blob SIZE\\0` and the bytes."""
    digest = hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)
    with path.open("rb") as opened:
        while piece := opened.read(1024 * 1024):
            digest.update(piece)
    return digest.hexdigest()
