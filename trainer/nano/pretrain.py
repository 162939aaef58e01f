"""Pre-train RefBox-Nano from nothing: `python -m nano.pretrain --out DIR` (from the folder `trainer`).

Stages, each starting where the last one ended:

    see      tower and projector alone, dense loss only; many things a picture, because every one of them is supervised
    one      the decoder joins on single things while the tower rests: answer form, digits, reading a box out of tokens
    few      one to four things: matching a phrase to the right tokens
    ground   up to seven things and diagrams
    cool     everything together, with the learning rate falling
    trace    tower and projector alone once more, now with links between blocks in ranks
    link     the decoder learns to speak of links, and hears more often of what is not there
    settle   everything together, with the learning rate falling to almost nothing
    heads    the throw-away heads alone, for runs that begin here with published weights
    inspect  tower and projector alone, from here on with charts of the studio's builder among the scenes
    chart    the decoder learns to speak of charts, still by shapes and links alone
    finish   everything together
    point    the decoder again, asked mostly for links
    balance  scenes and charts in equal parts, with the learning rate falling to almost nothing

Same seed, same pictures, same weights up to the rounding of the machine. Stopped runs resume from `DIR/state.pt`.
Progress is written to `DIR/events.jsonl` in the trainer's own format. `python -m nano.publish` makes a
checkpoint folder of it, at any time.
"""

import argparse
import json
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import torch
from torch import nn
from transformers import AutoTokenizer

from refbox_trainer.model.load import load_model
from refbox_trainer.model.tokenizer_files import write_tokenizer

from .apprentice import Nano, make_optimizers
from .architecture import start_from_patches
from .batches import Batch, Pictures, batches, pixels_of
from .charts import Charts, open_charts
from .report import quick_precision
from .stages import STAGES, Stage, stage_named
from .tokenizer import make_tokenizer

CHECKPOINT_SECONDS = 120


