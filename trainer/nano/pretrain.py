"""Pre-train RefBox-Nano from nothing: `python -m nano.pretrain --out DIR` (from the folder `trainer`).

Stages, each starting where the last one ended:

    see      tower and projector alone, dense loss only; many things a picture, because every one of them is supervised
    read     the decoder joins on one to three things while the tower rests
    ground   everything together, up to seven things, the dense loss kept on
    cool     the same with the learning rate falling to almost nothing

Same seed, same pictures, same weights up to the rounding of the machine. Stopped runs resume from `DIR/state.pt`.
Progress is written to `DIR/events.jsonl` in the trainer's own format. The finished model is `DIR/RefBox-Nano`.
"""

import argparse
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import AutoTokenizer

from .architecture import IMAGE_TOKENS, TOKENS_PER_SIDE, build_nano, nano_config, start_from_patches
from .batches import Batch, Conversations, batches, pixels_of
from .dense import CellHeads, Pointer, tokens_of_things
from .report import quick_precision
from .scenes import Plan
from .tokenizer import save_tokenizer, train_tokenizer

MUON_RATE = 2.0
"""Muon's learning rate over AdamW's: with `match_rms_adamw` a step is 0.2 of the rate, too little for matrices 192 wide."""
POINTER_LAYER = 3
"""Decoder layers run before the pointer looks; the two after it carry the box out."""
CHECKPOINT_SECONDS = 120


@dataclass(frozen=True, kw_only=True)
class Stage:
    name: str
    steps: int
    pictures: int
    """Pictures a step."""
    plan: Plan
    detections: float | None
    """Share of conversations that list everything in the picture; None = no conversations, the decoder rests."""
    tower: float
    """Learning rate of the tower as a share of the rest; 0 = frozen."""
    rate: float
    final_rate: float
    dense: float
    """Weight of the dense loss."""


STAGES = (
    Stage(name="see", steps=900, pictures=32, plan=Plan(fewest=1, most=7), detections=None, tower=1.0, rate=1.4e-3, final_rate=7e-4, dense=1.0),
    Stage(name="read", steps=500, pictures=20, plan=Plan(fewest=1, most=5), detections=0.4, tower=0.0, rate=1.4e-3, final_rate=1.4e-3, dense=0.0),
    Stage(name="ground", steps=1200, pictures=20, plan=Plan(fewest=1, most=7, diagrams=0.45), detections=0.15, tower=0.4, rate=1.2e-3, final_rate=8e-4, dense=0.15),
    Stage(name="cool", steps=400, pictures=20, plan=Plan(fewest=1, most=7, diagrams=0.5), detections=0.1, tower=0.4, rate=8e-4, final_rate=2e-5, dense=0.15),
)


