"""Every kind of decoder and both kinds of picture towers become a browser bundle that answers alike."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer

from refbox_trainer.artefacts.browser_bundle import export_bundle
from refbox_trainer.artefacts.onnx_modules import RotaryAngles
from refbox_trainer.data.grounding import referring_question
from refbox_trainer.model.load import load_model
from refbox_trainer.model.template import Turn, render_prompt

# InternLM2 with the large picture tower, Phi-3 with the small one, Llama 3.
EXPORTED = ("26B", "4B", "76B")


@pytest.fixture(scope="module", params=EXPORTED)
def exported(
    request: pytest.FixtureRequest, checkpoints: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path, float]:
    """The checkpoint, its bundle and the largest gap between their logits."""
    checkpoint = checkpoints[request.param]
    folder = tmp_path_factory.mktemp(request.param) / "browser"
    return checkpoint, folder, export_bundle(checkpoint, folder).parity.max_logit_gap


def test_the_bundle_answers_like_the_checkpoint(exported: tuple[Path, Path, float]) -> None:
    assert exported[2] < 1e-4


def test_the_page_reads_the_ids_that_training_reads(exported: tuple[Path, Path, float]) -> None:
    checkpoint, folder, _ = exported
    loaded = load_model(checkpoint)
    question = referring_question("the red square")
    trained_with = loaded.tokenizer(render_prompt(loaded.spec.template, [Turn("human", question)]))["input_ids"]
    template = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["template"]
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    text = f"{template['prefix']}{question}{template['suffix']}"
    assert tokenizer.encode(text, add_special_tokens=False).ids == trained_with


def test_long_texts_turn_by_the_long_factors_of_phi3(checkpoints: dict[str, Path]) -> None:
    language = load_model(checkpoints["4B"]).model.model.language_model
    switch = language.config.rope_parameters["original_max_position_embeddings"]
    angles = RotaryAngles(language)
    for length in (switch, switch + 1):
        positions = torch.arange(length)[None]
        expected = language.rotary_emb(torch.zeros(1), positions)
        torch.testing.assert_close(angles(positions), expected)
    short, long = (angles(torch.tensor([[1, last]]))[0][0, 0] for last in (switch - 1, switch))
    assert not torch.equal(short, long)
