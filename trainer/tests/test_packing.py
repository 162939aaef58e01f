"""Packing: which samples share a sequence, and that each of them is computed as if it were alone."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import InternVLConfig, InternVLForConditionalGeneration
from transformers.models.auto import AutoConfig

from refbox_trainer.checks.problems import Problems
from refbox_trainer.checks.run_check import check_run
from refbox_trainer.data.packing import PackLimits, oversized, pack
from refbox_trainer.data.samples import IGNORED
from refbox_trainer.model.forward import Batch, collate, weighted_loss
from refbox_trainer.model.long_rope import PerSampleLongRope
from refbox_trainer.model.packed_attention import PER_SAMPLE, packing_arguments, separate_samples
from refbox_trainer.training.run import run_training
from tests.tiny import tiny_model
from tests.tiny_data import run_config, write_run


def test_packs_by_hand() -> None:
    # Sorted by tokens: 7, 6, 4, 3, 2, 1. The first pack of 10 takes 7 and 3, the second 6 and 4, the third 2 and 1.
    tokens = [3, 7, 1, 6, 2, 4]
    assert pack(range(6), tokens, [0] * 6, PackLimits(10, None)) == [[1, 0], [3, 5], [4, 2]]
    # With at most two tiles a pack, and three on sample 5, sample 5 stands alone and 4 joins 6.
    assert pack(range(6), tokens, [1, 1, 0, 1, 1, 3], PackLimits(10, 2)) == [[1, 0], [3, 4, 2], [5]]


def test_no_pack_exceeds_a_limit_and_no_sample_is_lost() -> None:
    rng = random.Random(1)
    for _ in range(200):
        count = rng.randint(1, 40)
        tokens = [rng.randint(1, 130) for _ in range(count)]
        tiles = [rng.randint(0, 13) for _ in range(count)]
        limits = PackLimits(rng.randint(100, 400), rng.choice([None, 12, 30]))
        positions = rng.sample(range(count), rng.randint(1, count))
        packs = pack(positions, tokens, tiles, limits)
        assert sorted(position for group in packs for position in group) == sorted(positions)
        assert packs == pack(sorted(positions), tokens, tiles, limits), "the order they come in does not matter"
        for group in packs:
            held = sum(tokens[position] for position in group), sum(tiles[position] for position in group)
            assert len(group) == 1 or limits.fits(*held)


def test_samples_beyond_the_limit_are_counted_in_words() -> None:
    assert oversized([10, 20], [1, 1], PackLimits(20, 1)) is None
    words = oversized([10, 21, 5], [1, 1, 2], PackLimits(20, 1))
    assert words is not None
    assert words.startswith("2 sample(s) exceed the 20 tokens and 1 tiles")
    assert "21 tokens" in words


def test_check_warns_of_a_sample_longer_than_a_pack(tiny_base: Path, train_meta: Path, tmp_path: Path) -> None:
    sequence = {"packing": True, "max_packed_tokens": 64}
    run = write_run(tmp_path, run_config(tiny_base, train_meta, None, sequence=sequence))
    problems = Problems()
    assert check_run(run, problems) is not None
    (warning,) = [problem for problem in problems.found if problem.code == "longer_than_a_pack"]
    assert warning.message.startswith("10 sample(s) exceed the 64 tokens")


def test_a_packed_run_learns_what_a_padded_one_does(tiny_base: Path, train_meta: Path, tmp_path: Path) -> None:
    losses: list[list[float]] = []
    for name, sequence, workers in (
        ("padded", {}, 0),
        ("packed", {"packing": True, "max_packed_tokens": 900}, 2),
        ("packed tighter", {"packing": True, "max_packed_tokens": 900, "max_packed_tiles": 4}, 2),
    ):
        # Dropout would be drawn for other shapes.
        config = run_config(
            tiny_base,
            train_meta,
            None,
            method={"kind": "lora", "rank": 4, "alpha": 8, "dropout": 0.0, "targets": ["language", "vision"]},
            sequence=sequence,
            train={"max_steps": 3, "loss_weighting": "square", "loader_workers": workers},
        )
        of_run: list[float] = []

        def emit(type: str, /, of_run: list[float] = of_run, **fields: Any) -> None:
            if type == "step":
                of_run.append(fields["loss"])

        run = write_run(tmp_path / name, config)
        run_training(run, tmp_path / name, resume=False, emit=emit, should_stop=lambda: False)
        losses.append(of_run)
    assert len(losses[0]) == 3
    assert losses[1] == pytest.approx(losses[0], abs=1e-5)
    assert losses[2] == pytest.approx(losses[0], abs=1e-5)


# -- what the model computes -------------------------------------------------------------------------------------------

_LENGTHS = (37, 90, 1, 64)


def _samples(model: InternVLForConditionalGeneration, seed: int = 0) -> list[tuple[np.ndarray, np.ndarray]]:
    """Random ids with the placeholders of one tile in two of the samples; the last third is supervised."""
    rng = np.random.default_rng(seed)
    config: Any = model.config
    result = []
    for length in _LENGTHS:
        ids = rng.integers(1, 200, length)
        if length > 60:
            ids[5 : 5 + config.image_seq_length] = config.image_token_id
        labels = np.where(np.arange(length) >= length * 2 // 3, ids, IGNORED)
        result.append((ids, labels))
    return result


def _pixels(model: InternVLForConditionalGeneration) -> torch.Tensor:
    config: Any = model.config
    side = config.vision_config.image_size[0]
    return torch.randn((2, 3, side, side), generator=torch.Generator().manual_seed(3))


def _gradients(model: InternVLForConditionalGeneration, batches: list[Batch]) -> tuple[float, dict[str, torch.Tensor]]:
    model.zero_grad(set_to_none=True)
    planned = sum(batch.weight for batch in batches)
    total = 0.0
    for batch in batches:
        loss = weighted_loss(model, batch) / planned
        loss.backward()
        total += float(loss.detach())
    found = {name: value.grad.clone() for name, value in model.named_parameters() if value.grad is not None}
    return total, found


def _apart(model: InternVLForConditionalGeneration) -> list[Batch]:
    """One forward per sample."""
    tile, batches = 0, []
    for ids, labels in _samples(model):
        pictures = None
        if len(ids) > 60:
            pictures, tile = _pixels(model)[tile : tile + 1], tile + 1
        batches.append(collate([(ids, labels)], pictures, None, weighting="square"))
    return batches


def _together(model: InternVLForConditionalGeneration, *, packed: bool) -> list[Batch]:
    return [collate(_samples(model), _pixels(model), None, weighting="square", packed=packed)]


def _assert_equal(first: tuple[float, dict[str, torch.Tensor]], second: tuple[float, dict[str, torch.Tensor]]) -> None:
    assert first[0] == pytest.approx(second[0], abs=1e-6)
    assert first[1].keys() == second[1].keys()
    for name, gradient in first[1].items():
        gap = float((gradient - second[1][name]).abs().max())
        assert gap <= 1e-5 * max(1.0, float(gradient.abs().max())), f"{name}: {gap}"


def _text_config(kind: str) -> Any:
    common = {
        "vocab_size": 500,
        "hidden_size": 48,
        "intermediate_size": 96,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 400,
        "pad_token_id": 0,
        "eos_token_id": 1,
        "bos_token_id": 1,
    }
    rope: dict[str, Any] = {"rope_type": "default", "rope_theta": 10000.0}
    if kind == "phi3":
        # Six frequencies for heads of width 12; two of the four samples are longer than 50 tokens.
        rope |= {
            "rope_type": "longrope",
            "short_factor": [1.0, 1.05, 1.1, 1.3, 1.5, 2.0],
            "long_factor": [1.0, 2.0, 4.0, 9.0, 14.0, 20.0],
        }
        common["original_max_position_embeddings"] = 50
    return AutoConfig.for_model(kind, **common, rope_parameters=rope, tie_word_embeddings=False)


def _model(kind: str) -> InternVLForConditionalGeneration:
    """A random model whose language part is of another kind."""
    template = tiny_model()[0].model.config
    assert isinstance(template, InternVLConfig)
    torch.manual_seed(5)
    return InternVLForConditionalGeneration(
        InternVLConfig(
            text_config=_text_config(kind),
            vision_config=template.vision_config,
            image_token_id=450,
            image_seq_length=template.image_seq_length,
            downsample_ratio=0.5,
            tie_word_embeddings=False,
        )
    )


def _separated(model: InternVLForConditionalGeneration) -> None:
    separate_samples(model)


def _eager(model: InternVLForConditionalGeneration) -> None:
    model.set_attn_implementation("eager")
    separate_samples(model)


def _checkpointed(model: InternVLForConditionalGeneration) -> None:
    separate_samples(model)
    model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    model.train()


def _unprepared(model: InternVLForConditionalGeneration) -> None:
    """The library's own mask, which it makes from positions."""