class Nano(nn.Module):
    """The model with its throw-away heads."""

    def __init__(self, tokenizer: Any, seed: int) -> None:
        super().__init__()
        vocabulary = tokenizer.get_vocab()
        config = nano_config(len(tokenizer), vocabulary["<IMG_CONTEXT>"], vocabulary["<|im_end|>"], vocabulary["<|endoftext|>"])
        self.model = build_nano(config, seed)
        width = config.text_config.hidden_size
        self.patches = CellHeads(config.vision_config.hidden_size, patches=1)
        self.cells, self.pointer = CellHeads(width, patches=2), Pointer(width)
        self.image_start = Conversations(tokenizer).image_start

    def loss(self, batch: Batch, stage: Stage) -> tuple[Tensor, dict[str, float]]:
        """The weighted loss of one batch, and numbers for the log."""
        with torch.no_grad() if stage.tower == 0 else nullcontext():
            hidden = self.model.model.vision_tower(pixel_values=pixels_of(batch.tiles_BHWC)).last_hidden_state
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
        run = self.model.model.language_model(inputs_embeds=joined, use_cache=False, output_hidden_states=True)
        labelled = batch.weights_BL[:, 1:] > 0
        logits = self.model.lm_head(run.last_hidden_state[:, :-1][labelled]).float()
        truth, weights = batch.ids_BL[:, 1:][labelled], batch.weights_BL[:, 1:][labelled]
        each = F.cross_entropy(logits, truth, reduction="none")
        spoken = (each * weights).sum() / weights.sum()
        log |= {"spoken": spoken.item(), "leading": _right(logits, truth, weights, 1.5), "tens": _right(logits, truth, weights, 1.0)}
        total = total + spoken
        if len(batch.asked_Q3):
            picture, position, thing = batch.asked_Q3.unbind(1)
            middle = run.hidden_states[POINTER_LAYER]
            covered = tokens_of_things(batch.targets)[thing]
            looked, pointed = self.pointer(middle[picture, position], middle[picture, start : start + IMAGE_TOKENS], covered)
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

    Muon (Keller Jordan, 2024) reaches the same loss in clearly fewer pictures here; its step is scaled to AdamW's size, so one
    learning rate serves both. Groups are marked so that the tower can be slowed down or rested.
    """
    groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for name, parameter in nano.named_parameters():
        matrix = parameter.ndim == 2 and name.startswith("model.model.") and "embed" not in name
        groups.setdefault((matrix, "vision_tower" in name), []).append(parameter)
    matrices = [{"params": ps, "tower": tower, "scale": MUON_RATE} for (matrix, tower), ps in groups.items() if matrix]
    others = [{"params": ps, "tower": tower, "scale": 1.0} for (matrix, tower), ps in groups.items() if not matrix]
    return [
        torch.optim.Muon(matrices, lr=1e-3, weight_decay=0.02, momentum=0.95, ns_steps=3, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(others, lr=1e-3, weight_decay=0.0, betas=(0.9, 0.98), eps=1e-8),
    ]


class Run:
    """One pre-training run in its folder: where it is, what it writes."""

    def __init__(self, out: Path, seed: int, stages: tuple[Stage, ...]) -> None:
        self.out, self.seed, self.stages = out, seed, stages
        out.mkdir(parents=True, exist_ok=True)
        folder = out / "tokenizer"
        if not (folder / "tokenizer.json").exists():
            save_tokenizer(train_tokenizer(seed), folder)
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.nano = Nano(self.tokenizer, seed)
        first = batches(STAGES[0].plan, 600, detections=None, seed=(seed, 99), first=0, last=1, tokenizer=self.tokenizer)
        start_from_patches(self.nano.model, pixels_of(next(first).tiles_BHWC))
        self.optimizers = make_optimizers(self.nano)
        self.stage, self.step, self.seconds, self.sequence = 0, 0, 0.0, 0
        self.stop = False
        if (out / "state.pt").exists():
            self._resume()

    def _resume(self) -> None:
        state = torch.load(self.out / "state.pt", weights_only=True)
        self.nano.load_state_dict(state["nano"])
        for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
        self.stage, self.step, self.seconds, self.sequence = state["stage"], state["step"], state["seconds"], state["sequence"]

    def save(self) -> None:
        """State and model folder, each complete under a temporary name before it replaces the last one."""
        state = {
            "nano": self.nano.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            **{"stage": self.stage, "step": self.step, "seconds": self.seconds, "sequence": self.sequence + 1},
        }
        torch.save(state, self.out / "state.tmp")
        os.replace(self.out / "state.tmp", self.out / "state.pt")
        self.emit("checkpoint", step=self.step, path="state.pt")

    def emit(self, kind: str, **fields: object) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = json.dumps({"type": kind, "time": now, "seq": self.sequence, **fields}, ensure_ascii=False)
        self.sequence += 1
        with (self.out / "events.jsonl").open("a", encoding="utf-8") as events:
            events.write(line + "\n")
        print(line, flush=True)

    def go(self, evaluate_every: int) -> None:
        while self.stage < len(self.stages) and not self.stop:
            stage = self.stages[self.stage]
            self.emit("stage", name="train", state="begin", detail=stage.name)
            self._train(stage, evaluate_every)
            if not self.stop:
                self.emit("stage", name="train", state="end", detail=stage.name)
                self.stage, self.step = self.stage + 1, 0
            self.save()
        self.emit("done", status="stopped" if self.stop else "succeeded", step=self.step)

    def _train(self, stage: Stage, evaluate_every: int) -> None:
        drawn: Iterator[Batch] = batches(
            stage.plan, stage.pictures, detections=stage.detections, seed=(self.seed, self.stage), first=self.step, last=stage.steps, tokenizer=self.tokenizer
        )
        saved = last = time.monotonic()
        self.nano.train()
        for batch in drawn:
            rate = self._set_rates(stage)
            with torch.autocast("cpu", torch.bfloat16):
                loss, log = self.nano.loss(batch, stage)
            loss.backward()
            norm = nn.utils.clip_grad_norm_([p for p in self.nano.parameters() if p.grad is not None], 1.0).item()
            for optimizer in self.optimizers:
                optimizer.step()
                optimizer.zero_grad(set_to_none=True)
            self.step += 1
            now = time.monotonic()
            self.seconds += now - last
            speed, last = stage.pictures / (now - last), now
            if self.step % 10 == 0:
                figures = {name: round(value, 4) for name, value in log.items()}
                left = (stage.steps - self.step) * stage.pictures / speed
                self.emit("step", step=self.step, total_steps=stage.steps, stage=stage.name, loss=round(loss.item(), 4), learning_rate=rate, grad_norm=round(norm, 3), samples_per_second=round(speed, 2), seconds_left=round(left), **figures)
            if stage.detections is not None and self.step % evaluate_every == 0:
                self.emit("eval", step=self.step, stage=stage.name, **quick_precision(self.nano.model, self.tokenizer))
                self.nano.train()
                last = time.monotonic()
            if self.stop:
                return
            if now - saved > CHECKPOINT_SECONDS:
                self.save()
                saved = now

    def _set_rates(self, stage: Stage) -> float:
        """Straight line from the first to the last rate of the stage, after a short warm-up; the tower's share on top."""
        rate = stage.rate + (stage.final_rate - stage.rate) * self.step / stage.steps
        rate *= min(1.0, (self.step + 1) / 30)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate * group["scale"] * (stage.tower if group["tower"] else 1.0)
        return rate


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--out", type=Path, required=True, help="folder of the run; a stopped run in it is resumed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--evaluate-every", type=int, default=200, help="steps between quick looks at held-out scenes")
    parser.add_argument("--steps", action="append", default=[], metavar="STAGE=N", help="another length for a stage, for trials")
    arguments = parser.parse_args()
    lengths = dict(pair.split("=") for pair in arguments.steps)
    unknown = set(lengths) - {stage.name for stage in STAGES}
    if unknown:
        parser.error(f"no stage called {', '.join(sorted(unknown))}; there are {', '.join(stage.name for stage in STAGES)}")
    torch.set_num_threads(arguments.threads)
    run = Run(arguments.out, arguments.seed, tuple(replace(s, steps=int(lengths.get(s.name, s.steps))) for s in STAGES))
    signal.signal(signal.SIGTERM, lambda *_: setattr(run, "stop", True))
    run.go(arguments.evaluate_every)


if __name__ == "__main__":
    main()
