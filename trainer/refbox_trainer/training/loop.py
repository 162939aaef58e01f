"""The training loop. Everything it needs is given; everything it does is reported through `emit`."""

from __future__ import annotations

import torch

from refbox_trainer.errors import TrainerError
from refbox_trainer.training.best import value_of
from refbox_trainer.training.checkpoint import write_checkpoint
from refbox_trainer.training.optimizer import learning_rate, set_learning_rate
from refbox_trainer.training.progress import Pace
from refbox_trainer.training.session import Session
from refbox_trainer.training.step import Figures, compute_gradients
from refbox_trainer.training.watchdog import watch_ends, watch_step


def train(session: Session, first_step: int) -> int:
    """Train from `first_step` until the end, until nothing gets better, or until a stop is asked for.

    Returns the number of steps that are done; the last state is always saved. Raises TrainerError("diverged") when
    loss or gradient were no numbers too often in a row, with the last good checkpoint intact.
    """
    pace = Pace(session.device)
    step = saved = first_step
    session.trainable.model.train()
    # A run that was killed between a checkpoint and the evaluation that belongs to it makes up for it.
    _evaluate_if_due(session, step)
    while not _ended(session, step) and not session.stop_agreed():
        _advance(session, step, pace)
        step += 1
        if _save_due(session, step):
            save(session, step)
            saved = step
            pace.pause()
        if _evaluate_if_due(session, step):
            pace.pause()
    if saved != step:
        save(session, step)
    return step


def finished(session: Session, step: int) -> bool:
    """Whether the run came to its own end, rather than being stopped."""
    return _ended(session, step) and not session.stop_agreed()


def save(session: Session, step: int) -> None:
    """Write a checkpoint and report it. Steps that did not move the weights are not saved over good ones."""
    _refuse_broken_weights(session, step)
    folder = write_checkpoint(
        session.run,
        step,
        session.trainable,
        session.optimizer,
        peers=session.peers,
        state={
            **session.fingerprint,
            "epoch": session.order.epoch_of(step),
            "fit": session.fit.as_json(),
            "best": session.best.as_json(),
            "metric": session.config.evaluate.metric,
            "bad_steps": session.bad_steps,
        },
        base_name=session.base.name,
        notes=session.notes,
        keep=session.config.checkpoint.keep,
        best=session.best.step if session.config.checkpoint.keep_best else None,
    )
    session.emit("checkpoint", step=step, path=folder.relative_to(session.run).as_posix())


def _advance(session: Session, step: int, pace: Pace) -> None:
    """One optimizer step: `step` of them are done before it."""
    total = session.total_steps
    rate = learning_rate(step, total, session.config.train)
    set_learning_rate(session.optimizer, rate)
    watch_step(pace.seconds_per_step)
    figures = compute_gradients(session, step)
    if figures.usable:
        session.optimizer.step()
        session.bad_steps = 0
    session.optimizer.zero_grad(set_to_none=True)
    watch_ends()
    if not figures.usable:
        pace.pause()
        _skip(session, step, figures)
        return
    session.emit(
        "step",
        step=step + 1,
        total_steps=total,
        epoch=round(session.order.epoch_of(step + 1), 4),
        loss=figures.loss,
        learning_rate=rate,
        grad_norm=figures.grad_norm,
        **pace.step(tokens=figures.tokens, samples=figures.samples, steps_left=total - step - 1),
    )


def _skip(session: Session, step: int, figures: Figures) -> None:
    """Count a step that cannot be used, and end the run when there are too many in a row."""
    session.bad_steps += 1
    what = f"At step {step + 1} the loss is {figures.loss} and the length of the gradient {figures.grad_norm}"
    most = session.config.train.max_bad_steps
    if session.bad_steps < most:
        words = f"{what}: the step is skipped, the weights stay ({session.bad_steps} in a row, {most} end the run)."
        session.emit("warning", code="bad_step", message=words)
        return
    raise TrainerError(
        "diverged",
        f"{what}; {_verdict(session, figures)}",
        "Lower the learning rate or raise the warm-up, then start again or resume from the last checkpoint.",
    )


def _verdict(session: Session, figures: Figures) -> str:
    times = f"{session.bad_steps} step(s) in a row" if session.bad_steps > 1 else "this step"
    if not _weights_are_finite(session):
        return f"the weights themselves are no numbers any more, so that {times} could not succeed."
    if figures.loss == figures.loss and abs(figures.loss) != float("inf"):
        return f"the loss is fine but its gradient overflows, in {times}: the updates before were too large."
    return f"the weights are still finite but give no loss, in {times}: the updates before were too large."


def _refuse_broken_weights(session: Session, step: int) -> None:
    if not _weights_are_finite(session):
        raise TrainerError(
            "diverged",
            f"After step {step} some weights are no numbers any more; no checkpoint is made of them.",
            "Lower the learning rate or raise the warm-up, then start again or resume from the last checkpoint.",
        )


def _weights_are_finite(session: Session) -> bool:
    with torch.no_grad():
        # The largest absolute value: no number when any is none, and found without a copy.
        largest = [torch.linalg.vector_norm(part, ord=float("inf")) for part in _local(session) if part.numel()]
        broken = any(not bool(torch.isfinite(value)) for value in largest)
    return not session.peers.any(broken)


def _local(session: Session) -> list[torch.Tensor]:
    """What of the moving weights lies in this process."""
    return [getattr(value, "_local_tensor", value).detach() for value in session.parameters()]


def _ended(session: Session, step: int) -> bool:
    return step >= session.total_steps or session.best.exhausted(session.config.evaluate.patience)


def _save_due(session: Session, step: int) -> bool:
    # While steps fail the newest checkpoint stays the last good one.
    if session.bad_steps:
        return False
    # The checkpoint of an evaluation that may turn out to be the best has to exist.
    wanted = session.config.checkpoint.keep_best and _evaluation_due(session, step)
    return wanted or step % session.config.checkpoint.every_steps == 0 or step >= session.total_steps


def _evaluation_due(session: Session, step: int) -> bool:
    every = session.config.evaluate.every_steps
    regular = every > 0 and step % every == 0
    return session.evaluator is not None and step > 0 and (regular or step >= session.total_steps)


def _evaluate_if_due(session: Session, step: int) -> bool:
    if not _evaluation_due(session, step) or session.best.evaluated_step == step or session.stop_agreed():
        return False
    assert session.evaluator is not None
    measured = session.evaluator.run(step, session.fit.micro_batch_size)
    session.trainable.model.train()
    if measured is not None:
        value = value_of(session.config.evaluate.metric, measured.loss, measured.metrics)
        session.best = session.best.after(
            step, float("nan") if value is None else value, session.config.evaluate.metric
        )
    return True
