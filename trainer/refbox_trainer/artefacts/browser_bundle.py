"""The browser bundle: ONNX files, tokenizer and a manifest with all that a page needs to run the model and trust it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from refbox_trainer.artefacts.onnx_graphs import (
    DECODER_FILE,
    EMBED_FILE,
    VISION_FILE,
    write_decoder,
    write_embedding,
    write_vision,
)
from refbox_trainer.artefacts.onnx_modules import Architecture, architecture_of
from refbox_trainer.artefacts.onnx_parity import (
    TOLERANCE,
    OnnxModel,
    Parity,
    check_parity,
    parity_tile_counts,
    reference_logits,
)
from refbox_trainer.data.grounding import referring_question
from refbox_trainer.data.tiling import IMAGENET_MEAN, IMAGENET_STD, normalise
from refbox_trainer.errors import TrainerError
from refbox_trainer.events import Emit, no_events
from refbox_trainer.files import complete_folder, list_files, write_json
from refbox_trainer.model.load import LoadedModel, load_model
from refbox_trainer.model.template import Turn, render_prompt
from refbox_trainer.model.tokens import IMAGE_CONTEXT, IMG_END, IMG_START

SCHEMA_VERSION: Final = 1
DTYPES: Final = ("fp32",)
_SELF_TEST_LOGITS: Final = 16
_ROLES: Final = {VISION_FILE: "vision", EMBED_FILE: "embed", DECODER_FILE: "decoder"}


class Bundle(NamedTuple):
    """What was written: every file with its size and hash, manifest last, and how exact the export is."""

    files: list[dict[str, Any]]
    parity: Parity


def export_bundle(model_dir: Path, out_dir: Path, dtypes: Sequence[str] = DTYPES, emit: Emit | None = None) -> Bundle:
    """Write the bundle of the checkpoint in `model_dir` (either layout, adapters merged) to `out_dir`.

    `out_dir` appears complete or not at all. The bundle is compared with the model before it is put there.
    Raises TrainerError: bad_arguments (unknown dtype), bad_model (an architecture that cannot be exported),
    export_differs (the exported model answers differently), disk_full.
    """
    unknown = [dtype for dtype in dtypes if dtype not in DTYPES]
    if unknown or not dtypes:
        raise TrainerError(
            "bad_arguments",
            f"--dtype {','.join(unknown) or '(empty)'} is not known.",
            f"Use one of: {', '.join(DTYPES)}.",
        )
    emit = emit or no_events
    emit("stage", name="export", state="begin", detail=str(model_dir))
    loaded = load_model(model_dir)
    architecture = architecture_of(loaded.model)
    with complete_folder(Path(out_dir)) as folder:
        graphs = folder / "onnx"
        graphs.mkdir()
        write_vision(loaded.model, loaded.spec.image_size, graphs)
        write_embedding(loaded.model, graphs)
        write_decoder(loaded.model, architecture, graphs)
        _write_side_files(loaded, architecture, folder)
        onnx_model = OnnxModel(graphs, architecture, loaded.tokens.image_context)
        prompts = [_prompt_ids(loaded, tiles) for tiles in parity_tile_counts()]
        parity = check_parity(loaded, onnx_model, prompts)
        files = list_files(folder)
        write_json(folder / "manifest.json", _manifest(loaded, architecture, Path(model_dir).name, files, parity))
    emit("stage", name="export", state="end", detail=f"largest logit gap {parity.max_logit_gap:.1e}")
    return Bundle(files, parity)


def probe_tile(side: int) -> np.ndarray:
    """The picture of the self-test, u8 [1, S, S, 3]: value (3x + 5y + 7c) mod 256. The page draws the same one."""
    y, x, channel = np.mgrid[0:side, 0:side, 0:3]
    return ((3 * x + 5 * y + 7 * channel) % 256).astype(np.uint8)[None]


def _manifest(
    loaded: LoadedModel, architecture: Architecture, name: str, files: list[dict[str, Any]], parity: Parity
) -> dict[str, Any]:
    spec = loaded.spec
    prefix, suffix = _template_frame(loaded)
    return {
        "schema_version": SCHEMA_VERSION,
        "name": name,
        "architecture": architecture._asdict(),
        "image": {
            "size": spec.image_size,
            "num_image_token": spec.num_image_token,
            "min_dynamic_patch": spec.min_dynamic_patch if spec.dynamic_image_size else 1,
            "max_dynamic_patch": spec.max_dynamic_patch if spec.dynamic_image_size else 1,
            "use_thumbnail": spec.use_thumbnail,
            "mean": list(IMAGENET_MEAN),
            "std": list(IMAGENET_STD),
        },
        "tokens": {
            "image_context": loaded.tokens.image_context,
            "end": loaded.tokens.end_of_turn,
            "names": {"img_start": IMG_START, "img_end": IMG_END, "image_context": IMAGE_CONTEXT},
        },
        "template": {"name": spec.template.name, "prefix": prefix, "suffix": suffix, "end": spec.template.end},
        "files": [_described(entry) for entry in files],
        "self_test": _self_test(loaded),
        "parity": parity._asdict(),
    }


def _described(entry: dict[str, Any]) -> dict[str, Any]:
    name = Path(entry["file"]).name
    role = _ROLES.get(name.removesuffix("_data"))
    if role is None:
        role = "tokenizer" if name.startswith("tokenizer") else "config"
    return {"role": role, "dtype": "fp32" if name.endswith((".onnx", ".onnx_data")) else "json", **entry}


def _template_frame(loaded: LoadedModel) -> tuple[str, str]:
    """What stands before and after the first question, the answer's role string included."""
    slot = "\u241f"
    prefix, _, suffix = render_prompt(loaded.spec.template, [Turn("human", slot)]).partition(slot)
    return prefix, suffix


