"""A checkpoint from one layout to the other, tensor by tensor, without building the model.

Every bit is kept: the way there and back gives the same tensors. Checkpoints of the original LoRA training are merged
on the way.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from refbox_trainer.errors import TrainerError
from refbox_trainer.files import complete_folder
from refbox_trainer.model.load import open_checkpoint
from refbox_trainer.model.save import side_files_of, write_stream
from refbox_trainer.model.spec import WRAPPED_PARTS, Layout, read_spec, spec_of_config
from refbox_trainer.model.weights import TensorSource, WeightFiles
from refbox_trainer.model.wrapped import UnwrappedWeights


class Conversion(NamedTuple):
    """What was done."""

    family: str
    source_layout: Layout
    layout: Layout
    tensors: int
    """Tensors that were read, adapters included."""
    merged: int
    """Matrices that an adapter was merged into."""

    def as_json(self) -> dict[str, Any]:
        return self._asdict()


def convert(folder: Path, out: Path, layout: Layout) -> Conversion:
    """Write the checkpoint in `folder` to `out` in `layout`; `out` appears complete or not at all.

    Raises TrainerError("bad_model") before anything is written when a tensor is unknown, missing, or of another shape
    than the config asks for.
    """
    spec = read_spec(folder, allow_adapters=True)
    files = WeightFiles(folder)
    source: TensorSource = files
    merged = 0
    if any(spec.raw_config.get(key) for key in WRAPPED_PARTS.values()):
        source = UnwrappedWeights(files, spec.raw_config)
        merged = source.merged
        spec = spec_of_config({**spec.raw_config, **dict.fromkeys(WRAPPED_PARTS.values(), 0)})
    checkpoint = open_checkpoint(folder, source=source, spec=spec)
    if checkpoint.added_tokens:
        raise TrainerError(
            "bad_model",
            f"{folder} does not know {', '.join(checkpoint.added_tokens)}, or has no rows for them.",
            "Train it first: a run adds the tokens, and what it leaves behind can be converted.",
        )
    with complete_folder(out) as writing:
        side_files_of(checkpoint, folder, checkpoint.empty_model()).write(writing, layout, dtype=None)
        write_stream(writing, checkpoint.stream(), spec, layout=layout)
    return Conversion(spec.family.name, spec.layout, layout, len(files.headers()), merged)
