"""Small drawn datasets in the conversation format, written to disk as the studio would."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from refbox_trainer.data.coordinates import Box, encode_box
from refbox_trainer.data.grounding import referring_answer, referring_question

_COLOURS = {"red": (220, 40, 40), "green": (40, 160, 60), "blue": (40, 70, 210)}

Sizes = Sequence[tuple[int, int]]
"""Width and height in pixels, of which each picture has one."""

_SMALL: Sizes = ((160, 120), (120, 160), (200, 100))


def draw_scene(path: Path, rng: random.Random, sizes: Sizes = _SMALL) -> dict[str, Box]:
    """A picture with two coloured squares; returns the box of each by name."""
    width, height = rng.choice(sizes)
    image = Image.new("RGB", (width, height), (250, 250, 245))
    draw = ImageDraw.Draw(image)
    boxes: dict[str, Box] = {}
    for half, colour in enumerate(rng.sample(sorted(_COLOURS), 2)):
        side = rng.randint(20, 40)
        x = rng.randint(0, width // 2 - side) + half * width // 2
        y = rng.randint(0, height - side)
        draw.rectangle((x, y, x + side - 1, y + side - 1), fill=_COLOURS[colour])
        boxes[f"the {colour} square"] = Box(x, y, x + side, y + side)
    image.save(path)
    return boxes


def scene_record(name: str, path: Path, boxes: dict[str, Box], *, negative: str | None = None) -> dict[str, Any]:
    """One record with a referring round per box, and one for `negative` if given."""
    with Image.open(path) as image:
        width, height = image.size
    turns: list[dict[str, str]] = []
    answers = {label: [encode_box(box, width, height)] for label, box in boxes.items()}
    if negative is not None:
        answers[negative] = []
    for label, encoded in answers.items():
        question = referring_question(label) if turns else f"<image>\n{referring_question(label)}"
        turns.append({"from": "human", "value": question})
        turns.append({"from": "gpt", "value": referring_answer(label, encoded)})
    return {"id": name, "image": path.name, "width": width, "height": height, "conversations": turns}


def write_dataset(
    folder: Path, count: int, *, seed: int = 0, name: str = "scenes", sizes: Sizes = _SMALL, **entry: Any
) -> Path:
    """`count` drawn records with their meta file, whose path is returned."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)
    records = []
    for number in range(count):
        path = folder / f"{name}-{number:04d}.png"
        boxes = draw_scene(path, rng, sizes)
        absent = next(f"the {colour} square" for colour in sorted(_COLOURS) if f"the {colour} square" not in boxes)
        records.append(scene_record(path.stem, path, boxes, negative=absent if number % 3 == 0 else None))
    return write_records(folder, records, name=name, **entry)


def write_records(folder: Path, records: list[Any], *, name: str = "scenes", **entry: Any) -> Path:
    """Records (objects, or lines as text) with a meta file beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [record if isinstance(record, str) else json.dumps(record, ensure_ascii=False) for record in records]
    (folder / f"{name}.jsonl").write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    meta = {name: {"root": "", "annotation": f"{name}.jsonl", "data_augment": False, "repeat_time": 1, **entry}}
    path = folder / f"meta_{name}.json"
    path.write_text(json.dumps(meta), encoding="utf-8")
    return path


def run_config(base: Path, train_meta: Path, eval_meta: Path | None = None, /, **sections: Any) -> dict[str, Any]:
    """A run.json for tests: LoRA, a few quick steps. Keyword sections are merged into the defaults."""
    config: dict[str, Any] = {
        "schema_version": 1,
        "run_id": "r_test",
        "model": {"path": str(base)},
        "data": {"train_meta": str(train_meta), "eval_meta": None if eval_meta is None else str(eval_meta)},
        "method": {"kind": "lora", "rank": 4, "alpha": 8, "dropout": 0.05, "targets": ["language"]},
        "freeze": {"vision": True, "projector": True, "language": False},
        "sequence": {"max_length": 1024, "max_dynamic_patch": 2, "min_dynamic_patch": 1, "use_thumbnail": True},
        "train": {
            "epochs": 1,
            "max_steps": 4,
            "batch_size": 4,
            "micro_batch_size": 2,
            "learning_rate": 1e-3,
            "weight_decay": 0.01,
            "warmup_ratio": 0.0,
            "schedule": "cosine",
            "max_grad_norm": 1.0,
            "adam_beta1": 0.9,
            "adam_beta2": 0.999,
            "adam_epsilon": 1e-8,
            "seed": 7,
            "precision": "float32",
            "gradient_checkpointing": False,
        },
        "checkpoint": {"every_steps": 2, "keep": 1},
        "evaluate": {"every_steps": 0, "max_samples": 4, "max_new_tokens": 8},
        "artefacts": [],
        "device": "cpu",
    }
    for name, values in sections.items():
        if isinstance(values, dict) and isinstance(config.get(name), dict) and "kind" not in values:
            config[name] = {**config[name], **values}
        else:
            config[name] = values
    return config


def write_run(folder: Path, config: dict[str, Any]) -> Path:
    """run.json in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "run.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    return path
