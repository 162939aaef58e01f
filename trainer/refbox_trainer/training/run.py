"""`train`: from run.json to artefacts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import torch

from refbox_trainer.answers.predict import Predictor
from refbox_trainer.artefacts.maker import ArtefactMaker
from refbox_trainer.checks.problems import Problems
from refbox_trainer.checks.run_check import Checked, check_run, tiling_of
from refbox_trainer.config import RunConfig
from refbox_trainer.data.batches import BatchMaker, Order
from refbox_trainer.data.mix import distinct
from refbox_trainer.data.packing import oversized, pack_limits
from refbox_trainer.data.pixels import CACHE_BYTES, PixelStore
from refbox_trainer.data.samples import Sample
from refbox_trainer.errors import TrainerError
from refbox_trainer.events import Emit
from refbox_trainer.files import sha256_of
from refbox_trainer.model.forward import visual_features
from refbox_trainer.model.load import LoadedModel, load_model
from refbox_trainer.model.packed_attention import separate_samples
from refbox_trainer.training.adapter import Trainable, prepare, trains_vision
from refbox_trainer.training.checkpoint import (
    checkpoint_folder,
    list_checkpoints,
    load_checkpoint,
    newest_intact,
    read_state,
)
from refbox_trainer.training.device import autocast, choose_device, choose_precision, use_sensible_threads
from refbox_trainer.training.evaluation_loop import Evaluator
from refbox_trainer.training.loop import Session, count_steps, train
from refbox_trainer.training.optimizer import build_optimizer

_MOST_WARNINGS: Final = 100
"""Warnings of `check` repeated as events; a data set of rotated photos would otherwise bury everything else."""


def run_training(run_json: Path, out: Path, *, resume: bool, emit: Emit, should_stop: Callable[[], bool]) -> None:
    """The whole run. Raises TrainerError; `emit` has then not yet reported the error."""
    checked = _check(run_json, emit)
    if not resume and list_checkpoints(out):
        raise TrainerError(
            "bad_arguments",
            f"{out} already holds checkpoints of a run.",
            "Add --resume to continue it, or give another folder.",
        )
    session, loaded = _prepare(checked, out, emit, should_stop)
    first_step = _resume(session, emit) if resume else 0
    emit("stage", name="train", state="begin", detail=f"{session.total_steps} steps")
    step = train(session, first_step)
    emit("stage", name="train", state="end")
    if step >= session.total_steps and not should_stop():
        if session.evaluator:
            session.evaluator.run(step)
        checkpoint = checkpoint_folder(out, step)
        maker = ArtefactMaker(out, checked.base, checkpoint, loaded, session.trainable, session.notes, emit)
        maker.make_all(checked.config.artefacts, should_stop)
    emit("done", status="stopped" if should_stop() else "succeeded", step=step)


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


def _prepare(checked: Checked, out: Path, emit: Emit, should_stop: Callable[[], bool]) -> tuple[Session, LoadedModel]:
    emit("stage", name="load", state="begin", detail=checked.base.name)
    config = checked.config
    use_sensible_threads()
    device = choose_device(config.device)
    in_precision = autocast(device, choose_precision(config.train.precision, device))
    loaded = load_model(checked.base, device=str(device))
    trainable = prepare(loaded.model, loaded.spec.family, config.method, config.freeze, seed=config.train.seed)
    if config.train.gradient_checkpointing:
        loaded.model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    separate_samples(loaded.model)
    used = [sample for sample in checked.train if sample.outcome != "refused"]
    _write_ledger(checked, emit)
    packing = pack_limits(config.sequence)
    if packing and (words := oversized([s.tokens for s in used], [s.tiles for s in used], packing)):
        emit("warning", code="longer_than_a_pack", message=words)
    frozen_features = None if trains_vision(trainable) else _feature_maker(loaded, in_precision)
    pixels = PixelStore(
        loaded.spec.image_size,
        use_thumbnail=config.sequence.use_thumbnail,
        # Where features are kept, the pixels behind them are needed only once.
        limit_bytes=CACHE_BYTES if frozen_features is None else 0,
    )

    def refuse(sample: Sample, reason: str) -> None:
        emit("ledger", dataset=sample.record.dataset, index=sample.record.index, outcome="refused", reason=reason)

    def batches(samples: Sequence[Sample]) -> BatchMaker:
        return BatchMaker(
            samples,
            pixels,
            device,
            seed=config.train.seed,
            frozen_features=frozen_features,
            loss_weighting=config.train.loss_weighting,
            packed=packing is not None,
        )

    torch.manual_seed(config.train.seed)
    session = Session(
        config=config,
        run=out,
        base=checked.base,
        trainable=trainable,
        optimizer=build_optimizer(trainable.parameters(), config.train),
        order=Order(
            used,
            batch_size=config.train.batch_size,
            micro_batch_size=config.train.micro_batch_size,
            seed=config.train.seed,
            packing=packing,
        ),
        batches=batches(used),
        evaluator=_evaluator(checked, loaded, batches, in_precision, emit, should_stop),
        device=device,
        autocast=in_precision,
        state=_resume_state(checked, used),
        notes={**asdict(tiling_of(config)), "base": checked.base.name, "run_id": config.run_id},
        emit=emit,
        refuse=refuse,
        should_stop=should_stop,
    )
    _describe(trainable, session, emit)
    return session, loaded


def _evaluator(
    checked: Checked,
    loaded: LoadedModel,
    batches: Callable[[Sequence[Sample]], BatchMaker],
    in_precision: Callable[[], Any],
    emit: Emit,
    should_stop: Callable[[], bool],
) -> Evaluator | None:
    config = checked.config
    samples = [sample for sample in checked.evaluation if sample.outcome != "refused"]
    if not samples or config.evaluate.max_samples == 0:
        return None
    predictor = Predictor(
        loaded, tiling_of(config), max_new_tokens=config.evaluate.max_new_tokens, autocast=in_precision
    )
    return Evaluator(
        loaded,
        predictor,
        batches(samples),
        samples,
        max_samples=config.evaluate.max_samples,
        micro_batch_size=config.train.micro_batch_size,
        autocast=in_precision,
        emit=emit,
        should_stop=should_stop,
    )


def _feature_maker(loaded: LoadedModel, in_precision: Callable[[], Any]) -> Callable[[torch.Tensor], torch.Tensor]:
    def features(pixel_values: torch.Tensor) -> torch.Tensor:
        with in_precision():
            return visual_features(loaded.model, pixel_values)

    return features


def _write_ledger(checked: Checked, emit: Emit) -> None:
    """One line for each sample that is not plainly used, of either set; the summary counts the training set."""
    for sample in distinct([*checked.train, *checked.evaluation]):
        if sample.outcome != "used":
            emit(
                "ledger",
                dataset=sample.record.dataset,
                index=sample.record.index,
                outcome=sample.outcome,
                reason=sample.reason,
            )
    outcomes = [sample.outcome for sample in checked.train]
    summary = {outcome: outcomes.count(outcome) for outcome in ("used", "truncated", "refused")}
    emit("ledger", summary=summary)


def _describe(trainable: Trainable, session: Session, emit: Emit) -> None:
    moving = sum(parameter.numel() for parameter in trainable.parameters().values())
    every = sum(parameter.numel() for parameter in trainable.model.parameters())
    detail = f"{moving:,} of {every:,} parameters train on {session.device}; {session.total_steps} steps"
    emit("stage", name="load", state="end", detail=detail)


def _resume_state(checked: Checked, used: Sequence[Sample]) -> dict[str, Any]:
    """What must be equal for a resumed run to go on as if it had not stopped."""
    config = asdict(checked.config)
    annotations = {str(sample.record.images): sample.rendered for sample in distinct(used)}
    return {
        "run": {key: config[key] for key in ("method", "freeze", "sequence", "train")},
        "base_config_sha256": sha256_of(checked.base / "config.json"),
        "samples": len(used),
        "data_sha256": _digest(annotations),
    }


def _digest(texts: dict[str, str]) -> str:
    digest = hashlib.sha256()
    for name, text in texts.items():
        digest.update(f"{name}\0{text}\0".encode())
    return digest.hexdigest()


def _resume(session: Session, emit: Emit) -> int:
    folder, damaged = newest_intact(session.run)
    for words in damaged:
        emit("warning", code="damaged_checkpoint", message=f"Checkpoint {words}; it is not used.")
    if folder is None:
        emit("warning", code="no_checkpoint", message="There is no checkpoint to resume from; starting at step 0.")
        return 0
    state = read_state(folder)
    _compare_states(state, dict(session.state), session.config)
    step = load_checkpoint(folder, session.trainable, session.optimizer)
    if step > count_steps(session.config, session.order):
        raise TrainerError(
            "bad_config", f"The checkpoint is at step {step}, beyond the end of this run.", "Raise epochs or max_steps."
        )
    return step


def _compare_states(then: dict[str, Any], now: dict[str, Any], config: RunConfig) -> None:
    before, after = then.get("run", {}), now["run"]
    changed = [
        f"{section}.{key}"
        for section, values in after.items()
        for key, value in values.items()
        if before.get(section, {}).get(key) != _as_json(value)
    ]
    changed += [key for key in ("base_config_sha256", "samples", "data_sha256") if then.get(key) != now[key]]
    if changed:
        raise TrainerError(
            "bad_config",
            f"Run {config.run_id} cannot resume: {', '.join(changed)} changed since the checkpoint was made.",
            "Restore these, or start a new run.",
        )


def _as_json(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