def _prompt_ids(loaded: LoadedModel, tiles: int) -> list[int]:
    """A question about a picture of `tiles` tiles as token ids, image block included."""
    prefix, suffix = _template_frame(loaded)
    block = f"{IMG_START}{IMAGE_CONTEXT * (loaded.spec.num_image_token * tiles)}{IMG_END}"
    text = f"{prefix}{block}\n{referring_question('the red square')}{suffix}"
    return loaded.tokenizer.encode(text, add_special_tokens=False)


def _self_test(loaded: LoadedModel) -> dict[str, Any]:
    ids = _prompt_ids(loaded, 1)
    logits = reference_logits(loaded, ids, normalise(probe_tile(loaded.spec.image_size)))
    first = [float(value) for value in logits[0, :_SELF_TEST_LOGITS]]
    return {"input_ids": ids, "logits_last": first, "tolerance": TOLERANCE}


def _write_side_files(loaded: LoadedModel, architecture: Architecture, folder: Path) -> None:
    """Tokenizer, and configs of a shape that transformers.js can load: it knows no InternVL, but its "llava" class does
    exactly what this model needs (splice image features, then decode).
    """
    loaded.tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "clean_up_tokenization_spaces": False,
            "eos_token": loaded.spec.template.end,
            "model_max_length": loaded.tokenizer.model_max_length,
        },
    )
    text: Any = loaded.model.config.text_config
    write_json(
        folder / "config.json",
        {
            "model_type": "llava",
            "architectures": ["LlavaForConditionalGeneration"],
            "image_token_index": loaded.tokens.image_context,
            "text_config": {
                "model_type": "llama" if loaded.spec.family.name == "internlm2" else text.model_type,
                "num_hidden_layers": architecture.num_layers,
                "num_key_value_heads": architecture.num_kv_heads,
                "num_attention_heads": text.num_attention_heads,
                "hidden_size": architecture.hidden_size,
                "head_dim": architecture.head_dim,
                "vocab_size": architecture.vocab_size,
            },
        },
    )
    write_json(folder / "generation_config.json", {"eos_token_id": loaded.tokens.end_of_turn, "do_sample": False})
