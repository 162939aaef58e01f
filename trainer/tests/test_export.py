"""The browser bundle says what the model says, is described exactly, and a wrong one is never left behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import onnx
import pytest
import torch

from refbox_trainer.answers.prediction_job import questions_of_meta
from refbox_trainer.artefacts.browser_bundle import Bundle, export_bundle, probe_tile
from refbox_trainer.artefacts.onnx_modules import CachedDecoder, architecture_of
from refbox_trainer.artefacts.onnx_parity import OnnxModel
from refbox_trainer.data.tiling import normalise
from refbox_trainer.errors import TrainerError
from refbox_trainer.files import sha256_of
from refbox_trainer.model.load import load_model
from tests.tiny import tiny_model
from tests.tiny_data import write_dataset

SCHEMA = Path(__file__).parent.parent / "contracts" / "browser-bundle.schema.json"


@pytest.fixture(scope="module")
def exported(tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Bundle]:
    folder = tmp_path_factory.mktemp("bundle") / "browser"
    return folder, export_bundle(tiny_base, folder)


@pytest.fixture(scope="module")
def manifest(exported: tuple[Path, Bundle]) -> dict[str, Any]:
    return json.loads((exported[0] / "manifest.json").read_text(encoding="utf-8"))


def test_onnx_logits_equal_the_models_with_one_three_and_seven_tiles(exported: tuple[Path, Bundle]) -> None:
    _, bundle = exported
    assert bundle.parity.samples == 15
    assert bundle.parity.max_logit_gap < 1e-4


def test_the_manifest_is_what_the_studio_expects(manifest: dict[str, Any]) -> None:
    jsonschema.validate(manifest, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert manifest["architecture"] == {
        "hidden_size": 48,
        "num_layers": 2,
        "num_kv_heads": 2,
        "head_dim": 12,
        "vocab_size": 412,
    }
    assert manifest["image"]["num_image_token"] == 16
    assert manifest["template"]["prefix"].startswith("<|im_start|>system\n你是")
    assert manifest["template"]["suffix"] == "<|im_end|><|im_start|>assistant\n"


def test_every_file_but_the_manifest_is_listed_with_its_size_and_hash(
    exported: tuple[Path, Bundle], manifest: dict[str, Any]
) -> None:
    folder, _ = exported
    listed = {entry["file"]: entry for entry in manifest["files"]}
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(listed) == present - {"manifest.json"}
    for name, entry in listed.items():
        assert entry["bytes"] == (folder / name).stat().st_size
        assert entry["sha256"] == sha256_of(folder / name)
    assert {entry["role"] for entry in listed.values()} == {"vision", "embed", "decoder", "tokenizer", "config"}


def test_the_self_test_is_reproduced_by_the_exported_files(
    exported: tuple[Path, Bundle], manifest: dict[str, Any], tiny_base: Path
) -> None:
    loaded = load_model(tiny_base)
    model = OnnxModel(exported[0] / "onnx", architecture_of(loaded.model), manifest["tokens"]["image_context"])
    pixels = normalise(probe_tile(manifest["image"]["size"])).numpy()
    logits, _ = model.decode(model.embed(manifest["self_test"]["input_ids"], pixels), model.empty_past())
    np.testing.assert_allclose(logits[:16], manifest["self_test"]["logits_last"], atol=1e-4)


def test_decoding_token_by_token_equals_one_pass_over_all_of_them() -> None:
    loaded, _ = tiny_model()
    architecture = architecture_of(loaded.model)
    decoder = CachedDecoder(loaded.model)
    embeds = torch.randn(1, 9, architecture.hidden_size, generator=torch.Generator().manual_seed(0))
    empty = torch.zeros(1, architecture.num_kv_heads, 0, architecture.head_dim)
    past = nothing = [(empty, empty)] * architecture.num_layers
    with torch.no_grad():
        for index in range(9):
            seen = torch.ones(1, index + 1, dtype=torch.int64)
            whole, _ = decoder(embeds[:, : index + 1], seen, torch.arange(index + 1)[None], nothing)
            stepwise, past = decoder(embeds[:, index : index + 1], seen, torch.tensor([[index]]), past)
            torch.testing.assert_close(stepwise, whole, atol=1e-5, rtol=0)


def test_an_export_that_answers_differently_is_refused_and_leaves_nothing(
    tiny_base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decode = OnnxModel.decode

    def slightly_off(
        self: OnnxModel, embeds: np.ndarray, past: list[np.ndarray]
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        logits, present = decode(self, embeds, past)
        return logits + 0.01, present

    monkeypatch.setattr(OnnxModel, "decode", slightly_off)
    with pytest.raises(TrainerError) as refusal:
        export_bundle(tiny_base, tmp_path / "browser")
    assert refusal.value.code == "export_differs"
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def editions(tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """All editions but fp32, measured on two drawn pictures."""
    folder = tmp_path_factory.mktemp("editions")
    meta = write_dataset(folder / "data", 2)
    export_bundle(tiny_base, folder / "browser", ["int8", "fp16", "q4f16"], questions=questions_of_meta(meta, None))
    manifest = json.loads((folder / "browser" / "manifest.json").read_text(encoding="utf-8"))
    return folder / "browser", manifest


def test_editions_answer_like_the_model_and_say_how_closely(editions: tuple[Path, dict[str, Any]]) -> None:
    _, manifest = editions
    jsonschema.validate(manifest, json.loads(SCHEMA.read_text(encoding="utf-8")))
    described = {entry["dtype"]: entry for entry in manifest["editions"]}
    assert list(described) == ["int8", "fp16", "q4f16"]
    assert described["int8"]["suited_to"] == ["wasm"]
    # 16 bits keep three digits; only a graph whose angles or norms went through 16 bits as well is further off.
    assert described["fp16"]["parity"]["max_logit_gap"] < 0.01
    for entry in described.values():
        assert 0 <= entry["parity"]["divergence"] <= entry["parity"]["tolerance"]
        assert entry["answers"]["questions"] >= 2


def test_only_the_graphs_that_an_edition_reads_are_kept(editions: tuple[Path, dict[str, Any]]) -> None:
    folder, manifest = editions
    assert {path.name for path in (folder / "onnx").iterdir()} == {
        "vision_encoder_int8.onnx",
        "vision_encoder_fp16.onnx",
        "embed_tokens_fp16.onnx",
        "decoder_model_merged_int8.onnx",
        "decoder_model_merged_fp16.onnx",
        "decoder_model_merged_q4f16.onnx",
    }
    listed = {entry["file"]: entry for entry in manifest["files"]}
    assert listed["onnx/decoder_model_merged_q4f16.onnx"]["dtype"] == "q4f16"
    assert listed["onnx/decoder_model_merged_q4f16.onnx"]["role"] == "decoder"
    for entry in manifest["editions"]:
        assert entry["bytes"] == sum(listed[file]["bytes"] for file in entry["files"])


def test_angles_stay_in_32_bits_in_a_16_bit_decoder(editions: tuple[Path, dict[str, Any]]) -> None:
    graph = onnx.load(editions[0] / "onnx" / "decoder_model_merged_fp16.onnx").graph
    maker = {output: node for node in graph.node for output in node.output}
    waiting = [node for node in graph.node if node.op_type in ("Cos", "Sin")]
    assert waiting
    while waiting:
        node = waiting.pop()
        squeezes = [item.i for item in node.attribute if node.op_type == "Cast" and item.name == "to"]
        assert squeezes != [onnx.TensorProto.FLOAT16]
        waiting += [maker[name] for name in node.input if name in maker]


def test_an_unknown_dtype_is_refused_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="--dtype q3 is not known"):
        export_bundle(tmp_path / "nowhere", tmp_path / "browser", ["q3"])
