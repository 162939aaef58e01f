"""A base checkpoint looked at from outside: which files there are, and whether they are whole. Nothing is loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from refbox_trainer.checks.problems import Problems
from refbox_trainer.config import RunConfig
from refbox_trainer.data.samples import SampleEncoder, Tiling
from refbox_trainer.errors import TrainerError
from refbox_trainer.model.spec import ModelSpec, read_spec

_WHERE: Final = "model.path"
_INDEX: Final = "model.safetensors.index.json"
_LONGEST_HEADER: Final = 100_000_000
"""What the safetensors library accepts; anything longer is no header."""


def check_model(
    base: Path, config: RunConfig, tiling: Tiling, problems: Problems
) -> tuple[ModelSpec | None, SampleEncoder | None]:
    """Report everything that is wrong with the folder; what can be used in spite of it is returned."""
    try:
        spec = read_spec(base)
    except TrainerError as error:
        problems.failure(error, _WHERE)
        return None, None
    check_weight_files(base, problems)
    if spec.dynamic_image_size is False and config.sequence.max_dynamic_patch > 1:
        problems.warning(
            "one_tile", "The model takes one tile per picture; max_dynamic_patch has no effect.", "sequence"
        )
    # Imported late: the tokenizer library takes a second to load, which a wrong run.json should not cost.
    from refbox_trainer.model.tokenizer_reader import load_tokenizer
    from refbox_trainer.model.tokens import resolve_token_ids

    try:
        tokenizer = load_tokenizer(base, spec)
        tokens = resolve_token_ids(tokenizer, spec.template.end)
    except TrainerError as error:
        problems.failure(error, _WHERE)
        return spec, None
    _check_template(tokenizer, spec, problems)
    return spec, SampleEncoder(tokenizer, spec, tokens, tiling, config.sequence.max_length)


def check_weight_files(base: Path, problems: Problems) -> None:
    """Every shard that the index names is there, whole, and holds the tensors it should."""
    index = base / _INDEX
    present = {path.name for path in base.glob("*.safetensors")}
    if not present:
        problems.error(
            "bad_model",
            f"{base} holds no safetensors weights; pickled weights (.bin, .pt) are not read, as they can run code.",
            _WHERE,
            "Convert the weights to safetensors.",
        )
        return
    wanted = _read_index(index, problems) if index.is_file() and "model.safetensors" not in present else {}
    for name in sorted({*wanted.values()} - present):
        problems.error("bad_model", f"{base} lacks {name}, which {index.name} names.", _WHERE, "Copy the shard.")
    held = {name: _tensors_of(base / name, problems) for name in sorted(present)}
    missing = [
        tensor for tensor, file in wanted.items() if (found := held.get(file)) is not None and tensor not in found
    ]
    if missing:
        shown = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
        advice = "Index and shards belong to different checkpoints; copy all of them again."
        problems.error("bad_model", f"{index.name} names tensors that its shards lack: {shown}.", _WHERE, advice)


def _read_index(index: Path, problems: Problems) -> dict[str, str]:
    try:
        entries: Any = json.loads(index.read_text(encoding="utf-8"))["weight_map"]
        return {str(tensor): str(file) for tensor, file in entries.items()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        problems.error("bad_model", f"{index} is not a weight index: {error!r}.", _WHERE, "Restore the file.")
        return {}


def _tensors_of(path: Path, problems: Problems) -> set[str] | None:
    """Names in the header; None after reporting a file that is damaged or cut short.

    A safetensors file is eight bytes with the length of the header, the header as JSON, and the tensors behind it.
    """
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if not 2 <= length <= min(size, _LONGEST_HEADER):
                raise ValueError("it does not begin like a safetensors file")
            header: Any = json.loads(file.read(length))
        tensors = {name: entry for name, entry in header.items() if name != "__metadata__"}
        end = 8 + length + max((int(entry["data_offsets"][1]) for entry in tensors.values()), default=0)
    except (OSError, ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
        problems.error("bad_model", f"{path} is damaged: {error}.", _WHERE, "Copy the file again.")
        return None
    if size != end:
        words = f"{path} has {size:,} bytes where its header asks for {end:,}"
        problems.error("bad_model", f"{words}: it was not copied completely.", _WHERE, "Copy the file again.")
        return None
    return set(tensors)


def _check_template(tokenizer: Any, spec: ModelSpec, problems: Problems) -> None:
    """The control tokens of the template are single tokens, or the model never saw a conversation like these."""
    vocabulary: dict[str, int] = tokenizer.get_vocab()
    unknown = [marker for marker in spec.template.markers if marker not in vocabulary]
    if unknown:
        problems.error(
            "template_mismatch",
            f"The template {spec.template.name} uses {', '.join(unknown)}, which the tokenizer does not know.",
            _WHERE,
            "Use the tokenizer that belongs to the checkpoint, and the `template` its config.json was published with.",
        )
