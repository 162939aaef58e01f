"""Pictures and records that occur where they should not: twice in a split, or in training and evaluation."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from refbox_trainer.checks.problems import Problems
from refbox_trainer.data.records import Record
from refbox_trainer.files import sha256_of

_COPY_MARK: Final = re.compile(r"(?:[ _-]*(?:\(\d+\)|copy|kopie|副本|rotated|flipped|aug\d*))+$", re.IGNORECASE)
"""What programs put behind the name of a copy."""


def check_repeated_records(records: Sequence[Record], problems: Problems) -> None:
    """Records with the same conversation on the same picture, in one dataset or in two of one split."""
    contents = _contents({path for record in records for path in record.images})
    seen: dict[str, Record] = {}
    for record in records:
        digest = hashlib.sha256()
        for part in (*(contents[path] for path in record.images), *(f"{t.role}\0{t.text}" for t in record.turns)):
            digest.update(part.encode() + b"\0")
        first = seen.setdefault(digest.hexdigest(), record)
        if first is not record:
            problems.warning(
                "repeated_record",
                f"This record says the same of the same picture as {_place(first)}.",
                _place(record),
                "Remove one of them; to weigh records more, use repeat_time.",
            )


def check_splits(train: Sequence[Record], evaluation: Sequence[Record], problems: Problems) -> None:
    """Pictures of the evaluation that are also trained on, byte by byte or, by their names, as a changed copy."""
    trained = {path: record for record in reversed(train) for path in record.images}
    asked = {path: record for record in reversed(evaluation) for path in record.images}
    contents = _contents({*trained, *asked})
    by_content = {contents[path]: record for path, record in trained.items()}
    by_name: dict[str, tuple[Path, Record]] = {_bare(path): (path, record) for path, record in trained.items()}
    for path, record in asked.items():
        same = by_content.get(contents[path])
        if same is not None:
            problems.warning(
                "leaked_picture",
                f"{path.name} is also in the training data ({_place(same)}), so that its figures flatter the model.",
                f"{_place(record)}:image",
                "Keep all records of a picture in one split.",
            )
            continue
        near = by_name.get(_bare(path))
        if near is not None and near[0].name != path.name:
            problems.warning(
                "near_name",
                f"{path.name} has the name of {near[0].name} of the training data ({_place(near[1])}), as copies have.",
                f"{_place(record)}:image",
                "If one was made from the other, keep both in one split.",
            )


def _contents(paths: Iterable[Path]) -> dict[Path, str]:
    """What stands for the bytes of each file. Only files of equal size are read: others cannot be equal."""
    by_size: dict[int, list[Path]] = {}
    found: dict[Path, str] = {}
    for path in paths:
        real = path.resolve()
        # A picture that is not there is reported by whoever opens it; here it equals itself alone.
        found[path] = str(real)
        if real.is_file():
            by_size.setdefault(real.stat().st_size, []).append(path)
    for size, same in by_size.items():
        if len({path.resolve() for path in same}) > 1:
            found |= {path: f"{size}:{sha256_of(path)}" for path in same}
    return found


def _bare(path: Path) -> str:
    return _COPY_MARK.sub("", path.stem).lower()


def _place(record: Record) -> str:
    return f"{record.dataset}:{record.index + 1}"
