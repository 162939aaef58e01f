"""Killing a run at random moments and looking at what is left; for the tests and for bench/trainer_kill.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from refbox_trainer.training.checkpoint import newest_intact
from tests.processes import events_of, losses_of
from tests.tiny_data import run_config

STEPS = 12


def busy_config(base: Path, train_meta: Path, eval_meta: Path) -> dict[str, Any]:
    """A run that does everything there is to interrupt: packing, threads, a checkpoint after every step, evaluations,
    keeping the best, artefacts."""
    return run_config(
        base,
        train_meta,
        eval_meta,
        train={"max_steps": STEPS, "loader_workers": 2},
        sequence={"packing": True, "max_packed_tokens": 1400},
        checkpoint={"every_steps": 1, "keep": 2, "keep_best": True},
        evaluate={"every_steps": 3, "max_samples": 2, "max_new_tokens": 4, "examples": 1},
        artefacts=["adapter", "merged"],
    )


def surviving_step(folder: Path) -> int:
    """The step that a resume begins with. Nothing that was reported as saved may be lost or damaged."""
    saved = [event["step"] for event in events_of(folder) if event["type"] == "checkpoint"]
    newest, damaged = newest_intact(folder)
    assert damaged == [], f"damaged checkpoints: {damaged}"
    step = 0 if newest is None else int(newest.name.removeprefix("step-"))
    assert step >= max(saved, default=0), f"step {max(saved)} was saved, and {step} is left"
    return step


def check_outcome(folder: Path, whole: dict[int, tuple[float, float]]) -> None:
    """A run that was killed again and again ends like one that never was: same losses, whole artefacts."""
    events = events_of(folder)
    assert events[-1]["type"] == "done" and events[-1]["status"] == "succeeded"
    assert losses_of(events) == whole
    for event in events:
        if event["type"] == "step":
            # Steps that were made twice were made the same way.
            assert (event["loss"], event["grad_norm"]) == whole[event["step"]]
    made = [event for event in events if event["type"] == "artefact"]
    assert {event["name"] for event in made} == {"adapter", "merged"}
    for event in made:
        for entry in event["files"]:
            assert (folder / event["path"] / entry["file"]).stat().st_size == entry["bytes"]
    leftovers = [path.name for path in (*(folder / "checkpoints").iterdir(), *(folder / "artefacts").iterdir())]
    assert not [name for name in leftovers if name.startswith(".")]
