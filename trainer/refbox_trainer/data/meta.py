"""The meta JSON: which datasets are mixed, where they lie and how often each is seen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from refbox_trainer.checks.problems import Problems

_KNOWN: Final = {"root", "annotation", "data_augment", "repeat_time", "max_dynamic_patch", "length"}


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetEntry:
    """One dataset of the mix."""

    name: str
    root: Path
    annotation: Path
    data_augment: bool
    """Re-compress every tile as JPEG of a random quality; nothing that moves boxes exists."""
    repeat_time: float
    """Below 1: only the first part of the lines, in file order. From 1: a whole number of repetitions."""
    max_dynamic_patch: int | None
    """Overrides the run's tile limit for this dataset."""
    length: int | None


def read_meta(path: Path, problems: Problems) -> list[DatasetEntry]:
    """Read a meta file; wrong entries are reported and left out.

    Relative paths are tried from the folder of the meta file first, then from the working directory, where the
    original scripts start.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        problems.error("bad_meta", f"{path} cannot be read: {error.strerror}.", str(path), "Correct the path.")
        return []
    except ValueError as error:
        problems.error("bad_meta", f"{path} is not valid JSON: {error}.", str(path), "Correct the file.")
        return []
    if not isinstance(content, Mapping) or not content:
        problems.error("bad_meta", f"{path} must be an object with at least one dataset.", str(path), "Add a dataset.")
        return []
    entries = [_read_entry(str(name), value, path, problems) for name, value in content.items()]
    return [entry for entry in entries if entry is not None]


def kept_lines(entry: DatasetEntry, lines: int) -> list[int]:
    """Line numbers (from 0) that a dataset of `lines` lines contributes, repetitions included."""
    if entry.repeat_time < 1:
        return list(range(int(lines * entry.repeat_time)))
    return list(range(lines)) * int(entry.repeat_time)


def _read_entry(name: str, value: Any, path: Path, problems: Problems) -> DatasetEntry | None:
    where = f"{path}:{name}"
    if not isinstance(value, Mapping):
        problems.error("bad_meta", f"Dataset {name} must be an object.", where, "Give root, annotation, repeat_time.")
        return None
    before = len(problems.errors)
    root, annotation = _text(value, "root", where, problems), _text(value, "annotation", where, problems)
    if annotation and not annotation.endswith("jsonl"):
        problems.error(
            "bad_meta", f"annotation {annotation} must end with jsonl.", f"{where}:annotation", "Use a JSONL file."
        )
    repeat = _repeat(value.get("repeat_time", 1), where, problems)
    augment = value.get("data_augment", False)
    if not isinstance(augment, bool):
        problems.error("bad_meta", "data_augment must be true or false.", f"{where}:data_augment", "Correct it.")
    patches, length = value.get("max_dynamic_patch"), value.get("length")
    if patches is not None and (isinstance(patches, bool) or not isinstance(patches, int) or patches < 1):
        problems.error(
            "bad_meta", "max_dynamic_patch must be a whole number from 1.", f"{where}:max_dynamic_patch", "Correct it."
        )
    for key in sorted(set(value) - _KNOWN):
        problems.warning("unknown_key", f'"{key}" has no effect.', f"{where}:{key}", "Remove it.")
    if len(problems.errors) > before:
        return None
    annotation_path = _find(path.parent, annotation)
    if not annotation_path.is_file():
        problems.error("bad_meta", f"{annotation_path} does not exist.", f"{where}:annotation", "Correct the path.")
        return None
    return DatasetEntry(
        name=name,
        root=_find(path.parent, root),
        annotation=annotation_path,
        data_augment=augment,
        repeat_time=repeat,
        max_dynamic_patch=patches,
        length=length if isinstance(length, int) else None,
    )


def _text(value: Mapping[str, Any], key: str, where: str, problems: Problems) -> str:
    text = value.get(key)
    # An empty root is legal: it means the folder of the meta file.
    if not isinstance(text, str) or (key == "annotation" and not text):
        problems.error("bad_meta", f"{key} is missing or not text.", f"{where}:{key}", f"Add {key}.")
        return ""
    return text


def _repeat(value: Any, where: str, problems: Problems) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1_000_000:
        problems.error(
            "bad_meta", f"repeat_time must be a number from 0, got {value!r}.", f"{where}:repeat_time", "Correct it."
        )
        return 1
    if value > 1 and not float(value).is_integer():
        problems.error(
            "bad_meta",
            f"repeat_time {value} above 1 must be a whole number.",
            f"{where}:repeat_time",
            f"Use {int(value)} or {int(value) + 1}.",
        )
    return float(value)


def _find(folder: Path, path: str) -> Path:
    beside = folder / path
    return beside if beside.exists() or not Path(path).exists() else Path(path).resolve()
