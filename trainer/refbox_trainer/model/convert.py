"""A checkpoint from one layout to the other, tensor by tensor, without building the model.

Every bit is kept: the way there and back gives the same tensors. Checkpoints of the original LoRA training are merged
on the way.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from refbox_trainer.errors import TrainerError
from refbox_trainer.files import complete_folder
from refbox_trainer.model.load import HEAD, check_fit, empty_model, native_headers, native_stream
from refbox_trainer.model.save import write_stream
from refbox_trainer.model.side_files import SideFiles
from refbox_trainer.model.spec import WRAPPED_PARTS, Layout, ModelSpec, read_spec, spec_of_config
from refbox_trainer.model.tokenizer_reader import read_tokenizer
from refbox_trainer.model.tokens import resolve_token_ids
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
    _convert(source, spec, folder, out, layout)
    return Conversion(spec.family.name, spec.layout, layout, len(files.headers()), merged)


def _convert(source: TensorSource, spec: ModelSpec, folder: Path, out: Path, layout: Layout) -> None:
    tokenizer, added = read_tokenizer(folder, spec)
    if added:
        raise TrainerError(
            "bad_model",
            f"The tokenizer in {folder} has no token {', '.join(added)}.",
            "Train it first: a run adds the tokens, and what it leaves behind can be converted.",
        )
    tokens = resolve_token_ids(tokenizer, spec.template.end)
    headers = native_headers(source, spec)
    model = empty_model(spec, image_token_id=tokens.image_context, tied=HEAD not in headers and spec.may_tie)
    check_fit(model, headers)
    with complete_folder(out) as writing:
        side_files = SideFiles(
            base=folder, spec=spec, config=model.config, tokenizer=tokenizer, tokens=tokens, added_tokens=()
        )
        side_files.write(writing, layout, dtype=None)
        write_stream(writing, native_stream(source, spec), spec, layout=layout)
