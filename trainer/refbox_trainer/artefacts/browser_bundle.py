"""The browser bundle: ONNX files, tokenizer and a manifest with all that a page needs to run the model and trust it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from refbox_trainer.artefacts.onnx_answers import compare_answers
from refbox_trainer.artefacts.onnx_editions import DTYPES, EDITIONS, Edition, remove_unused, write_edition
from refbox_trainer.artefacts.onnx_graphs import (
    write_decoder,
    write_embedding,
    write_vision,
)
from refbox_trainer.artefacts.onnx_modules import Architecture, architecture_of
from refbox_trainer.artefacts.onnx_parity import (
    MOST_DIVERGENCE,
    TOLERANCE,
    OnnxModel,
    Parity,
    check_parity,
    measure_gap,
    parity_tile_counts,
    reference_logits,
)
from refbox_trainer.data.grounding import referring_question
from refbox_trainer.data.questions import Question
from refbox_trainer.data.tiling import IMAGENET_MEAN, IMAGENET_STD, normalise
from refbox_trainer.errors import TrainerError
from refbox_trainer.events import Emit, no_events
from refbox_trainer.files import complete_folder, list_files, write_json
from refbox_trainer.model.load import LoadedModel, load_model
from refbox_trainer.model.spec import ModelSpec
from refbox_trainer.model.template import Turn, render_prompt
from refbox_trainer.model.tokens import IMAGE_CONTEXT, IMG_END, IMG_START

SCHEMA_VERSION: Final = 1
_SELF_TEST_LOGITS: Final = 16
_ROLES: Final = {
    file: role
    for dtype in DTYPES
    for file, role in zip(EDITIONS[dtype].files, ("vision", "embed", "decoder"), strict=True)
}


class Bundle(NamedTuple):
    """What was written: every file with its size and hash, manifest last, and how exact the export is."""

    files: list[dict[str, Any]]
    parity: Parity
    """Of the fp32 graphs that every edition is made from."""
    editions: list[dict[str, Any]]
    """As in the manifest."""


def export_bundle(
    model_dir: Path,
    out_dir: Path,
    dtypes: Sequence[str] = ("fp32",),
    emit: Emit | None = None,
    *,
    questions: Callable[[ModelSpec], Sequence[Question]] | None = None,
) -> Bundle:
    """Write the bundle of the checkpoint in `model_dir` (either layout, adapters merged) to `out_dir`.

    `out_dir` appears complete or not at all. Each edition is compared with the model before it is put there, also on
    `questions` when they are given: one that answers too differently is left out with a warning.
    Raises TrainerError: bad_arguments (unknown dtype), bad_model (an architecture that cannot be exported),
    export_differs (the exported model answers differently, or no edition is left), disk_full.
    """
    wanted = _editions(dtypes)
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
        prompts = [_prompt_ids(loaded, tiles) for tiles in parity_tile_counts()]
        exact = OnnxModel(graphs, architecture, loaded.tokens.image_context)
        parity = check_parity(loaded, exact, prompts)
        asked = list(questions(loaded.spec)) if questions else []
        described = [_measure(edition, loaded, architecture, graphs, prompts, asked) for edition in wanted]
        offered = _offered(described, emit)
        remove_unused([EDITIONS[entry["dtype"]] for entry in offered], graphs)
        _write_side_files(loaded, architecture, folder, offered)
        files = [_described(entry) for entry in list_files(folder)]
        manifest = _manifest(loaded, architecture, Path(model_dir).name, files, parity, offered)
        write_json(folder / "manifest.json", manifest)
    emit("stage", name="export", state="end", detail=f"largest logit gap {parity.max_logit_gap:.1e}")
    return Bundle(list_files(Path(out_dir)), parity, offered)


def _editions(dtypes: Sequence[str]) -> list[Edition]:
    known = {str(dtype): edition for dtype, edition in EDITIONS.items()}
    unknown = [dtype for dtype in dtypes if dtype not in known]
    if unknown or not dtypes:
        raise TrainerError(
            "bad_arguments",
            f"--dtype {','.join(unknown) or '(empty)'} is not known.",
            f"Use some of: {', '.join(DTYPES)}.",
        )
    return [known[dtype] for dtype in dict.fromkeys(dtypes)]


def _measure(
    edition: Edition,
    loaded: LoadedModel,
    architecture: Architecture,
    graphs: Path,
    prompts: Sequence[list[int]],
    questions: Sequence[Question],
) -> dict[str, Any]:
    """Make an edition and describe how exact it is."""
    write_edition(edition, graphs)
    model = OnnxModel(graphs, architecture, loaded.tokens.image_context, edition)
    gap = measure_gap(loaded, model, prompts)
    files = [path for path in graphs.iterdir() if path.name.removesuffix("_data") in edition.files]
    return {
        "dtype": edition.dtype,
        "suited_to": list(edition.suited_to),
        "files": sorted(f"onnx/{path.name}" for path in files),
        "bytes": sum(path.stat().st_size for path in files),
        "parity": {
            **gap._asdict(),
            "tolerance": MOST_DIVERGENCE[edition.dtype],
            "passed": gap.divergence <= MOST_DIVERGENCE[edition.dtype],
        },
        # The page repeats the self-test on other kernels, which round their own way once more.
        "self_test_tolerance": TOLERANCE if edition.dtype == "fp32" else max(TOLERANCE, 2 * gap.max_logit_gap),
        "answers": compare_answers(loaded, model, questions) if questions else None,
    }


def _offered(described: list[dict[str, Any]], emit: Emit) -> list[dict[str, Any]]:
    for entry in described:
        report = entry["parity"]
        if not report["passed"]:
            emit(
                "warning",
                code="edition_refused",
                message=f"The {entry['dtype']} edition is left out: its answers diverge by {report['divergence']:.2g}"
                f" nats, where {report['tolerance']:g} are allowed.",
            )
    offered = [entry for entry in described if entry["parity"]["passed"]]
    if not offered:
        names = ", ".join(entry["dtype"] for entry in described)
        raise TrainerError(
            "export_differs", f"No edition ({names}) answers like the model.", "Export fp32, or use the merged weights."
        )
    return offered


def probe_tile(side: int) -> np.ndarray:
    """The picture of the self-test, u8 [1, S, S, 3]: value (3x + 5y + 7c) mod 256. The page draws the same one."""
    y, x, channel = np.mgrid[0:side, 0:side, 0:3]
    return ((3 * x + 5 * y + 7 * channel) % 256).astype(np.uint8)[None]


def _manifest(
    loaded: LoadedModel,
    architecture: Architecture,
    name: str,
    files: list[dict[str, Any]],
    parity: Parity,
    editions: list[dict[str, Any]],
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
        "files": files,
        "editions": editions,
        "self_test": _self_test(loaded),
        "parity": parity._asdict(),
    }


def _described(entry: dict[str, Any]) -> dict[str, Any]:
    graph = Path(entry["file"]).name.removesuffix("_data")
    if graph in _ROLES:
        dtype = next((name for name in DTYPES if graph.endswith(f"_{name}.onnx")), "fp32")
        return {"role": _ROLES[graph], "dtype": dtype, **entry}
    return {"role": "tokenizer" if graph.startswith("tokenizer") else "config", "dtype": "json", **entry}


def _template_frame(loaded: LoadedModel) -> tuple[str, str]:
    """What stands before and after the first question, the answer's role string included.

    The tokens that a tokenizer puts in front of every text are spelt out: the page tokenizes without such additions.
    """
    slot = "\u241f"
    prefix, _, suffix = render_prompt(loaded.spec.template, [Turn("human", slot)]).partition(slot)
    first = loaded.tokenizer.convert_ids_to_tokens(loaded.tokenizer("")["input_ids"])
    return "".join(first) + prefix, suffix


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


def _write_side_files(
    loaded: LoadedModel, architecture: Architecture, folder: Path, editions: Sequence[dict[str, Any]]
) -> None:
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
                "model_type": text.model_type,
                "num_hidden_layers": architecture.num_layers,
                "num_key_value_heads": architecture.num_kv_heads,
                "num_attention_heads": text.num_attention_heads,
                "hidden_size": architecture.hidden_size,
                "head_dim": architecture.head_dim,
                "vocab_size": architecture.vocab_size,
            },
            "transformers.js_config": _transformers_js(EDITIONS[editions[0]["dtype"]]),
        },
    )
    write_json(folder / "generation_config.json", {"eos_token_id": loaded.tokens.end_of_turn, "do_sample": False})


def _transformers_js(edition: Edition) -> dict[str, Any]:
    """Which edition transformers.js opens without being told, part by part."""
    parts = zip(("vision_encoder", "embed_tokens", "decoder_model_merged"), edition.files, strict=True)
    return {"dtype": {part: Path(file).stem.removeprefix(part).removeprefix("_") or "fp32" for part, file in parts}}
