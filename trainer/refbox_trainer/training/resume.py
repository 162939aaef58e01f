"""Going on from a checkpoint, and refusing to when the run is not the same any more."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from refbox_trainer.checks.run_check import Checked
from refbox_trainer.data.mix import distinct
from refbox_trainer.data.samples import Sample
from refbox_trainer.errors import TrainerError
from refbox_trainer.files import sha256_of
from refbox_trainer.training.best import best_of
from refbox_trainer.training.checkpoint import load_checkpoint, newest_intact, read_state
from refbox_trainer.training.ladder import smaller_of
from refbox_trainer.training.session import Session
from refbox_trainer.training.step import adjust

_FREE: Final = frozenset(
    {
        "train.micro_batch_size",
        "train.gradient_checkpointing",
        "train.attention",
        "train.compile",
        "train.loader_workers",
        "train.max_bad_steps",
        "train.allow_fewer_tiles",
        "sequence.packing",
        "sequence.max_packed_tokens",
        "sequence.max_packed_tiles",
    }
)
"""Settings that decide how a step is computed, not what it computes. They may change between checkpoint and resume;
dropout then falls on other places."""


def fingerprint_of(checked: Checked, used: Sequence[Sample]) -> dict[str, Any]:
    """What must be equal for a resumed run to go on as if it had not stopped."""
    config = asdict(checked.config)
    annotations = {str(sample.record.images): sample.rendered for sample in distinct(used)}
    return {
        "run": {key: config[key] for key in ("method", "freeze", "sequence", "train")},
        "base_config_sha256": sha256_of(checked.base / "config.json"),
        "samples": len(used),
        "data_sha256": _digest(annotations),
    }


def resume(session: Session) -> int:
    """Put the newest intact checkpoint into the session; returns the number of steps that are done.

    Raises TrainerError("bad_config") when the run has changed in a way that would change what is learnt.
    """
    folder, damaged = newest_intact(session.run)
    for words in damaged:
        session.emit("warning", code="damaged_checkpoint", message=f"Checkpoint {words}; it is not used.")
    if folder is None:
        words = "There is no checkpoint to resume from; starting at step 0."
        session.emit("warning", code="no_checkpoint", message=words)
        return 0
    state = read_state(folder)
    _compare(state, session)
    step = load_checkpoint(folder, session.trainable, session.optimizer)
    if step > session.total_steps:
        raise TrainerError(
            "bad_config", f"The checkpoint is at step {step}, beyond the end of this run.", "Raise epochs or max_steps."
        )
    adjust(session, smaller_of(session.fit, state.get("fit")))
    session.bad_steps = state.get("bad_steps", 0)
    if state.get("metric") == session.config.evaluate.metric:
        session.best = best_of(state.get("best"))
    elif state.get("best"):
        words = f"evaluate.metric was {state.get('metric')}; which evaluation is the best is found out anew."
        session.emit("warning", code="other_metric", message=words)
    return step


def _compare(then: Mapping[str, Any], session: Session) -> None:
    now = session.fingerprint
    before, after = then.get("run", {}), now["run"]
    changed = [
        f"{section}.{key}"
        for section, values in after.items()
        for key, value in values.items()
        if before.get(section, {}).get(key) != _as_json(value)
    ]
    changed += [key for key in ("base_config_sha256", "samples", "data_sha256") if then.get(key) != now[key]]
    if refused := [key for key in changed if key not in _FREE]:
        raise TrainerError(
            "bad_config",
            f"Run {session.config.run_id} cannot resume: {', '.join(refused)} changed since the checkpoint was made.",
            "Restore these, or start a new run.",
        )
    if changed:
        words = f"{', '.join(changed)} changed since the checkpoint: the same samples follow, rounded differently."
        session.emit("warning", code="resumed_differently", message=words)


def _digest(texts: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for name, text in texts.items():
        digest.update(f"{name}\0{text}\0".encode())
    return digest.hexdigest()


def _as_json(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
