"""What a run leaves behind, and what it does not because it would answer differently."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from refbox_trainer.artefacts import merge
from refbox_trainer.model.load import load_model
from tests.processes import train_here, valid_events
from tests.tiny_data import run_config


def test_weights_that_answer_differently_from_the_adapter_are_not_offered(
    tiny_base: Path, train_meta: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = run_config(tiny_base, train_meta, None, train={"max_steps": 1}, artefacts=["adapter", "merged", "browser"])
    loads: list[Path] = []

    def read_back_damaged(folder: Path, **options: Any) -> Any:
        loaded = load_model(folder, **options)
        loads.append(folder)
        if folder.name == ".candidate":
            # A bit that tipped over on the disk, in the largest weight there is.
            loaded.model.lm_head.weight.data[7] += 3
        return loaded

    monkeypatch.setattr(merge, "load_model", read_back_damaged)
    run = train_here(tmp_path, config)
    valid_events(tmp_path)
    assert loads[-1].name == ".candidate"
    assert [event["name"] for event in run.of("artefact")] == ["adapter"]
    refused = [event["message"] for event in run.of("warning") if event["code"] == "artefact_refused"]
    assert [words.split('"')[1] for words in refused] == ["merged", "browser"]
    assert "0.001 is allowed" in refused[0]
    assert [path.name for path in (tmp_path / "artefacts").iterdir()] == ["adapter"]
    assert run.of("done")[0]["status"] == "succeeded"


def test_the_report_beside_merged_weights_tells_of_held_out_answers(
    tiny_base: Path, train_meta: Path, eval_meta: Path, tmp_path: Path
) -> None:
    config = run_config(tiny_base, train_meta, eval_meta, train={"max_steps": 1}, artefacts=["merged"])
    run = train_here(tmp_path, config)
    report = json.loads((tmp_path / "artefacts" / "merged" / "parity.json").read_text(encoding="utf-8"))
    # Four records with two or three questions each, beside three fixed probes.
    assert report["samples"] == 3 + report["answers"]
    assert report["answers"] >= 8
    assert report["equal_answers"] == report["answers"]
    assert run.of("artefact")[0]["parity"]["passed"]
