"""One tiny checkpoint per released size, written once and never changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny_families import SIZES, write_checkpoint


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders by size: 1B, 2B, 4B, 8B, 26B, 40B, 76B."""
    root = tmp_path_factory.mktemp("families")
    for name, size in SIZES.items():
        write_checkpoint(root / name, size)
    return {name: root / name for name in SIZES}


@pytest.fixture(params=list(SIZES))
def size(request: pytest.FixtureRequest) -> str:
    """Every size in turn."""
    return request.param


@pytest.fixture(params=["1B", "2B", "4B", "40B"])
def one_of_each(checkpoints: dict[str, Path], request: pytest.FixtureRequest) -> Path:
    """One folder for every kind of language model."""
    return checkpoints[request.param]


@pytest.fixture
def checkpoint(checkpoints: dict[str, Path], size: str) -> Path:
    """The folder of that size."""
    return checkpoints[size]
