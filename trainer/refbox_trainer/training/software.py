"""Settings that need more than PyTorch: what is missing is known before a run starts."""

from __future__ import annotations

import importlib
import shutil
from importlib.util import find_spec
from typing import Any

from refbox_trainer.checks.problems import Problems
from refbox_trainer.config import LoraMethod, RunConfig
from refbox_trainer.errors import TrainerError


def check_software(config: RunConfig, problems: Problems) -> None:
    """Report packages and devices that this run asks for and that are not here."""
    train = config.train
    if isinstance(config.method, LoraMethod) and config.method.quantization == "nf4":
        _need("bitsandbytes", 'method.quantization "nf4"', "method.quantization", '"none"', problems)
    if train.optimizer == "adamw_8bit":
        _need("bitsandbytes", "train.optimizer adamw_8bit", "train.optimizer", '"adamw"', problems)
    if train.attention == "flash_attention_2":
        _need("flash_attn", "train.attention flash_attention_2", "train.attention", '"auto"', problems)
    compilers = ("g++", "clang++", "c++")
    if train.compile and config.device == "cpu" and not any(shutil.which(name) for name in compilers):
        problems.error(
            "bad_config",
            "train.compile on the CPU needs a C++ compiler, and there is none.",
            "train.compile",
            "Install g++, or turn it off.",
        )


def load_bitsandbytes(needed_by: str, instead: str) -> Any:
    """The library for weights and optimizer states of 8 and 4 bits, which is installed where there is a GPU.

    Raises TrainerError("bad_config") naming the setting `needed_by` and what to use `instead`.
    """
    try:
        return importlib.import_module("bitsandbytes")
    except ImportError as error:
        raise TrainerError(
            "bad_config",
            f"{needed_by} needs bitsandbytes, which cannot be loaded: {error}.",
            f"Install bitsandbytes, or use {instead}.",
        ) from error


def _need(package: str, what: str, where: str, instead: str, problems: Problems) -> None:
    # Nothing else in `check` needs torch, which takes seconds to load.
    import torch

    missing = [] if find_spec(package) else [f"the package {package.replace('_', '-')}"]
    if not torch.cuda.is_available():
        missing.append("a CUDA device")
    if missing:
        advice = f"Install what is missing, or use {instead}."
        problems.error("bad_config", f"{what} needs {' and '.join(missing)}.", where, advice)
