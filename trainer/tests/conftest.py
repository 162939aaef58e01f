"""Shared fixtures: a tiny InternVL2 checkpoint with a real tokenizer and small drawn datasets, made once."""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from pathlib import Path

import pytest
import torch

from tests.tiny import write_tiny_checkpoint
from tests.tiny_data import write_dataset

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a float32 checkpoint in the original layout: 112 pixel tiles, two layers each, random weights."""
    folder = tmp_path_factory.mktemp("base") / "tiny"
    write_tiny_checkpoint(folder)
    return folder


@pytest.fixture(scope="session")
def train_meta(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Meta file of ten drawn scenes, some with a stated negative."""
    return write_dataset(tmp_path_factory.mktemp("train"), 10)


@pytest.fixture(scope="session")
def large_meta(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Meta file of ten drawn scenes of 33 tiles where 40 are allowed; smaller ones are not cut into that many."""
    return write_dataset(tmp_path_factory.mktemp("large"), 10, sizes=((800, 400),))


@pytest.fixture(scope="session")
def eval_meta(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Meta file of four other scenes."""
    return write_dataset(tmp_path_factory.mktemp("eval"), 4, seed=5)
