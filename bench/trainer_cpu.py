"""Training on a CPU against a plain Hugging Face Trainer: same data, model, batch, order, threads and loss.

trainer/.venv/bin/python bench/trainer_cpu.py [--samples 32] [--epochs 3] [--rounds 2]

The bundled base is trained with LoRA on the language model, and fully with its vision part. The plain Trainer gets
the same samples in every optimizer step, tokenized before, with its usual padded micro-batches of samples as they
come; it decodes and cuts each picture when it is needed, as the original's dataset does. That both learn the same is
shown by the largest gap of their losses. On a machine that does other things too, believe the processor time.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import time
from pathlib import Path
from typing import Any, Literal, NamedTuple

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import psutil
import torch

from support.trainer import NANO, draw_records, hardware, print_table

# isort: split
from transformers import PrinterCallback, Trainer, TrainerCallback, TrainingArguments, logging

from refbox_trainer.checks.problems import Problems
from refbox_trainer.checks.run_check import Checked, check_run
from refbox_trainer.data.batches import Order
from refbox_trainer.data.pixels import PixelStore
from refbox_trainer.data.samples import IGNORED, Sample
from refbox_trainer.data.tiling import normalise
from refbox_trainer.model.load import load_model
from refbox_trainer.training.adapter import prepare
from refbox_trainer.training.run import run_training

Clock = Literal["wall", "processor"]

BATCH, MICRO_BATCH = 8, 4


class Instant(NamedTuple):
    """Seconds on the wall, and of processors: this process and its children."""

    wall: float
    processor: float


class Measured(NamedTuple):
    """When each step ended, and its loss."""

    ends: list[Instant]
    losses: list[float]

    def rate(self, work: list[int], first: int, last: int, clock: Clock) -> float:
        """Work of steps `first` to `last` (exclusive, `first` from 1) a second."""
        spent = getattr(self.ends[last - 1], clock) - getattr(self.ends[first - 1], clock)
        return sum(work[first:last]) / spent


def now() -> Instant:
    children = (child.cpu_times() for child in psutil.Process().children(recursive=True))
    return Instant(time.perf_counter(), time.process_time() + sum(times.user + times.system for times in children))


def run_json(folder: Path, meta: Path, epochs: int, method: str, *, packing: bool, workers: int) -> Path:
    everything = method == "full"
    config = {
        "run_id": "bench",
        "model": {"path": str(NANO)},
        "data": {"train_meta": str(meta)},
        # Dropout draws other numbers in every micro-batch, so that losses could not be compared.
        "method": {"kind": "full"} if everything else {"kind": "lora", "rank": 16, "dropout": 0.0},
        "freeze": {"vision": not everything, "projector": not everything, "language": False},
        "sequence": {"max_length": 4096, "max_dynamic_patch": 6, "packing": packing, "max_packed_tokens": 2048},
        "train": {
            "epochs": epochs,
            "batch_size": BATCH,
            "micro_batch_size": MICRO_BATCH,
            "learning_rate": 1e-4,
            "warmup_ratio": 0.0,
            "schedule": "constant",
            "precision": "float32",
            "gradient_checkpointing": False,
            "loader_workers": workers,
        },
        "checkpoint": {"every_steps": 100000},
        "device": "cpu",
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "run.json"
    path.write_text(json.dumps(config))
    return path


def ours(path: Path) -> Measured:
    ends: list[Instant] = []
    losses: list[float] = []

    def emit(type: str, /, **fields: Any) -> None:
        if type == "step":
            ends.append(now())
            losses.append(fields["loss"])

    with tempfile.TemporaryDirectory() as out:
        run_training(path, Path(out) / "run", resume=False, emit=emit, should_stop=lambda: False)
    return Measured(ends, losses)


class PlainData(torch.utils.data.Dataset[dict[str, Any]]):
    """Samples in the order of training; pictures are decoded and cut on each access."""

    def __init__(self, samples: list[Sample], positions: list[int], tile_size: int) -> None:
        self._samples = samples
        self._positions = positions
        self._pixels = PixelStore(tile_size, use_thumbnail=True, limit_bytes=0)

    def __len__(self) -> int:
        return len(self._positions)

    def __getitem__(self, index: int) -> dict[str, Any]:
        sample = self._samples[self._positions[index]]
        tiles = [self._pixels.tiles(path, grid) for path, grid in zip(sample.record.images, sample.grids, strict=True)]
        return {
            "input_ids": torch.from_numpy(sample.input_ids),
            "labels": torch.from_numpy(sample.labels),
            "pixel_values": normalise(np.concatenate(tiles)),
        }


def plain_collator(items: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
    pad = torch.nn.utils.rnn.pad_sequence
    lengths = torch.tensor([len(item["input_ids"]) for item in items])
    ids = pad([item["input_ids"] for item in items], batch_first=True)
    return {
        "input_ids": ids,
        "labels": pad([item["labels"] for item in items], batch_first=True, padding_value=IGNORED),
        "attention_mask": (torch.arange(ids.shape[1]) < lengths[:, None]).long(),
        "pixel_values": torch.cat([item["pixel_values"] for item in items]),
    }


class InOrder(Trainer):
    def _get_train_sampler(self, train_dataset: Any = None) -> Any:
        return torch.utils.data.SequentialSampler(self.train_dataset)  # pyright: ignore[reportArgumentType]


class Watch(TrainerCallback):
    def __init__(self) -> None:
        self.ends: list[Instant] = []
        self.losses: list[float] = []

    def on_step_end(self, *_: Any, **__: Any) -> None:
        self.ends.append(now())

    def on_log(self, *_: Any, logs: dict[str, float] | None = None, **__: Any) -> None:
        if logs and "loss" in logs:
            self.losses.append(logs["loss"])


def plain(checked: Checked, order: Order, steps: int, workers: int) -> Measured:
    config = checked.config
    loaded = load_model(checked.base)
    trainable = prepare(loaded.model, loaded.spec.family, config.method, config.freeze, seed=config.train.seed)
    positions: list[int] = []
    for step in range(steps):
        chosen = [position for group in order.micro_batches(step) for position in group]
        # Length grouping within the step is our own doing.
        random.Random(step).shuffle(chosen)
        positions += chosen
    watch = Watch()
    with tempfile.TemporaryDirectory() as out:
        arguments = TrainingArguments(
            output_dir=out,
            per_device_train_batch_size=MICRO_BATCH,
            gradient_accumulation_steps=BATCH // MICRO_BATCH,
            max_steps=steps,
            learning_rate=config.train.learning_rate,
            weight_decay=config.train.weight_decay,
            lr_scheduler_type="constant",
            logging_steps=1,
            save_strategy="no",
            report_to=[],
            use_cpu=True,
            dataloader_num_workers=workers,
            remove_unused_columns=False,
            disable_tqdm=True,
            log_level="error",
        )
        data = PlainData(checked.train, positions, loaded.spec.image_size)
        model = trainable.peft or trainable.model
        trainer = InOrder(model, arguments, data_collator=plain_collator, train_dataset=data, callbacks=[watch])
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    return Measured(watch.ends, watch.losses)


def compare(method: str, meta: Path, folder: Path, options: argparse.Namespace) -> None:
    def path(name: str, *, packing: bool = False) -> Path:
        where = folder / method / name
        return run_json(where, meta, options.epochs, method, packing=packing, workers=options.workers)

    problems = Problems()
    checked = check_run(path("checked"), problems)
    assert checked is not None, problems.errors
    order = Order(checked.train, batch_size=BATCH, micro_batch_size=MICRO_BATCH, seed=checked.config.train.seed)
    every = order.steps_per_epoch
    steps = options.epochs * every
    groups = [[position for group in order.micro_batches(step) for position in group] for step in range(steps)]
    samples = [len(group) for group in groups]
    tokens = [sum(checked.train[position].tokens for position in group) for group in groups]
    runs: dict[str, list[Measured]] = {"plain": [], "padded": [], "packed": []}
    for _ in range(options.rounds):
        runs["plain"].append(plain(checked, order, steps, options.workers))
        runs["padded"].append(ours(path("padded")))
        runs["packed"].append(ours(path("packed", packing=True)))
    gap = max(abs(a - b) for a, b in zip(runs["plain"][0].losses, runs["padded"][0].losses, strict=True))
    packed_gap = max(abs(a - b) for a, b in zip(runs["packed"][0].losses, runs["padded"][0].losses, strict=True))

    def rates(work: list[int], first: int, last: int, clock: Clock) -> dict[str, float]:
        return {name: max(run.rate(work, first, last, clock) for run in those) for name, those in runs.items()}

    print(f"\n== {method}: {len(checked.train)} samples, {sum(tokens) // sum(samples)} tokens each, {steps} steps ==")
    print(f"largest gap of losses: {gap:.1e} to the plain Trainer, {packed_gap:.1e} between padded and packed")
    periods = (("first epoch", 1, every), ("later epochs", every, steps), ("all epochs", 1, steps))
    clocks: list[tuple[Clock, str]] = [("wall", "samples"), ("processor", "samples per processor")]
    for clock, unit in clocks:
        for period, first, last in periods:
            found = rates(samples, first, last, clock)
            own = [("this trainer, padded micro-batches", found["padded"]), ("this trainer, packed", found["packed"])]
            print_table(f"{period}, {clock} time", unit, ("plain Hugging Face Trainer", found["plain"]), own)
    found = rates(tokens, 1, steps, "processor")
    others = [("this trainer, packed", found["packed"]), ("plain Hugging Face Trainer", found["plain"])]
    padded = ("this trainer, padded micro-batches", found["padded"])
    print_table("real tokens, all epochs, processor time", "tokens per processor", padded, others)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=32)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=2, help="the best of this many runs counts")
    parser.add_argument("--workers", type=int, default=2, help="threads here, processes there")
    parser.add_argument("--method", choices=["lora", "full"], action="append")
    options = parser.parse_args()
    logging.set_verbosity_error()
    print(f"Training the bundled base on a CPU\n{hardware()}")
    with tempfile.TemporaryDirectory() as folder:
        meta = draw_records(Path(folder) / "data", options.samples)
        for method in options.method or ["lora", "full"]:
            compare(method, meta, Path(folder), options)


if __name__ == "__main__":
    main()