@pytest.mark.parametrize(
    ("kind", "prepare"),
    [
        ("qwen2", _separated),
        ("qwen2", _eager),
        ("qwen2", _checkpointed),
        ("qwen2", _unprepared),
        ("llama", _separated),
        ("llama", _eager),
        ("phi3", _separated),
        ("phi3", _eager),
    ],
)
def test_samples_in_company_have_the_loss_and_gradients_of_samples_alone(
    kind: str, prepare: Callable[[InternVLForConditionalGeneration], None]
) -> None:
    model = _model(kind)
    expected = _gradients(model, _apart(model))
    prepare(model)
    _assert_equal(_gradients(model, _together(model, packed=True)), expected)
    _assert_equal(_gradients(model, _together(model, packed=False)), expected)


def test_phi3_takes_its_factors_by_the_length_of_each_sample() -> None:
    model = _model("phi3")
    language: Any = model.model.language_model
    theirs = language.rotary_emb
    states = torch.zeros(1, 1, 48)

    def alone(length: int) -> torch.Tensor:
        return theirs(states, torch.arange(length).unsqueeze(0))[0][0]

    expected = torch.cat([alone(length) for length in (50, 51, 3)])
    separate_samples(model)
    positions = torch.cat([torch.arange(length) for length in (50, 51, 3)]).unsqueeze(0)
    assert isinstance(language.rotary_emb, PerSampleLongRope)
    assert torch.equal(language.rotary_emb(states, positions)[0][0], expected)
    assert float((alone(51)[:50] - alone(50)).abs().max()) > 0.1, "the factors differ, or nothing is tested"


