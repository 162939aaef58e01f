"""What the measurements of the trainer share: its import path, drawn records, and how figures are printed."""

from __future__ import annotations

import json
import os
import platform
import random
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TRAINER = ROOT / "trainer"
sys.path.insert(0, str(TRAINER))

# isort: split
from PIL import Image, ImageDraw  # noqa: E402

from refbox_trainer.data.coordinates import Box, encode_box  # noqa: E402
from refbox_trainer.data.grounding import referring_answer, referring_question  # noqa: E402

NANO = TRAINER / "nano" / "RefBox-Nano"
_COLOURS = {"red": (220, 40, 40), "green": (40, 160, 60), "blue": (40, 70, 210), "yellow": (230, 200, 40)}


def draw_records(folder: Path, count: int, *, longest_side: int = 1280, seed: int = 0) -> Path:
    """JPEG photographs of coloured boxes, of many shapes and with one to four questions each; returns the meta file."""
    folder.mkdir(parents=True)
    rng = random.Random(seed)
    with (folder / "scenes.jsonl").open("w", encoding="utf-8") as lines:
        for number in range(count):
            lines.write(json.dumps(_draw(folder / f"{number:04d}.jpg", rng, longest_side)) + "\n")
    meta = folder / "meta.json"
    meta.write_text(json.dumps({"scenes": {"root": "", "annotation": "scenes.jsonl", "repeat_time": 1}}))
    return meta


def _draw(path: Path, rng: random.Random, longest_side: int) -> dict[str, Any]:
    wide, other = longest_side, int(longest_side * rng.uniform(0.35, 1.0))
    width, height = (wide, other) if rng.random() < 0.6 else (other, wide)
    # Noise of low frequency compresses like a photograph does.
    ground = Image.effect_noise((width // 8, height // 8), 60).resize((width, height)).convert("RGB")
    draw = ImageDraw.Draw(ground)
    turns: list[dict[str, str]] = []
    for colour in rng.sample(sorted(_COLOURS), rng.randint(1, 4)):
        x, y = rng.uniform(0, 0.6) * width, rng.uniform(0, 0.6) * height
        box = Box(x, y, x + rng.uniform(0.1, 0.4) * width, y + rng.uniform(0.1, 0.4) * height)
        draw.rectangle(tuple(box), fill=_COLOURS[colour])
        label = f"the {colour} box"
        question = referring_question(label)
        turns.append({"from": "human", "value": question if turns else f"<image>\n{question}"})
        turns.append({"from": "gpt", "value": referring_answer(label, [encode_box(box, width, height)])})
    ground.save(path, quality=90)
    return {"image": path.name, "width": width, "height": height, "conversations": turns}


def hardware() -> str:
    """The machine and the libraries that the figures belong to."""
    import torch
    import transformers

    model = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").is_file():
        names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
        model = names[0].split(":", 1)[1].strip() if names else model
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    versions = f"Python {platform.python_version()}, torch {torch.__version__}, transformers {transformers.__version__}"
    return f"{cores} × {model}, {torch.get_num_threads()} threads, load {os.getloadavg()[0]:.1f}, {versions}"


def print_table(title: str, unit: str, baseline: tuple[str, float], others: list[tuple[str, float]]) -> None:
    """Rates in `unit` a second, each with its ratio to the baseline of this very run."""
    print(f"\n{title}")
    for name, rate in [baseline, *others]:
        ratio = "baseline" if name == baseline[0] else f"{rate / baseline[1]:.2f}× the baseline"
        print(f"  {name.ljust(58)} {rate:10.2f} {unit}/s  {ratio}")
