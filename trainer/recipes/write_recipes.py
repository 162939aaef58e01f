"""Writes the run files of this folder from published.json, which the studio's presets are held against too.

python -m recipes.write_recipes        from trainer/; a test fails when a file differs from what this would write
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, Literal

from refbox_trainer.config import (
    CheckpointSection,
    DataSection,
    EvaluateSection,
    FreezeSection,
    FullMethod,
    LoraMethod,
    ModelSection,
    ParallelSection,
    RunConfig,
    SequenceSection,
    TrainSection,
)

FOLDER: Final = Path(__file__).parent
_LORA_GPUS: Final = (1, 2, 8)
_FULL_GPUS: Final = 8
_SHARDED_FROM: Final = ("InternVL2-26B", "InternVL2-40B", "InternVL2-Llama3-76B")
"""Sizes whose published LoRA scripts spread the weights (ZeRO stage 3)."""
_FOUR_BITS: Final = {"InternVL2-40B": (1,), "InternVL2-Llama3-76B": (1, 2)}
"""Numbers of cards on which 80 GB each do not hold the weights in bfloat16."""


def recipes() -> dict[str, dict[str, Any]]:
    """run.json by file name."""
    table = json.loads((FOLDER / "published.json").read_text(encoding="utf-8"))
    found: dict[str, dict[str, Any]] = {}
    for size in table["sizes"]:
        for gpus in _LORA_GPUS:
            found[f"{size['name']}.lora.{gpus}gpu.json"] = _recipe(table["common"], size, "lora", gpus)
        found[f"{size['name']}.full.{_FULL_GPUS}gpu.json"] = _recipe(table["common"], size, "full", _FULL_GPUS)
    return found


def main() -> None:
    for name, content in recipes().items():
        (FOLDER / name).write_text(as_text(content), encoding="utf-8")


def as_text(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=2) + "\n"


def _recipe(common: dict[str, Any], size: dict[str, Any], method: Literal["lora", "full"], gpus: int) -> dict[str, Any]:
    row, name, lora = size[method], size["name"], method == "lora"
    four_bits = lora and gpus in _FOUR_BITS.get(name, ())
    config = RunConfig(
        run_id=f"{name}-{method}-{gpus}gpu",
        model=ModelSection(path=f"models/{name}"),
        data=DataSection(train_meta="data/meta.json"),
        method=LoraMethod(
            rank=common["rank"],
            alpha=float(common["alpha"]),
            dropout=common["dropout"],
            quantization="nf4" if four_bits else "none",
        )
        if lora
        else FullMethod(),
        freeze=FreezeSection(vision=True, projector=lora, language=lora),
        sequence=SequenceSection(max_length=common["max_length"], max_dynamic_patch=common["max_dynamic_patch"]),
        train=TrainSection(
            epochs=float(common["epochs"]),
            batch_size=row["batch_size"],
            # Every card takes its share of the batch: 8 of them cannot take 4 samples each out of 16.
            micro_batch_size=min(row["micro_batch_size"], row["batch_size"] // gpus),
            learning_rate=row["learning_rate"],
            weight_decay=size["weight_decay"],
            warmup_ratio=common["warmup_ratio"],
            schedule=common["schedule"],
            precision="bfloat16",
            loader_workers=common["loader_workers"],
        ),
        parallel=ParallelSection(processes=gpus, strategy=_strategy(name, gpus, lora=lora, four_bits=four_bits)),
        checkpoint=CheckpointSection(every_steps=common["save_steps"], keep=common["keep"]),
        # The published scripts do not evaluate; give data.eval_meta and raise max_samples to do so.
        evaluate=EvaluateSection(every_steps=0, max_samples=0),
        artefacts=("adapter", "merged") if lora else ("merged",),
        device="cuda",
    )
    return asdict(config)


def _strategy(name: str, gpus: int, *, lora: bool, four_bits: bool) -> Literal["auto", "ddp", "fsdp"]:
    if gpus == 1:
        return "auto"
    if not lora:
        return "fsdp"
    return "fsdp" if name in _SHARDED_FROM and not four_bits else "ddp"


if __name__ == "__main__":
    main()
