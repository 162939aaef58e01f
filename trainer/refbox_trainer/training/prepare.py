"""From a checked run to one that is ready to train: model, adapters, precision, devices, batches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from refbox_trainer.answers.predict import Predictor
from refbox_trainer.checks.run_check import Checked, tiling_of
from refbox_trainer.config import FullMethod, LoraMethod, RunConfig
from refbox_trainer.data.mix import distinct
from refbox_trainer.data.samples import Sample
from refbox_trainer.errors import TrainerError
from refbox_trainer.events import Emit
from refbox_trainer.model.forward import visual_features
from refbox_trainer.model.load import LoadedModel, load_model
from refbox_trainer.training.adapter import Trainable, prepare, trains_vision
from refbox_trainer.training.device import Precision, autocast, choose_precision, use_sensible_threads
from refbox_trainer.training.distributed import Peers
from refbox_trainer.training.evaluation_loop import Evaluator
from refbox_trainer.training.kernels import choose_attention, compile_layers
from refbox_trainer.training.ladder import fit_of
from refbox_trainer.training.optimizer import build_optimizer
from refbox_trainer.training.quantization import quantize_language
from refbox_trainer.training.resume import fingerprint_of
from refbox_trainer.training.session import Session
from refbox_trainer.training.sharding import Entrance, shard
from refbox_trainer.training.step import checkpoint_activations
from refbox_trainer.training.supply import Supply


def prepare_session(
    checked: Checked, out: Path, peers: Peers, device: torch.device, emit: Emit, should_stop: Callable[[], bool]
) -> Session:
    """Load the base and set everything up. Raises TrainerError."""
    emit("stage", name="load", state="begin", detail=checked.base.name)
    config = checked.config
    use_sensible_threads()
    precision = choose_precision(config.train.precision, device)
    sharded = is_sharded(config, peers)
    loaded, trainable = _load(checked, device, precision, sharded=sharded)
    learnt = trains_vision(trainable)
    entrance = Entrance(loaded.model)
    if sharded:
        shard(entrance, peers, device, precision, with_vision=learnt)
    used = _usable(checked, emit)
    fit = fit_of(config, peers.count)
    in_precision = autocast(device, precision)
    features = None if learnt else _feature_maker(loaded, in_precision)
    supply = Supply(used, config, loaded, device, peers, fit, frozen_features=features)
    session = Session(
        config=config,
        run=out,
        base=checked.base,
        peers=peers,
        device=device,
        autocast=in_precision,
        trainable=trainable,
        entrance=entrance,
        sharded=sharded,
        optimizer=build_optimizer(trainable.parameters(), config.train),
        supply=supply,
        evaluator=None,
        fingerprint=fingerprint_of(checked, used),
        notes={**asdict(tiling_of(config)), "base": checked.base.name, "run_id": config.run_id},
        emit=emit,
        should_stop=should_stop,
        fit=fit,
    )
    session.evaluator = _evaluator(checked, session, loaded)
    if config.train.gradient_checkpointing:
        checkpoint_activations(session)
    _describe(session)
    return session


def is_sharded(config: RunConfig, peers: Peers) -> bool:
    """Whether the model is spread over the processes. Whole models learn in replicas, unless only adapters move."""
    wanted = config.parallel.strategy
    if wanted == "auto":
        wanted = "fsdp" if isinstance(config.method, FullMethod) else "ddp"
    return wanted == "fsdp" and peers.count > 1


def _load(
    checked: Checked, device: torch.device, precision: Precision, *, sharded: bool
) -> tuple[LoadedModel, Trainable]:
    """The model with its adapters. What moves is float32; in bfloat16 runs what does not move is bfloat16.

    A model that will be spread over devices is put together in main memory.
    """
    config = checked.config
    place = "cpu" if sharded else str(device)
    half = precision == "bfloat16"
    loaded = load_model(checked.base, device=place, dtype=None if half else torch.float32)
    choose_attention(loaded.model, config.train.attention)
    if isinstance(config.method, LoraMethod) and config.method.quantization == "nf4":
        quantize_language(loaded.model, torch.bfloat16 if half else torch.float32, device)
    new_tokens = loaded.tokenizer.convert_tokens_to_ids(list(loaded.added_tokens))
    trainable = prepare(
        loaded.model, loaded.spec.family, config.method, config.freeze, seed=config.train.seed, new_tokens=new_tokens
    )
    for parameter in loaded.model.parameters():
        # Quantized weights are whole numbers.
        if parameter.is_floating_point():
            frozen_half = half and not parameter.requires_grad
            parameter.data = parameter.data.to(torch.bfloat16 if frozen_half else torch.float32)
    if config.train.compile:
        compile_layers(loaded.model, device)
    return loaded, trainable


def _usable(checked: Checked, emit: Emit) -> list[Sample]:
    """The samples that are trained on; every other one is put into the ledger."""
    for sample in distinct([*checked.train, *checked.evaluation]):
        if sample.outcome != "used":
            record = sample.record
            emit("ledger", dataset=record.dataset, index=record.index, outcome=sample.outcome, reason=sample.reason)
    outcomes = [sample.outcome for sample in checked.train]
    emit("ledger", summary={outcome: outcomes.count(outcome) for outcome in ("used", "truncated", "refused")})
    return [sample for sample in checked.train if sample.outcome != "refused"]


def _feature_maker(loaded: LoadedModel, in_precision: Callable[[], Any]) -> Callable[[torch.Tensor], torch.Tensor]:
    def features(pixel_values: torch.Tensor) -> torch.Tensor:
        with in_precision():
            return visual_features(loaded.model, pixel_values)

    return features


def _evaluator(checked: Checked, session: Session, loaded: LoadedModel) -> Evaluator | None:
    config = checked.config
    samples = [sample for sample in checked.evaluation if sample.outcome != "refused"]
    if not samples or config.evaluate.max_samples == 0:
        return None

    predictor = Predictor(
        loaded, tiling_of(config), max_new_tokens=config.evaluate.max_new_tokens, autocast=session.autocast
    )
    evaluator = Evaluator(
        loaded,
        session.entrance,
        predictor,
        session.supply.batch_maker(samples),
        samples,
        session.peers,
        sharded=session.sharded,
        max_samples=config.evaluate.max_samples,
        examples=config.evaluate.examples,
        autocast=session.autocast,
        emit=session.emit,
        should_stop=session.should_stop,
    )
    if config.evaluate.metric != "loss" and not evaluator.questions:
        raise TrainerError(
            "bad_config",
            f'evaluate.metric is "{config.evaluate.metric}", but no record of the evaluation set asks for boxes.',
            'Use the metric "loss", or records with grounding questions.',
        )
    return evaluator


def _describe(session: Session) -> None:
    moving = sum(parameter.numel() for parameter in session.parameters())
    every = sum(parameter.numel() for parameter in session.trainable.model.parameters())
    where = str(session.device.type if session.peers.count > 1 else session.device)
    if session.peers.count > 1:
        where = f"{session.peers.count} x {where} ({'sharded' if session.sharded else 'replicas'})"
    detail = f"{moving:,} of {every:,} parameters train on {where}; {session.total_steps} steps"
    session.emit("stage", name="load", state="end", detail=detail)
    forwards = len(session.order.micro_batches(0))
    if forwards < session.peers.count:
        words = f"A step has {forwards} forward(s) for {session.peers.count} processes; the others wait in each step."
        session.emit("warning", code="idle_processes", message=f"{words} Lower sequence.max_packed_tokens.")
    if session.fit.micro_batch_size != session.config.train.micro_batch_size:
        before, after = session.config.train.micro_batch_size, session.fit.micro_batch_size
        reason = f"a batch of {session.config.train.batch_size} samples is shared by {session.peers.count} processes"
        key = "train.micro_batch_size"
        session.emit("adjustment", step=0, key=key, **{"from": before}, to=after, reason=reason)
