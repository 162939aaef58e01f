"""The model while it learns: with throw-away heads, one loss for all of them, and its optimizers."""

from contextlib import nullcontext
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from torch import Tensor, nn

from .architecture import IMAGE_TOKENS, TOKENS_PER_SIDE, build_nano, nano_config
from .batches import Batch, Conversations, pixels_of
from .dense import CellHeads, Pointer, tokens_of_things
from .stages import Stage

MUON_RATE = 2.0
"""Muon's learning rate over AdamW's: with `match_rms_adamw` a step is 0.2 of the rate, too little for matrices 192
wide."""
POINTER_LAYER = 3
"""Decoder layers run before the pointer looks; the two after it carry the box out."""


class Nano(nn.Module):
    """The model with its throw-away heads."""

    def __init__(self, tokenizer: Any, seed: int, *, compiled: bool = False) -> None:
        """`compiled` makes the decoder 1.6 times as fast on a CPU; it needs a C++ compiler."""
        super().__init__()
        vocabulary = tokenizer.get_vocab()
        config = nano_config(
            len(tokenizer), vocabulary["<IMG_CONTEXT>"], vocabulary["<|im_end|>"], vocabulary["<|endoftext|>"]
        )
        self.model = build_nano(config, seed)
        width = config.text_config.hidden_size
        self.patches = CellHeads(config.vision_config.hidden_size, patches=1)
        self.cells, self.pointer = CellHeads(width, patches=2), Pointer(width)
        self.image_start = Conversations(tokenizer).image_start
        decode = self.model.model.language_model.forward
        self._decode = torch.compile(decode, dynamic=True) if compiled else decode

    def loss(self, batch: Batch, stage: Stage) -> tuple[Tensor, dict[str, float]]:
        """The weighted loss of one batch, and numbers for the log."""
        device = next(self.parameters()).device
        batch = batch.to(device)
        pixels = pixels_of(batch.tiles_BHWC).to(device)
        with torch.no_grad() if stage.tower == 0 else nullcontext():
            hidden = self.model.model.vision_tower(pixel_values=pixels).last_hidden_state
        with torch.no_grad() if stage.decoder == 0 else nullcontext():
            seen = self._project(hidden)
        total, log = seen.new_zeros((), dtype=torch.float32), {}
        if stage.dense:
            near, _ = self.patches(hidden[:, 1:], batch.targets)
            dense, log = self.cells(seen, batch.targets)
            log |= {"patches": near.item(), "dense": dense.item()}
            total = total + stage.dense * (near + dense)
        if batch.ids_BL is None or batch.weights_BL is None or batch.asked_Q3 is None:
            return total, log
        words = self.model.model.language_model.embed_tokens(batch.ids_BL)
        start = self.image_start
        joined = torch.cat([words[:, :start], seen.to(words.dtype), words[:, start + IMAGE_TOKENS :]], dim=1)
        run = self._decode(inputs_embeds=joined, use_cache=False, output_hidden_states=True)
        labelled = batch.weights_BL[:, 1:] > 0
        logits = self.model.lm_head(run.last_hidden_state[:, :-1][labelled]).float()
        truth, weights = batch.ids_BL[:, 1:][labelled], batch.weights_BL[:, 1:][labelled]
        each = F.cross_entropy(logits, truth, reduction="none")
        spoken = (each * weights).sum() / weights.sum()
        log |= {
            "spoken": spoken.item(),
            "leading": _right(logits, truth, weights, 1.5),
            "tens": _right(logits, truth, weights, 1.0),
        }
        total = total + spoken
        if len(batch.asked_Q3):
            picture, position, thing = batch.asked_Q3.unbind(1)
            middle = run.hidden_states[POINTER_LAYER]
            covered = tokens_of_things(batch.targets)[thing]
            looked, pointed = self.pointer(
                middle[picture, position], middle[picture, start : start + IMAGE_TOKENS], covered
            )
            total, log = total + 0.3 * looked, log | pointed
        return total, log

    def _project(self, hidden: Tensor) -> Tensor:
        """Tower output with its class token to visual tokens [B, 36, D], exactly as `get_image_features` does."""
        inner = self.model.model
        grid = hidden[:, 1:].reshape(len(hidden), 2 * TOKENS_PER_SIDE, 2 * TOKENS_PER_SIDE, -1)
        shuffled = inner.pixel_shuffle(grid, scale_factor=inner.config.downsample_ratio)
        return inner.multi_modal_projector(shuffled.reshape(len(hidden), IMAGE_TOKENS, -1))


def _right(logits: Tensor, truth: Tensor, weights: Tensor, weight: float) -> float:
    """Share of labels of one weight that are predicted rightly."""
    chosen = weights == weight
    return (logits[chosen].argmax(-1) == truth[chosen]).float().mean().item() if chosen.any() else 0.0


def make_optimizers(nano: Nano) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside tower, projector and decoder, AdamW for everything else.

    Muon (Keller Jordan, 2024) reaches the same loss in clearly fewer pictures here; its step is scaled to AdamW's
    size, so one learning rate serves both. Groups are marked so that the tower can be slowed down or rested.
    """
    groups: dict[tuple[bool, str], list[nn.Parameter]] = {}
    for name, parameter in nano.named_parameters():
        matrix = parameter.ndim == 2 and name.startswith("model.model.") and "embed" not in name
        part = "heads" if not name.startswith("model.") else "tower" if "vision_tower" in name else "decoder"
        groups.setdefault((matrix, part), []).append(parameter)
    matrices = [{"params": ps, "part": part, "scale": MUON_RATE} for (matrix, part), ps in groups.items() if matrix]
    others = [{"params": ps, "part": part, "scale": 1.0} for (matrix, part), ps in groups.items() if not matrix]
    return [
        torch.optim.Muon(
            matrices, lr=1e-3, weight_decay=0.02, momentum=0.95, ns_steps=3, adjust_lr_fn="match_rms_adamw"
        ),
        torch.optim.AdamW(others, lr=1e-3, weight_decay=0.0, betas=(0.9, 0.98), eps=1e-8),
    ]
