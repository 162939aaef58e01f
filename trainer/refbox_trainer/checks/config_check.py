"""Reading run.json: each value by itself, then what does not go together. Nothing is loaded for it."""

from __future__ import annotations

import json
from pathlib import Path

from refbox_trainer.checks.problems import Problems
from refbox_trainer.config import FullMethod, LoraMethod, RunConfig
from refbox_trainer.strict_reader import read_dataclass


def read_run_config(path: Path, problems: Problems) -> RunConfig | None:
    """Read and check run.json. Everything that is wrong lands in `problems`; None when it cannot be used."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        problems.error("bad_config", f"{path} cannot be read: {error.strerror}.", str(path), "Give a run.json.")
        return None
    except ValueError as error:
        problems.error("bad_config", f"{path} is not valid JSON: {error}.", str(path), "Correct the file.")
        return None
    config = read_dataclass(RunConfig, content, "", problems)
    if config is None:
        return None
    before = len(problems.errors)
    _check_together(config, problems)
    return config if len(problems.errors) == before else None


def _check_together(config: RunConfig, problems: Problems) -> None:
    train, sequence = config.train, config.sequence
    if train.batch_size % train.micro_batch_size:
        problems.error(
            "bad_value",
            f"train.batch_size {train.batch_size} is not a multiple of micro_batch_size {train.micro_batch_size}.",
            "train.micro_batch_size",
            "Choose a micro batch size that divides the batch size.",
        )
    if sequence.min_dynamic_patch > sequence.max_dynamic_patch:
        problems.error(
            "bad_value",
            f"sequence.min_dynamic_patch {sequence.min_dynamic_patch} exceeds max_dynamic_patch "
            f"{sequence.max_dynamic_patch}.",
            "sequence.min_dynamic_patch",
            "Lower the minimum.",
        )
    for name, value in (("adam_beta1", train.adam_beta1), ("adam_beta2", train.adam_beta2)):
        if value >= 1:
            problems.error("bad_value", f"train.{name} must be below 1.", f"train.{name}", "Lower it.")
    _check_method(config, problems)
    _check_evaluation(config, problems)
    _check_parallel(config, problems)


def _check_evaluation(config: RunConfig, problems: Problems) -> None:
    evaluate = config.evaluate
    wishes = {"checkpoint.keep_best": config.checkpoint.keep_best, "evaluate.patience": evaluate.patience is not None}
    for where in (name for name, wished in wishes.items() if wished):
        if config.data.eval_meta is None or evaluate.max_samples == 0:
            problems.error(
                "bad_value",
                f"{where} needs evaluations, and this run makes none.",
                where,
                "Give data.eval_meta and evaluate.max_samples, or leave it out.",
            )
        elif evaluate.every_steps == 0:
            problems.error(
                "bad_value",
                f"{where} needs evaluations during training, and evaluate.every_steps is 0.",
                where,
                "Set evaluate.every_steps.",
            )


def _check_parallel(config: RunConfig, problems: Problems) -> None:
    parallel = config.parallel
    full = isinstance(config.method, FullMethod)
    sharded = parallel.strategy == "fsdp" or (parallel.strategy == "auto" and full and parallel.processes > 1)
    if parallel.processes > config.train.batch_size:
        problems.error(
            "bad_value",
            f"parallel.processes {parallel.processes} exceeds train.batch_size {config.train.batch_size}: some would "
            "have no sample.",
            "parallel.processes",
            "Lower it, or raise the batch size.",
        )
    if config.device == "mps" and parallel.processes > 1:
        problems.error("bad_value", 'The device "mps" takes one process.', "parallel.processes", "Set it to 1.")
    if sharded and config.train.optimizer == "adamw_8bit":
        problems.error(
            "bad_value",
            "train.optimizer adamw_8bit cannot move a sharded model.",
            "train.optimizer",
            'Use "adamw", whose averages are spread over the processes, or parallel.strategy "ddp".',
        )
    if sharded and isinstance(config.method, LoraMethod) and config.method.quantization != "none":
        problems.error(
            "bad_value",
            f'method.quantization "{config.method.quantization}" does not go with parallel.strategy "fsdp".',
            "parallel.strategy",
            'Use "ddp": in 4 bits the model fits each device.',
        )


def _check_method(config: RunConfig, problems: Problems) -> None:
    freeze = config.freeze
    if isinstance(config.method, FullMethod):
        if freeze.vision and freeze.projector and freeze.language:
            problems.error("bad_value", "Every part is frozen, nothing would be trained.", "freeze", "Unfreeze a part.")
        if "adapter" in config.artefacts:
            problems.error(
                "bad_value",
                'Full fine-tuning makes no adapter, but artefacts asks for "adapter".',
                "artefacts",
                'Remove "adapter" or choose the method "lora".',
            )
    elif not freeze.vision and "vision" not in config.method.targets:
        problems.warning(
            "frozen_anyway",
            "freeze.vision is false, but LoRA has no vision target: the vision part stays frozen.",
            "freeze.vision",
            'Add "vision" to method.targets to adapt it.',
        )
    if (
        isinstance(config.method, LoraMethod)
        and config.method.quantization != "none"
        and config.device in ("cpu", "mps")
    ):
        problems.error(
            "bad_value",
            f'method.quantization needs a CUDA device, and device is "{config.device}".',
            "method.quantization",
            'Use "none", or a CUDA device.',
        )
    if not isinstance(config.method, FullMethod) and not freeze.projector and "projector" in config.method.targets:
        problems.warning(
            "adapted_not_unfrozen",
            "The projector is a LoRA target and is unfrozen; it gets adapters and its own weights stay frozen.",
            "freeze.projector",
            'Remove "projector" from method.targets to train its weights fully.',
        )
