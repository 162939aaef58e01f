"""The loss of a step: which tokens count, how much, and that it does not depend on how samples are spread."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.nn import functional

from refbox_trainer.data.samples import IGNORED
from refbox_trainer.data.weighting import LossWeighting, sample_weight, token_weight
from refbox_trainer.model.forward import collate, head_losses, token_losses, weighted_loss
from refbox_trainer.model.load import LoadedModel
from tests.tiny import tiny_model


@pytest.fixture(scope="module")
def loaded() -> LoadedModel:
    return tiny_model()[0]


def _sequence(length: int, supervised: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Random ids; the last `supervised` of them carry labels."""
    ids = np.random.default_rng(seed).integers(1, 300, length)
    labels = ids.copy()
    labels[: length - supervised] = IGNORED
    return ids, labels


_SEQUENCES = [_sequence(20, 4, 1), _sequence(33, 16, 2), _sequence(12, 1, 3), _sequence(27, 9, 4)]


@pytest.mark.parametrize(
    ("weighting", "token", "sample"), [("token", 1.0, 9.0), ("sample", 1 / 9, 1.0), ("square", 1 / 3, 3.0)]
)
def test_weights_of_a_sample_with_nine_supervised_tokens(weighting: LossWeighting, token: float, sample: float) -> None:
    assert token_weight(weighting, 9) == pytest.approx(token)
    assert sample_weight(weighting, 9) == pytest.approx(sample)
    assert sample_weight(weighting, 0) == 0


@pytest.mark.parametrize("weighting", ["token", "sample", "square"])
def test_the_loss_of_a_step_is_the_weighted_mean_however_its_samples_are_spread(
    loaded: LoadedModel, weighting: LossWeighting
) -> None:
    numerator = denominator = 0.0
    for ids, labels in _SEQUENCES:
        # The reference: the library's own logits, one sample at a time, and the formula written out.
        with torch.no_grad():
            logits = loaded.model(input_ids=torch.from_numpy(ids)[None]).logits[0].double()
        count = int((labels != IGNORED).sum())
        weight = {"token": 1.0, "sample": 1 / count, "square": 1 / math.sqrt(count)}[weighting]
        for place in range(1, len(ids)):
            if labels[place] != IGNORED:
                numerator -= weight * float(logits[place - 1].log_softmax(-1)[labels[place]])
                denominator += weight
    for size in (1, 3, 4):
        total = weight = 0.0
        for start in range(0, 4, size):
            batch = collate(_SEQUENCES[start : start + size], None, None, weighting=weighting)
            with torch.no_grad():
                total += float(weighted_loss(loaded.model, batch))
            weight += batch.weight
        assert total / weight == pytest.approx(numerator / denominator, abs=1e-5)


def test_logits_in_pieces_give_the_losses_and_gradients_of_plain_cross_entropy() -> None:
    torch.manual_seed(0)
    head = torch.nn.Linear(16, 50, bias=False)
    hidden = torch.randn(23, 16, requires_grad=True)
    targets = torch.randint(0, 50, (23,))
    weights = torch.rand(23)
    plain = functional.cross_entropy(head(hidden), targets, reduction="none")
    expected = torch.autograd.grad((plain * weights).sum(), [hidden, head.weight])
    pieces = head_losses(head, hidden, targets, logit_bytes=5 * 50 * 4)
    assert torch.allclose(pieces, plain, rtol=0, atol=1e-6)
    found = torch.autograd.grad((pieces * weights).sum(), [hidden, head.weight])
    for mine, theirs in zip(found, expected, strict=True):
        assert torch.allclose(mine, theirs, rtol=0, atol=1e-6)


def test_no_more_logits_than_allowed_are_kept() -> None:
    sizes: list[int] = []

    class Head(torch.nn.Linear):
        def forward(self, input: torch.Tensor) -> torch.Tensor:
            logits = super().forward(input)
            sizes.append(logits.numel() * 4)
            return logits

    head = Head(8, 100, bias=False)
    kept: list[int] = []

    def pack(tensor: torch.Tensor) -> torch.Tensor:
        kept.append(tensor.numel() * 4)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        head_losses(head, torch.randn(64, 8, requires_grad=True), torch.zeros(64, dtype=torch.int64), logit_bytes=4000)
    assert max(sizes) <= 4000
    assert max(kept, default=0) < 64 * 100 * 4, "the logits of all rows are never kept for the backward pass"


def test_only_supervised_positions_pass_through_the_head(loaded: LoadedModel) -> None:
    rows: list[int] = []
    handle = loaded.model.lm_head.register_forward_hook(lambda module, args, output: rows.append(len(args[0])))
    try:
        losses = token_losses(loaded.model, collate(_SEQUENCES, None, None))
    finally:
        handle.remove()
    assert rows == [4 + 16 + 1 + 9]
    assert len(losses) == 30