class Run:
    """One pre-training run in its folder: where it is, what it writes."""

    def __init__(
        self,
        out: Path,
        seed: int,
        stages: tuple[Stage, ...],
        *,
        charts: Charts | None = None,
        weights: Path | None = None,
        device: str = "cpu",
        compiled: bool,
    ) -> None:
        """`weights` is a published folder to go on from, with its tokenizer and with new heads."""
        self.out, self.seed, self.stages, self.charts = out, seed, stages, charts
        out.mkdir(parents=True, exist_ok=True)
        folder = out / "tokenizer"
        if not (folder / "tokenizer.json").exists():
            folder.mkdir()
            write_tokenizer(AutoTokenizer.from_pretrained(weights) if weights else make_tokenizer(seed), folder)
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.nano = Nano(self.tokenizer, seed, compiled=compiled)
        if weights:
            self.nano.model.load_state_dict(load_model(weights).model.state_dict())
        else:
            self._start_seeing()
        self.nano.to(device)
        self.optimizers = make_optimizers(self.nano)
        self.stage, self.step, self.seconds, self.sequence = 0, 0, 0.0, 0
        self.stop = False
        if (out / "state.pt").exists():
            self._resume()

    def _start_seeing(self) -> None:
        pictures = Pictures(count=600, plan=STAGES[0].plan)
        first = batches(pictures, talk=None, seed=(self.seed, 99), first=0, last=1, tokenizer=self.tokenizer)
        start_from_patches(self.nano.model, pixels_of(next(first).tiles_BHWC))

    def _pictures(self, stage: Stage) -> Pictures:
        return Pictures(count=stage.pictures, plan=stage.plan, charts=self.charts, chart_share=stage.charts)

    def _resume(self) -> None:
        state = torch.load(self.out / "state.pt", map_location="cpu", weights_only=True)
        self.nano.load_state_dict(state["nano"])
        for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
        self.stage, self.step, self.seconds, self.sequence = (
            state["stage"],
            state["step"],
            state["seconds"],
            state["sequence"],
        )

    def save(self) -> None:
        """State and model folder, each complete under a temporary name before it replaces the last one."""
        state = {
            "nano": self.nano.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            **{"stage": self.stage, "step": self.step, "seconds": self.seconds, "sequence": self.sequence + 1},
        }
        torch.save(state, self.out / "state.tmp")
        (self.out / "state.tmp").replace(self.out / "state.pt")
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
            self._pictures(stage),
            talk=stage.talk,
            seed=(self.seed, STAGES.index(stage_named(stage.name))),
            first=self.step,
            last=stage.steps,
            tokenizer=self.tokenizer,
        )
        saved = last = time.monotonic()
        self.nano.train()
        for batch in drawn:
            rate = self._set_rates(stage)
            with torch.autocast(self.nano.model.device.type, torch.bfloat16):
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
                self.emit(
                    "step",
                    step=self.step,
                    total_steps=stage.steps,
                    stage=stage.name,
                    loss=round(loss.item(), 4),
                    learning_rate=rate,
                    grad_norm=round(norm, 3),
                    samples_per_second=round(speed, 2),
                    seconds_left=round(left),
                    **figures,
                )
            if stage.talk is not None and self.step % evaluate_every == 0:
                figures = quick_precision(self.nano.model, self.tokenizer, self.charts if stage.charts else None)
                self.emit("eval", step=self.step, stage=stage.name, **figures)
                self.nano.train()
                last = time.monotonic()
            if self.stop:
                return
            if now - saved > CHECKPOINT_SECONDS:
                self.save()
                saved = now

    def _set_rates(self, stage: Stage) -> float:
        """Straight line from the stage's first to its last rate, after a short warm-up; the tower's share on top."""
        rate = stage.rate + (stage.final_rate - stage.rate) * self.step / stage.steps
        rate *= min(1.0, (self.step + 1) / 30)
        shares = {"tower": stage.tower, "decoder": stage.decoder, "heads": 1.0}
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate * group["scale"] * shares[group["part"]]
        return rate


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--out", type=Path, required=True, help="folder of the run; a stopped run in it is resumed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--evaluate-every", type=int, default=200, help="steps between quick looks at held-out scenes")
    parser.add_argument(
        "--steps", action="append", default=[], metavar="STAGE=N", help="another length for a stage, for trials"
    )
    parser.add_argument("--charts", type=Path, metavar="DIR", help="charts that were drawn and shrunk (nano.charts)")
    parser.add_argument("--from", dest="weights", type=Path, metavar="MODEL", help="published weights to go on from")
    parser.add_argument("--begin", metavar="STAGE", default=STAGES[0].name, help="first stage, with --from")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--compile", action="store_true", help="compile the decoder: faster; needs a C++ compiler")
    arguments = parser.parse_args()
    lengths = dict(pair.split("=") for pair in arguments.steps)
    names = [stage.name for stage in STAGES]
    unknown = {*lengths, arguments.begin} - {*names}
    if unknown:
        parser.error(f"no stage called {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    if arguments.begin != names[0] and arguments.weights is None:
        parser.error(f"--begin {arguments.begin} needs --from MODEL: earlier stages made what it stands on")
    if arguments.charts is None:
        parser.error("some stages show charts: draw and shrink them as nano/README.md says, then give --charts DIR")
    torch.set_num_threads(arguments.threads)
    stages = tuple(
        replace(stage, steps=int(lengths.get(stage.name, stage.steps)))
        for stage in STAGES[names.index(arguments.begin) :]
    )
    run = Run(
        arguments.out,
        arguments.seed,
        stages,
        charts=open_charts(arguments.charts),
        weights=arguments.weights,
        device=arguments.device,
        compiled=arguments.compile,
    )
    signal.signal(signal.SIGTERM, lambda *_: setattr(run, "stop", True))
    run.go(arguments.evaluate_every)


if __name__ == "__main__":
    main()
