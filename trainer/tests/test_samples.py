"""Token ids, labels and tiles of samples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from refbox_trainer.data.records import Record
from refbox_trainer.data.samples import IGNORED, SampleEncoder, Tiling, supervised_text
from refbox_trainer.model.forward import all_logits, collate, token_losses
from refbox_trainer.model.spec import spec_of_config
from refbox_trainer.model.template import Turn
from refbox_trainer.model.tokens import resolve_token_ids
from tests.tiny import tiny_config, tiny_model, tiny_tokenizer

_QUESTION = "Please provide the bounding box coordinate of the region this sentence describes: <ref>{}</ref>"


def _encoder(max_length: int = 4096, max_tiles: int = 6, **changes: Any) -> tuple[SampleEncoder, Any]:
    tokenizer = tiny_tokenizer()
    vocabulary = tokenizer.get_vocab()
    config = tiny_config(len(tokenizer), vocabulary["<|endoftext|>"], vocabulary["<|im_end|>"], **changes)
    spec = spec_of_config(config)
    tiling = Tiling(min_dynamic_patch=1, max_dynamic_patch=max_tiles, use_thumbnail=True)
    return SampleEncoder(tokenizer, spec, resolve_token_ids(tokenizer, "<|im_end|>"), tiling, max_length), tokenizer


def _encoder_448(**options: Any) -> tuple[SampleEncoder, Any]:
    vision = {**tiny_config(500, 1, 2)["vision_config"], "image_size": 448}
    return _encoder(force_image_size=448, vision_config=vision, **options)


def _record(folder: Path, *turns: Turn, sizes: tuple[tuple[int, int], ...] = ((427, 640),), **changes: Any) -> Record:
    paths = []
    for number, size in enumerate(sizes):
        path = folder / f"{number}.png"
        Image.new("RGB", size, (90, 120, 150)).save(path)
        paths.append(path)
    fields: dict[str, Any] = {
        "dataset": "d",
        "index": 0,
        "images": tuple(paths),
        "image_names": tuple(path.name for path in paths),
        "turns": turns,
        "width": None,
        "height": None,
        "max_dynamic_patch": None,
        "data_augment": False,
    }
    return Record(**(fields | changes))


def test_the_golden_record(tmp_path: Path) -> None:
    encoder, tokenizer = _encoder_448()
    answer = "<ref>the lady with the blue shirt</ref><box>[[243, 469, 558, 746]]</box>"
    question = _QUESTION.format("the lady with the blue shirt")
    sample = encoder.encode(_record(tmp_path, Turn("human", f"<image>\n{question}"), Turn("gpt", answer)))
    assert sample.grids == ((2, 3),)
    assert sample.tiles == 7
    assert f"<|im_start|>user\n<img>{'<IMG_CONTEXT>' * 1792}</img>\n{question}<|im_end|>" in sample.rendered
    context = tokenizer.convert_tokens_to_ids("<IMG_CONTEXT>")
    assert int((sample.input_ids == context).sum()) == 1792
    assert supervised_text(sample, tokenizer) == f"{answer}<|im_end|>"
    plain = tokenizer.decode([i for i in sample.labels if i != IGNORED], skip_special_tokens=True)
    assert plain == "the lady with the blue shirt[[243, 469, 558, 746]]"
    assert (sample.labels[sample.labels != IGNORED] == sample.input_ids[sample.labels != IGNORED]).all()


@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_labels_cover_exactly_the_answers(tmp_path: Path, rounds: int) -> None:
    encoder, tokenizer = _encoder()
    turns = [
        turn
        for i in range(rounds)
        for turn in (Turn("human", ("<image>\n" if i == 0 else "") + f"第 {i} question!"), Turn("gpt", f"答案 {i}"))
    ]
    sample = encoder.encode(_record(tmp_path, *turns, sizes=((100, 100),)))
    assert supervised_text(sample, tokenizer) == "".join(f"答案 {i}<|im_end|>" for i in range(rounds))
    text = tokenizer.decode(sample.input_ids, skip_special_tokens=False)
    assert text == sample.rendered, "the ids are those of the whole text"


def test_an_answer_that_starts_with_a_newline_does_not_shift_the_mask(tmp_path: Path) -> None:
    encoder, tokenizer = _encoder()
    record = _record(tmp_path, Turn("human", "<image>\nq"), Turn("gpt", "\n\nred square"), sizes=((100, 100),))
    assert supervised_text(encoder.encode(record), tokenizer).endswith("red square<|im_end|>")


def test_several_images_share_the_tile_limit(tmp_path: Path) -> None:
    encoder, _ = _encoder(max_tiles=4)
    record = _record(tmp_path, Turn("human", "<image>\n<image>\nq"), Turn("gpt", "a"), sizes=((400, 200), (200, 200)))
    sample = encoder.encode(record)
    assert sample.grids == ((2, 1), (1, 1))
    assert sample.tiles == 4
    assert sample.rendered.count("<img>") == 2


def test_a_dataset_may_override_the_tile_limit(tmp_path: Path) -> None:
    encoder, _ = _encoder(max_tiles=6)
    record = _record(tmp_path, Turn("human", "<image>\nq"), Turn("gpt", "a"), max_dynamic_patch=2)
    assert encoder.encode(record).grids[0].tiles <= 2


def test_pure_text_has_no_tiles(tmp_path: Path) -> None:
    encoder, _ = _encoder()
    sample = encoder.encode(_record(tmp_path, Turn("human", "q"), Turn("gpt", "a"), sizes=()))
    assert (sample.tiles, sample.outcome) == (0, "used")
    assert "<img>" not in sample.rendered


def test_long_samples_are_cut_on_the_right_or_refused_with_a_reason(tmp_path: Path) -> None:
    turns = (Turn("human", "<image>\nq"), Turn("gpt", "red"), Turn("human", "q"), Turn("gpt", "blue " * 40))
    full = _encoder()[0].encode(_record(tmp_path, *turns, sizes=((100, 100),)))
    cut = _encoder(max_length=full.tokens - 20)[0].encode(full.record)
    assert (cut.outcome, cut.tokens) == ("truncated", full.tokens - 20)
    assert np.array_equal(cut.input_ids, full.input_ids[: cut.tokens])
    first_label = int(np.flatnonzero(full.labels != IGNORED)[0])
    no_answer = _encoder(max_length=first_label)[0].encode(full.record)
    assert no_answer.outcome == "refused"
    assert "no answer" in str(no_answer.reason)
    no_picture = _encoder(max_length=first_label - 40)[0].encode(full.record)
    assert no_picture.outcome == "refused"
    assert "picture" in str(no_picture.reason)


def test_a_picture_that_is_missing_refuses_its_sample(tmp_path: Path) -> None:
    encoder, _ = _encoder()
    record = _record(tmp_path, Turn("human", "<image>\nq"), Turn("gpt", "a"), images=(tmp_path / "gone.png",))
    sample = encoder.encode_or_refuse(record)
    assert sample.outcome == "refused"
    assert "gone.png" in str(sample.reason)


def test_padding_does_not_change_a_sample_and_exclamation_marks_are_seen() -> None:
    loaded, _ = tiny_model()
    ids = np.asarray(loaded.tokenizer("no! stop! now!")["input_ids"], dtype=np.int64)
    assert (ids == 0).any(), "in this vocabulary, as in Qwen2's, the exclamation mark is token 0, which also pads"
    longer = np.concatenate([ids, ids])
    with torch.no_grad():
        alone = all_logits(loaded.model, collate([(ids, ids)], None, None))[0]
        padded = all_logits(loaded.model, collate([(ids, ids), (longer, longer)], None, None))[0, : len(ids)]
        changed = np.where(ids == 0, 1, ids)
        other = all_logits(loaded.model, collate([(changed, changed)], None, None))[0]
    assert float((alone - padded).abs().max()) < 1e-5
    assert float((alone[-1] - other[-1]).abs().max()) > 1e-3, "what the marks are must matter to what follows"


def test_the_loss_equals_that_of_the_library() -> None:
    loaded, _ = tiny_model()
    ids = np.asarray(loaded.tokenizer("system user assistant red square")["input_ids"], dtype=np.int64)
    labels = np.where(np.arange(len(ids)) < 4, IGNORED, ids)
    batch = collate([(ids, labels)], None, None)
    with torch.no_grad():
        ours = float(token_losses(loaded.model, batch).mean())
        theirs = float(loaded.model(input_ids=batch.input_ids, labels=batch.labels).loss)
    assert ours == pytest.approx(theirs, abs=1e-6)
