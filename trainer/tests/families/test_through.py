"""What stands on top of the model works for every family: packing, answers with a cache, predictions, training."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from refbox_trainer.__main__ import main
from refbox_trainer.answers.generate import Prompt, generate
from refbox_trainer.errors import EXIT_OK
from refbox_trainer.model.forward import all_logits, collate, token_losses
from refbox_trainer.model.load import load_model
from refbox_trainer.model.packed_attention import separate_samples
from tests.families import reference

_TEXTS = (
    "<ref>the red square!</ref><box>[[12, 34, 567, 890]]</box>",
    "红色方块 arrow",
    "There is no blue circle " * 30,
)


def test_packed_samples_lose_what_they_lose_alone(checkpoint: Path, size: str) -> None:
    loaded = load_model(checkpoint)
    samples = [np.asarray(loaded.tokenizer(text)["input_ids"], dtype=np.int64) for text in _TEXTS]
    weights, config = reference.read(checkpoint)
    assert size != "4B" or max(map(len, samples)) > 128 > min(map(len, samples)), "both sets of rotary factors"
    separate_samples(loaded.model)
    with torch.no_grad():
        packed = token_losses(loaded.model, collate([(ids, ids) for ids in samples], None, None, packed=True))
        alone = []
        for ids in samples:
            rows = torch.from_numpy(ids)
            scores = reference.logits(weights, config, rows, None, loaded.tokens.image_context)
            alone.append(torch.nn.functional.cross_entropy(scores[:-1], rows[1:], reduction="none"))
    torch.testing.assert_close(packed, torch.cat(alone), rtol=0, atol=1e-4)


def test_answers_with_a_cache_are_the_most_likely_tokens(checkpoint: Path) -> None:
    loaded = load_model(checkpoint)
    prompts = [torch.tensor(loaded.tokenizer(text)["input_ids"][:20]) for text in _TEXTS]
    answers = generate(
        loaded.model, [Prompt(ids, None) for ids in prompts], stop_ids={loaded.tokens.end_of_turn}, max_new_tokens=6
    )
    for ids, (answer, _) in zip(prompts, answers, strict=True):
        row = torch.cat([ids, torch.tensor(answer, dtype=torch.int64)]).numpy()
        with torch.no_grad():
            logits = all_logits(loaded.model, collate([(row, row)], None, None))[0]
        expected = logits.argmax(dim=-1)[len(ids) - 1 :].tolist()
        assert expected[: len(answer)] == answer


@pytest.mark.parametrize("name", ["2B", "4B", "40B"])
def test_a_run_trains_and_merges_every_kind_of_language_model(
    checkpoints: dict[str, Path], train_meta: Path, tmp_path: Path, name: str
) -> None:
    run = {
        "schema_version": 1,
        "run_id": "r_family",
        "model": {"path": str(checkpoints[name])},
        "data": {"train_meta": str(train_meta)},
        "method": {"kind": "lora", "rank": 2, "alpha": 4, "targets": ["language", "vision"]},
        "sequence": {"max_length": 2048, "max_dynamic_patch": 2},
        "train": {"max_steps": 2, "micro_batch_size": 2, "batch_size": 2, "precision": "float32"},
        "artefacts": ["adapter", "merged"],
        "device": "cpu",
    }
    (tmp_path / "run.json").write_text(json.dumps(run))
    assert main(["train", str(tmp_path / "run.json"), "--out", str(tmp_path / "out")]) == EXIT_OK
    merged = load_model(tmp_path / "out" / "artefacts" / "merged")
    assert merged.spec.family is load_model(checkpoints[name]).spec.family
