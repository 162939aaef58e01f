"""Packing, for the checkpoints of every size: loss and gradients are those of the samples alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from refbox_trainer.data.samples import IGNORED
from refbox_trainer.model.forward import Batch, collate, weighted_loss
from refbox_trainer.model.load import LoadedModel, load_model
from refbox_trainer.model.packed_attention import separate_samples

_TEXTS = ("the red square", "Please detect all objects! 请标注", "a")


def _samples(loaded: LoadedModel) -> list[tuple[np.ndarray, np.ndarray]]:
    """The second text has a picture of one tile before it."""
    result = []
    for number, text in enumerate(_TEXTS):
        ids = np.asarray(loaded.tokenizer(text * 4)["input_ids"], dtype=np.int64)
        if number == 1:
            ids = np.concatenate([np.full(loaded.spec.num_image_token, loaded.tokens.image_context), ids])
        result.append((ids, np.where(np.arange(len(ids)) >= len(ids) - 3, ids, IGNORED)))
    return result


def _gradients(loaded: LoadedModel, batches: list[Batch]) -> tuple[float, dict[str, torch.Tensor]]:
    model: Any = loaded.model
    model.zero_grad(set_to_none=True)
    planned = sum(batch.weight for batch in batches)
    total = 0.0
    for batch in batches:
        loss = weighted_loss(model, batch) / planned
        loss.backward()
        total += float(loss.detach())
    return total, {name: value.grad.clone() for name, value in model.named_parameters() if value.grad is not None}


def test_packed_samples_have_the_loss_and_gradients_of_samples_alone(checkpoint: Path) -> None:
    loaded = load_model(checkpoint)
    side = loaded.spec.image_size
    pixels = torch.randn((1, 3, side, side), generator=torch.Generator().manual_seed(0))
    samples = _samples(loaded)
    alone = [
        collate([sample], pixels if number == 1 else None, None, weighting="sample")
        for number, sample in enumerate(samples)
    ]
    expected_loss, expected = _gradients(loaded, alone)
    separate_samples(loaded.model)
    loss, gradients = _gradients(loaded, [collate(samples, pixels, None, weighting="sample", packed=True)])
    assert loss == pytest.approx(expected_loss, abs=1e-5)
    assert gradients.keys() == expected.keys()
    for name, gradient in gradients.items():
        gap = float((gradient - expected[name]).abs().max())
        assert gap <= 2e-5 * max(1.0, float(expected[name].abs().max())), f"{name}: {gap}"
