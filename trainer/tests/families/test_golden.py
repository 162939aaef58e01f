"""All seven sizes compute what the original code is described to compute: ids, masks, logits and loss."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from refbox_trainer.data.records import Record
from refbox_trainer.data.samples import SampleEncoder, Tiling
from refbox_trainer.model.forward import all_logits, collate, token_losses
from refbox_trainer.model.load import LoadedModel, load_model
from refbox_trainer.model.template import Turn
from tests.families import reference
from tests.families.slow_tokenizer import slow_ids

_SYSTEM = "你是由上海人工智能实验室联合商汤科技开发的书生多模态大模型，英文名叫InternVL, 是一个有用无害的人工智能助手。"
_QUESTIONS = (
    "Please provide the bounding box coordinate of the region this sentence describes: <ref>the red square!</ref>",
    "请提供以下描述所对应区域的边界框坐标：<ref>红色方块</ref>",
)
_ANSWERS = (
    "<ref>the red square!</ref><box>[[12, 34, 567, 890]]</box>",
    "There is no <ref>红色方块</ref> in this image.\n",
)
_TILES = 3
_IMAGE = "<img>" + "<IMG_CONTEXT>" * (4 * _TILES) + "</img>"

_CHATML = (
    "<|im_start|>system\n{system}<|im_end|><|im_start|>user\n{image}\n{questions[0]}<|im_end|>"
    "<|im_start|>assistant\n{answers[0]}<|im_end|><|im_start|>user\n{questions[1]}<|im_end|>"
    "<|im_start|>assistant\n{answers[1]}<|im_end|>"
)
_PHI3 = (
    "<|system|>\n{system}<|end|><|user|>\n{image}\n{questions[0]}<|end|><|assistant|>\n{answers[0]}<|end|>"
    "<|user|>\n{questions[1]}<|end|><|assistant|>\n{answers[1]}<|end|>"
)


def _expected(size: str) -> tuple[str, list[str]]:
    """The rendered text and what of it is supervised."""
    answers = [answer.strip() if size in ("2B", "8B", "26B", "76B") else answer for answer in _ANSWERS]
    frame, end = (_PHI3, "<|end|>") if size == "4B" else (_CHATML, "<|im_end|>")
    text = frame.format(system=_SYSTEM, image=_IMAGE, questions=_QUESTIONS, answers=answers)
    return text, [answer + end for answer in answers]


def _encode(loaded: LoadedModel) -> tuple[np.ndarray, np.ndarray, str]:
    tiling = Tiling(min_dynamic_patch=1, max_dynamic_patch=6, use_thumbnail=True)
    encoder = SampleEncoder(loaded.tokenizer, loaded.spec, loaded.tokens, tiling, 4096)
    rounds = zip(_QUESTIONS, _ANSWERS, strict=True)
    turns = [turn for question, answer in rounds for turn in (Turn("human", question), Turn("gpt", answer))]
    turns[0] = Turn("human", f"{_IMAGE}\n{turns[0].text}")
    record = Record(
        dataset="", index=0, images=(), image_names=(), turns=tuple(turns), width=None, height=None,
        max_dynamic_patch=None, data_augment=False,
    )  # fmt: skip
    sample = encoder.encode(record)
    return sample.input_ids, sample.labels, sample.rendered


def test_the_text_of_a_conversation_is_that_of_the_original(checkpoint: Path, size: str) -> None:
    _, _, rendered = _encode(load_model(checkpoint))
    assert rendered == _expected(size)[0]


def test_exactly_the_answers_and_their_end_tokens_are_supervised(checkpoint: Path, size: str) -> None:
    loaded = load_model(checkpoint)
    ids, labels, _ = _encode(loaded)
    assert set(labels[labels != -100] - ids[labels != -100]) == {0}
    edges = np.flatnonzero(np.diff(np.concatenate([[False], labels != -100, [False]]).astype(int)))
    spans = [loaded.tokenizer.decode(ids[start:end]) for start, end in edges.reshape(-1, 2)]
    assert spans == _expected(size)[1]


@pytest.mark.parametrize("slow_size", ["2B", "4B", "8B", "26B", "40B"])
def test_ids_are_those_of_the_slow_tokenizer(checkpoints: dict[str, Path], slow_size: str) -> None:
    folder = checkpoints[slow_size]
    assert _encode(load_model(folder))[0].tolist() == slow_ids(folder, _expected(slow_size)[0])


def test_only_some_families_begin_with_bos(checkpoint: Path, size: str) -> None:
    loaded = load_model(checkpoint)
    first = loaded.tokenizer.convert_ids_to_tokens(_encode(loaded)[0][:3].tolist())
    expected = {
        "1B": ["<|im_start|>"],
        "4B": ["<s>", "\u2581", "<|system|>"],
        "40B": ["<|im_start|>"],
        "76B": ["<|begin_of_text|>", "<|im_start|>"],
    }.get(size, ["<s>", "<|im_start|>"])
    assert first[: len(expected)] == expected


def test_logits_and_loss_equal_the_reference(checkpoint: Path, size: str) -> None:
    loaded = load_model(checkpoint)
    ids, labels, _ = _encode(loaded)
    pixels = torch.randn(_TILES, 3, 56, 56, generator=torch.Generator().manual_seed(3))
    weights, config = reference.read(checkpoint)
    with torch.no_grad():
        batch = collate([(ids, labels)], pixels, None)
        ours, our_loss = all_logits(loaded.model, batch)[0], float(token_losses(loaded.model, batch).mean())
        theirs = reference.logits(weights, config, torch.from_numpy(ids), pixels, loaded.tokens.image_context)
    assert len(ids) > 128, "long enough for the second set of rotary factors of Phi-3"
    assert float((ours - theirs).abs().max()) < 1e-4
    assert our_loss == pytest.approx(reference.loss(theirs, torch.from_numpy(labels)), abs=1e-5)
    assert float(theirs.std()) > 0.3, "logits that hardly differ would agree whatever the mapping"


def test_short_conversations_use_the_short_rotary_factors_of_phi3(checkpoints: dict[str, Path]) -> None:
    loaded = load_model(checkpoints["4B"])
    ids = np.asarray(loaded.tokenizer("<|user|>\nthe red square<|end|>")["input_ids"], dtype=np.int64)
    weights, config = reference.read(checkpoints["4B"])
    with torch.no_grad():
        ours = all_logits(loaded.model, collate([(ids, ids)], None, None))[0]
        theirs = reference.logits(weights, config, torch.from_numpy(ids), None, loaded.tokens.image_context)
    assert float((ours - theirs).abs().max()) < 1e-4
