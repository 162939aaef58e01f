"""What `check` looks at beyond a run's own start: whether the weights fit the config, and the run the device."""

from __future__ import annotations

import json
from pathlib import Path

from refbox_trainer.checks.estimate import Assumed, figures_of, fits
from refbox_trainer.checks.problems import Problems
from refbox_trainer.checks.run_check import Checked
from refbox_trainer.data.mix import distinct, evenly
from refbox_trainer.data.samples import supervised_text
from refbox_trainer.errors import TrainerError
from refbox_trainer.model.load import open_checkpoint
from refbox_trainer.model.spec import read_spec
from refbox_trainer.model.tokenizer_reader import load_tokenizer


def check_weights(base: Path, problems: Problems) -> None:
    """Every tensor that the config asks for is there, in its shape, and no other; no weight is read."""
    try:
        open_checkpoint(base)
    except TrainerError as error:
        problems.failure(error, "model.path")


def check_memory(checked: Checked, problems: Problems) -> None:
    """Compare what the run will need with the device it will run on."""
    if all(sample.outcome == "refused" for sample in checked.train):
        return
    try:
        figures = figures_of(checked, Assumed())
    except TrainerError as error:
        problems.failure(error, "device")
        return
    total, place = figures.budget.total, figures.place
    largest = max(figures.budget.parts, key=lambda part: part.bytes)
    words = f"{total / 2**30:.1f} GiB per process of the {place.bytes / 2**30:.1f} GiB of {place.name}"
    if fits(total, place, checked.config):
        problems.info("memory", f"This run needs about {words}.")
        return
    problems.warning(
        "little_memory",
        f"This run needs about {words}; most of it is {largest.name}.",
        "train.micro_batch_size",
        "Lower micro_batch_size or max_dynamic_patch, switch on gradient_checkpointing, or spread the model (fsdp).",
    )


def show_samples(checked: Checked, count: int, problems: Problems) -> None:
    """What `count` samples, spread over the training set, teach: their supervised text, and how much of them it is."""
    tokenizer = load_tokenizer(checked.base, read_spec(checked.base))
    usable = [sample for sample in distinct(checked.train) if sample.outcome != "refused"]
    for sample in evenly(usable, count):
        text = supervised_text(sample, tokenizer)
        words = f"{sample.supervised} of {sample.tokens} tokens are supervised: {json.dumps(text, ensure_ascii=False)}"
        problems.info("supervised", words, f"{sample.record.dataset}:{sample.record.index + 1}")


def look_deeper(checked: Checked, problems: Problems, *, show: int) -> None:
    """All of the above, for a run without errors so far; `show` samples are shown."""
    check_weights(checked.base, problems)
    if not problems.errors:
        check_memory(checked, problems)
        show_samples(checked, show, problems)
