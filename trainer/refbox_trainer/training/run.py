"""`train`: from run.json to artefacts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from refbox_trainer.answers.prediction_job import questions_of_meta
from refbox_trainer.artefacts.maker import ArtefactMaker
from refbox_trainer.checks.problems import Problems
from refbox_trainer.checks.run_check import Checked, check_run
from refbox_trainer.config import resolve
from refbox_trainer.errors import TrainerError
from refbox_trainer.events import Emit
from refbox_trainer.failure import as_trainer_error
from refbox_trainer.training.alarm import Alarm
from refbox_trainer.training.checkpoint import checkpoint_folder, list_checkpoints
from refbox_trainer.training.device import choose_device
from refbox_trainer.training.distributed import joined
from refbox_trainer.training.loop import finished, train
from refbox_trainer.training.prepare import prepare_session
from refbox_trainer.training.resume import resume as resume_session
from refbox_trainer.training.session import Session

_MOST_WARNINGS: Final = 100
"""Warnings of `check` repeated as events; a data set of rotated photos would otherwise bury everything else."""

_PARITY_RECORDS: Final = 4
"""Held-out records whose questions every artefact is asked."""


def run_training(run_json: Path, out: Path, *, resume: bool, emit: Emit, should_stop: Callable[[], bool]) -> None:
    """The whole run, or this process's part of it. Raises TrainerError; `emit` has then not yet reported the error."""
    checked = _check(run_json, emit)
    if not resume and list_checkpoints(out):
        raise TrainerError(
            "bad_arguments",
            f"{out} already holds checkpoints of a run.",
            "Add --resume to continue it, or give another folder.",
        )
    device = choose_device(checked.config.device)
    with joined(device) as peers:
        alarm = Alarm(peers, emit)
        alarm.watch()
        try:
            session = prepare_session(checked, out, peers, device, emit, should_stop)
            step, complete = _train(session, resume=resume)
        except Exception as error:
            raise alarm.settle(as_trainer_error(error)) from error
    if peers.first:
        _finish(checked, run_json, session, step, complete=complete)


def _check(run_json: Path, emit: Emit) -> Checked:
    emit("stage", name="check", state="begin")
    problems = Problems()
    checked = check_run(run_json, problems)
    # What becomes of single samples stands in the ledger.
    warnings = [p for p in problems.found if p.level == "warning" and not p.code.startswith("sample_")]
    for problem in warnings[:_MOST_WARNINGS]:
        emit("warning", code=problem.code, message=f"{problem.message} {problem.what_to_do or ''}".strip())
    if len(warnings) > _MOST_WARNINGS:
        rest = len(warnings) - _MOST_WARNINGS
        emit("warning", code="more_warnings", message=f"{rest} more warnings; `check` lists all of them.")
    problems.raise_errors(problems.errors[0].code if _has_own_exit(problems) else "bad_config")
    assert checked is not None
    emit("stage", name="check", state="end")
    return checked


def _has_own_exit(problems: Problems) -> bool:
    return bool(problems.errors) and problems.errors[0].code in ("bad_data", "bad_model")


def _train(session: Session, *, resume: bool) -> tuple[int, bool]:
    """Steps that are done, and whether the run came to its own end."""
    first_step = resume_session(session) if resume else 0
    session.emit("stage", name="train", state="begin", detail=f"{session.total_steps} steps")
    try:
        step = train(session, first_step)
    finally:
        session.supply.close()
    complete = finished(session, step)
    session.emit("stage", name="train", state="end", detail=_early_end(session, step))
    return step, complete


def _early_end(session: Session, step: int) -> str | None:
    best, evaluate = session.best, session.config.evaluate
    if step >= session.total_steps or not best.exhausted(evaluate.patience):
        return None
    return f"{evaluate.metric} was best at step {best.step} and no better in {best.worse} evaluations since"


def _finish(checked: Checked, run_json: Path, session: Session, step: int, *, complete: bool) -> None:
    """Artefacts of the last checkpoint, or of the best one if it was kept, and the last event."""
    should_stop, emit = session.should_stop, session.emit
    if complete:
        chosen = _chosen_step(session, step)
        checkpoint, held_out = checkpoint_folder(session.run, chosen), checked.config.data.eval_meta
        questions = questions_of_meta(resolve(held_out, run_json), _PARITY_RECORDS) if held_out else None
        maker = ArtefactMaker(session.run, checked.base, checkpoint, checked.config, emit, questions=questions)
        maker.make_all(should_stop)
    emit("done", status="stopped" if not complete or should_stop() else "succeeded", step=step)


def _chosen_step(session: Session, step: int) -> int:
    kept = session.config.checkpoint.keep_best and session.best.value is not None
    if kept and checkpoint_folder(session.run, session.best.step).is_dir():
        return session.best.step
    return step