@torch.no_grad()
def test_a_sample_in_a_pack_does_not_see_the_one_before() -> None:
    model = _model("qwen2")
    separate_samples(model)
    assert model.model.language_model.config._attn_implementation == PER_SAMPLE
    first, second = _samples(model)[0], _samples(model)[1]
    unsupervised = np.full_like(first[1], IGNORED)
    losses = [
        weighted_loss(model, collate([(ids, unsupervised), second], _pixels(model)[:1], None, packed=True))
        for ids in (first[0], np.full_like(first[0], 7))
    ]
    assert torch.equal(losses[0], losses[1])


def test_flash_attention_is_told_the_borders_of_the_samples() -> None:
    model = _model("qwen2")
    language: Any = model.model.language_model
    # The kernels need a GPU; what they are given does not.
    language.config._attn_implementation_internal = "flash_attention_2"
    arguments = packing_arguments(language, (37, 90, 1), torch.device("cpu"))
    assert arguments["cu_seq_lens_q"].tolist() == [0, 37, 127, 128]
    assert arguments["cu_seq_lens_q"].dtype == torch.int32
    assert arguments["cu_seq_lens_k"].tolist() == [0, 37, 127, 128]
    assert (arguments["max_length_q"], arguments["max_length_k"]) == (90, 90)


def test_what_is_saved_does_not_name_our_attention() -> None:
    model = _model("phi3")
    names = set(model.state_dict())
    separate_samples(model)
    assert set(model.state_dict()) == names
    assert "refbox" not in json.dumps(model.config.to_dict(), default=str)
