"""Shared fixtures: a tiny InternVL2 checkpoint with a real tokenizer, made once per test session."""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

from pathlib import Path

import pytest
import torch

from tests.tiny import write_tiny_checkpoint

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a float32 checkpoint in the original layout: 112 pixel tiles, two layers each, random weights."""
    folder = tmp_path_factory.mktemp("base") / "tiny"
    write_tiny_checkpoint(folder)
    return folder
