"""Memory, time and disk of a run: by hand where that is possible, and against a real process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import torch

from refbox_trainer.__main__ import main
from refbox_trainer.checks import rehearsal
from refbox_trainer.checks.config_check import read_run_config
from refbox_trainer.checks.estimate import Assumed, Figures, figures_of, read_checked
from refbox_trainer.checks.live_bytes import LiveBytes
from refbox_trainer.checks.problems import Problems
from refbox_trainer.checks.rehearsal import Rehearsed, rehearse
from refbox_trainer.checks.workload import MicroBatch
from refbox_trainer.model.load import load_model
from refbox_trainer.model.spec import read_spec
from refbox_trainer.training.device import Precision
from tests.tiny_data import run_config, write_dataset, write_run

_TRAINER = Path(__file__).parent.parent
_NANO = _TRAINER / "nano" / "RefBox-Nano"
_SCHEMA = json.loads((_TRAINER / "contracts" / "estimate.schema.json").read_text(encoding="utf-8"))
_FULL = {"method": {"kind": "full"}, "freeze": {"vision": False, "projector": False, "language": False}}


def _figures(folder: Path, base: Path, meta: Path, evaluation: Path | None = None, /, **sections: Any) -> Figures:
    run = write_run(folder, run_config(base, meta, evaluation, **sections))
    return figures_of(read_checked(run), Assumed())


def test_live_bytes_are_those_of_the_tensors_that_exist() -> None:
    weight = torch.empty(100, 100, device="meta", requires_grad=True)
    with LiveBytes() as live:
        product = weight @ weight
        kept = product.relu()
        assert (live.now, live.peak) == (80_000, 80_000)
        view = kept[:10]
        assert live.now == 80_000
        loss = view.sum()
        # The product goes, as relu keeps its own output; the sum stays.
        del product, kept, view
        assert live.now == 40_004
        loss.backward()
    assert weight.grad is not None
    # The gradient of the weight, and the loss.
    assert live.now == 40_004


def test_parameters_and_weights_are_counted_exactly(tiny_base: Path, train_meta: Path, tmp_path: Path) -> None:
    figures = _figures(tmp_path, tiny_base, train_meta, **_FULL)
    model = load_model(tiny_base).model
    count = sum(parameter.numel() for parameter in model.parameters())
    assert sum(figures.rehearsed.parameters.values()) == figures.rehearsed.moving == count
    assert figures.rehearsed.weights == 4 * count
    parts = {part.name: part.bytes for part in figures.budget.parts}
    assert (parts["weights"], parts["optimizer"]) == (4 * count, 8 * count)


def test_checkpointing_keeps_one_input_per_layer(tiny_base: Path, train_meta: Path, tmp_path: Path) -> None:
    kept = [
        _figures(tmp_path, tiny_base, train_meta, train={"gradient_checkpointing": on}).rehearsed.step.language
        for on in (False, True)
    ]
    assert kept[1] < 0.75 * kept[0]


def test_eager_attention_keeps_every_pair_of_tokens(tiny_base: Path, train_meta: Path, tmp_path: Path) -> None:
    fused, eager = (
        _figures(tmp_path, tiny_base, train_meta, train={"attention": attention}) for attention in ("sdpa", "eager")
    )
    batch = fused.load.heaviest
    # Four heads in two layers keep at least the probabilities, in float32.
    pairs = 2 * 4 * batch.rows * batch.length**2 * 4
    assert eager.rehearsed.step.language - fused.rehearsed.step.language > pairs


def test_several_processes_share_a_sharded_model(tiny_base: Path, train_meta: Path, tmp_path: Path) -> None:
    alone = _figures(tmp_path, tiny_base, train_meta, **_FULL)
    spread = _figures(
        tmp_path, tiny_base, train_meta, **_FULL, parallel={"processes": 2, "strategy": "auto"}, train={"batch_size": 8}
    )
    assert (alone.strategy, spread.strategy) == ("single", "fsdp")
    by_name = [{part.name: part.bytes for part in figures.budget.parts} for figures in (alone, spread)]
    assert by_name[1]["optimizer"] == by_name[0]["optimizer"] // 2
    assert by_name[1]["weights"] < by_name[0]["weights"] + spread.rehearsed.gathered


@pytest.mark.parametrize(("checkpointing", "precision"), [(False, "float32"), (True, "float32"), (True, "bfloat16")])
def test_going_through_a_few_layers_tells_what_all_of_them_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, checkpointing: bool, precision: Precision
) -> None:
    path = write_run(tmp_path, run_config(_NANO, tmp_path, **_FULL, train={"gradient_checkpointing": checkpointing}))
    config = read_run_config(path, Problems())
    assert config is not None

    def go() -> Rehearsed:
        batch = MicroBatch(rows=2, length=200, supervised=40, tiles=4)
        return rehearse(read_spec(_NANO), config, precision, batch, most_tiles=2, prompts=(2, 150))

    few = go()
    monkeypatch.setattr(rehearsal, "_FEW", 100)
    every = go()
    assert few.step.total == pytest.approx(every.step.total, rel=0.01)
    assert few.step.with_new_gradients == pytest.approx(every.step.with_new_gradients, rel=0.03)
    assert (few.kv_cache, few.weights) == (every.kv_cache, every.weights)
    assert few.evaluation == pytest.approx(every.evaluation, rel=0.01)


def test_an_estimate_has_the_shape_of_the_contract(
    tiny_base: Path, train_meta: Path, eval_meta: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = run_config(tiny_base, train_meta, eval_meta, artefacts=["adapter", "merged"])
    run = write_run(tmp_path, config)
    assert main(["estimate", str(run), "--device-bytes", str(8 << 30), "--flops", "1e9"]) == 0
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, _SCHEMA)
    assert sum(part["bytes"] for part in found["parts"]) == found["total_bytes"] == found["phases"][found["peak"]]
    assert (found["device"]["kind"], found["precision"], found["fits"]) == ("cuda", "float32", True)
    assert found["phases"]["evaluation"] > 0
    assert found["time"]["training_seconds"] == pytest.approx(4 * found["time"]["flops_per_step"] / 1e9)
    # Weights, and two averages, in float32; the newest one and the one being written.
    trainable = found["parameters"]["trainable"]
    assert found["disk"]["checkpoint_bytes"] == 12 * trainable
    assert found["disk"]["artefacts"]["adapter"] == 4 * trainable
    assert found["disk"]["total_bytes"] == 24 * trainable + sum(found["disk"]["artefacts"].values())


def test_a_run_with_errors_is_not_estimated(tmp_path: Path, train_meta: Path) -> None:
    run = write_run(tmp_path, run_config(tmp_path / "nowhere", train_meta))
    assert main(["estimate", str(run)]) == 2


def test_the_estimate_is_within_15_percent_of_a_real_process(tmp_path: Path) -> None:
    """Blocks go back to the system when they are freed, so that the peak of the process is that of its tensors."""
    meta = write_dataset(tmp_path / "data", 4)
    config = run_config(
        _NANO,
        meta,
        sequence={"max_dynamic_patch": 6, "max_length": 4096},
        train={"batch_size": 4, "micro_batch_size": 4, "max_steps": 1},
        evaluate={"max_samples": 0},
    )
    run = write_run(tmp_path / "run", config)
    assert _estimated(run) / _peak_of_training(run, tmp_path / "out") == pytest.approx(1, abs=0.15)


def _estimated(run: Path) -> int:
    """Without what the C library keeps. In a process of its own: an estimate counts what its process holds already."""
    code = (
        "import sys; from pathlib import Path; "
        "from refbox_trainer.checks.budget import heap_slack; "
        "from refbox_trainer.checks.estimate import Assumed, figures_of, read_checked; "
        "figures = figures_of(read_checked(Path(sys.argv[1])), Assumed()); "
        "print(figures.budget.phases['training'] - heap_slack(figures.rehearsed.step.total))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(run)], cwd=_TRAINER, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def _peak_of_training(run: Path, out: Path) -> int:
    """Started by a small process: on Linux a process that a large one starts has at least its size as peak."""
    code = (
        "import resource, subprocess, sys; "
        "subprocess.run([sys.executable, '-m', 'refbox_trainer', 'train', *sys.argv[1:]], check=True); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)"
    )
    command = [sys.executable, "-c", code, str(run), "--out", str(out)]
    environment = {**os.environ, "MALLOC_MMAP_THRESHOLD_": "262144"}
    done = subprocess.run(command, cwd=_TRAINER, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1])
