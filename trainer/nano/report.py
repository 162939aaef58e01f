"""How well a checkpoint grounds, on scenes of a held-out seed: `python -m nano.report --model nano/RefBox-Nano`.

P@1: the first box of the answer has at least the asked IoU with a true box. Intervals are 95 % bootstrap intervals
over pictures. "Novel pairs" asks for colour and shape together where training never showed the two on one thing.
"""

import argparse
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from refbox_trainer.model.load import load_model

from .batches import Conversations, pixels_of, tile_of
from .charts import Charts, open_charts
from .phrases import DETECT, REFER, Expression, Talk, answer_box, describe, draw_expression, per_mille
from .scenes import HELD_OUT, Plan, Scene, draw_scene
from .shapes import BLOCKS, SHAPES
from .words import SHAPE_ZH, Language

HELD_OUT_SEED = 1_000_003
Box = tuple[int, int, int, int]
_NUMBERS = re.compile(r"\[(\d+), (\d+), (\d+), (\d+)\]")
_GROUNDED = re.compile(r"<ref>(.*?)</ref><box>(.*?)</box>")


@dataclass(frozen=True)
class Case:
    """One phrase about one picture."""

    scene: Scene
    expression: Expression


def held_out_cases(count: int, plan: Plan, language: Language | None = None, talk: Talk | None = None) -> list[Case]:
    """One phrase with at least one box for each of `count` scenes; without a language, English and Chinese in turn."""
    cases: list[Case] = []
    number = 0
    while len(cases) < count:
        rng = np.random.default_rng([HELD_OUT_SEED, plan.fewest, plan.most, number])
        number += 1
        scene = draw_scene(rng, plan)
        expression = draw_expression(rng, scene, language or ("zh" if number % 2 else "en"), talk or Talk())
        if expression is not None and expression.targets:
            cases.append(Case(scene, expression))
    return cases


def novel_cases(count: int, language: Language) -> list[Case]:
    """Pictures of one to four things, one of which shows a pair of colour and shape that training never drew."""
    pairs = sorted(HELD_OUT)
    cases: list[Case] = []
    number = 0
    while len(cases) < count:
        colour, shape = pairs[number % len(pairs)]
        scene = draw_scene(
            np.random.default_rng([HELD_OUT_SEED, 77, number]), Plan(fewest=1, most=4, must_show=(colour, shape))
        )
        number += 1
        fits = tuple(i for i, thing in enumerate(scene.things) if (thing.colour, thing.shape) == (colour, shape))
        if len(fits) == 1:
            noun = describe(language, shape=shape, colour=colour, fill=None)
            cases.append(Case(scene, Expression(language, f"the {noun}" if language == "en" else noun, fits)))
    return cases


def answers(model: Any, tokenizer: Any, cases: Sequence[Case], longest: int = 96) -> list[str]:
    """Greedy answers to the referring question of each case, special tokens kept."""
    questions = [REFER[case.expression.language].format(case.expression.phrase) for case in cases]
    return generate(model, tokenizer, [case.scene for case in cases], questions, longest)


@torch.no_grad()
def generate(
    model: Any, tokenizer: Any, scenes: Sequence[Scene], questions: Sequence[str], longest: int, size: int = 32
) -> list[str]:
    """Greedy answers, `size` at a time, padded on the left."""
    conversations = Conversations(tokenizer)
    model.eval()
    end = tokenizer.convert_tokens_to_ids("<|im_end|>")
    texts: list[str] = []
    for start in range(0, len(scenes), size):
        prompts = [conversations.prompt(question) for question in questions[start : start + size]]
        width = max(map(len, prompts))
        ids = torch.full((len(prompts), width), tokenizer.pad_token_id)
        mask = torch.zeros(len(prompts), width, dtype=torch.long)
        for row, prompt in enumerate(prompts):
            ids[row, width - len(prompt) :] = torch.tensor(prompt)
            mask[row, width - len(prompt) :] = 1
        tiles = torch.from_numpy(np.stack([tile_of(scene) for scene in scenes[start : start + size]]))
        out = model.generate(
            input_ids=ids.to(model.device),
            attention_mask=mask.to(model.device),
            pixel_values=pixels_of(tiles).to(model.device),
            max_new_tokens=longest,
            do_sample=False,
            eos_token_id=end,
            pad_token_id=tokenizer.pad_token_id,
        )
        texts += tokenizer.batch_decode(out[:, width:], skip_special_tokens=False)
    return texts


def first_box_iou(text: str, case: Case) -> float:
    """Best IoU of the first box of an answer with any true box; 0 where the answer has none."""
    inside = text.partition("<box>")[2].partition("</box>")[0]
    boxes = _boxes(inside)
    truths = [answer_box(case.scene, i) for i in case.expression.targets]
    return max((iou(boxes[0], truth) for truth in truths), default=0.0) if boxes else 0.0


def iou(a: Box, b: Box) -> float:
    """Intersection over union on the 0..1000 scale, which equals that in pixels."""
    inner = max(0, min(a[2], b[2]) - max(a[0], b[0])) * max(0, min(a[3], b[3]) - max(a[1], b[1]))
    both = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - inner
    return inner / both if both > 0 else 0.0


def _boxes(text: str) -> list[Box]:
    return [(int(a), int(b), int(c), int(d)) for a, b, c, d in _NUMBERS.findall(text)]


def chart_cases(charts: Charts, count: int, language: Language | None = None, *, links: bool) -> list[Case]:
    """A question about a shape of each of `count` held-out charts, or about its links; languages as above."""
    cases: list[Case] = []
    talk = Talk(links=1.0) if links else Talk(links=0.0, absent=0.0, said=0.0)
    for number in range(charts.taught, len(charts.records)):
        if len(cases) == count:
            break
        scene = charts.scene(number)
        if links and not scene.connectors:
            continue
        rng = np.random.default_rng([HELD_OUT_SEED, 78, number])
        expression = draw_expression(rng, scene, language or ("zh" if number % 2 else "en"), talk)
        if expression is not None and expression.targets:
            cases.append(Case(scene, expression))
    return cases


def quick_precision(model: Any, tokenizer: Any, charts: Charts | None = None, count: int = 48) -> dict[str, float]:
    """P@1 at IoU 0.5 for pictures of one, two to three, and four to seven things, and for charts: the curve that
    training is watched by."""
    figures = {}
    plans = {"one": Plan(fewest=1, most=1), "few": Plan(fewest=2, most=3), "many": Plan(fewest=4, most=7, diagrams=0.5)}
    watched = {name: held_out_cases(count, plan) for name, plan in plans.items()}
    if charts is not None:
        watched |= {
            "blocks": chart_cases(charts, 2 * count, links=False),
            "links": chart_cases(charts, 2 * count, links=True),
        }
    for name, cases in watched.items():
        with torch.autocast(model.device.type, torch.bfloat16):
            texts = answers(model, tokenizer, cases)
        figures[name] = round(
            float(np.mean([first_box_iou(text, case) >= 0.5 for text, case in zip(texts, cases, strict=True)])), 3
        )
    return figures


def interval(
    values: Sequence[float], measure: Callable[[np.ndarray], float] = np.mean, draws: int = 2000
) -> list[float]:
    """[measure, lower, upper]: 95 % bootstrap interval over the rows of `values`."""
    rows = np.asarray(values, dtype=np.float64)
    rng = np.random.default_rng(0)
    tries = [measure(rows[rng.integers(0, len(rows), len(rows))]) for _ in range(draws)]
    return [round(float(x), 3) for x in (measure(rows), *np.percentile(tries, [2.5, 97.5]))]


def referring(model: Any, tokenizer: Any, cases: Sequence[Case]) -> dict[str, list[float]]:
    """P@1 at IoU 0.5 and 0.75."""
    ious = [first_box_iou(text, case) for text, case in zip(answers(model, tokenizer, cases), cases, strict=True)]
    return {f"p@1 iou {least}": interval([float(value >= least) for value in ious]) for least in (0.5, 0.75)}


def detection(model: Any, tokenizer: Any, count: int, language: Language) -> dict[str, list[float]]:
    """F1 at IoU 0.5 of "detect and label all objects"; a box counts only under the right label."""
    scenes = [case.scene for case in held_out_cases(count, Plan(fewest=1, most=5), language)]
    rows = []
    for text, scene in zip(
        generate(model, tokenizer, scenes, [DETECT[language]] * count, longest=320), scenes, strict=True
    ):
        found = [(label, box) for label, boxes in _GROUNDED.findall(text) for box in _boxes(boxes)]
        truths = [
            (thing.shape if language == "en" else SHAPE_ZH[thing.shape], per_mille(thing.box, *scene.size))
            for thing in scene.things
        ]
        left, hits = list(truths), 0
        for label, box in found:
            match = next((truth for truth in left if truth[0] == label and iou(truth[1], box) >= 0.5), None)
            if match is not None:
                left.remove(match)
                hits += 1
        rows.append((hits, len(found), len(truths)))

    def f1(part: np.ndarray) -> float:
        hits, found, truths = part.sum(0)
        return 2 * hits / (found + truths)

    return {"f1 iou 0.5": interval(rows, f1)}  # type: ignore[arg-type]


def absent(model: Any, tokenizer: Any, count: int, language: Language) -> dict[str, list[float]]:
    """Share of questions for a shape that is not in the picture that are answered without a box."""
    cases = []
    for number, case in enumerate(held_out_cases(count, Plan(fewest=1, most=5), language)):
        missing = [
            name
            for name in ("star", "tree", "car", "house", "fish", "cross")
            if all(t.shape != name for t in case.scene.things)
        ]
        name = missing[number % len(missing)]
        assert name in SHAPES
        cases.append(Case(case.scene, Expression(language, name if language == "en" else SHAPE_ZH[name], ())))
    return {"no box": interval([float("<box>" not in text) for text in answers(model, tokenizer, cases)])}


def absent_on_charts(
    model: Any, tokenizer: Any, charts: Charts, count: int, language: Language
) -> dict[str, list[float]]:
    """Share of questions for a block that a held-out chart does not show that are answered without a box."""
    cases = []
    for number in range(charts.taught, min(charts.taught + count, len(charts.records))):
        scene = charts.scene(number)
        shown = {thing.shape for thing in scene.things}
        # What differs by a corner only would be a question of taste.
        shown |= {"rectangle", "rounded rectangle"} if shown & {"rectangle", "rounded rectangle"} else set()
        missing = [name for name in BLOCKS if name not in shown]
        name = missing[number % len(missing)]
        cases.append(Case(scene, Expression(language, name if language == "en" else SHAPE_ZH[name], ())))
    return {"no box": interval([float("<box>" not in text) for text in answers(model, tokenizer, cases)])}


def measure(model: Any, tokenizer: Any, count: int, charts: Charts | None = None) -> dict[str, dict[str, list[float]]]:
    """Every figure of the model card, each as [value, lower, upper]; those of charts where there are any."""
    figures: dict[str, dict[str, list[float]]] = {}
    languages: tuple[Language, ...] = ("en", "zh")
    plans = {
        "one thing": Plan(fewest=1, most=1),
        "2-3 things": Plan(fewest=2, most=3),
        "4-7 things": Plan(fewest=4, most=7, diagrams=0.5),
    }
    for language in languages:
        for name, plan in plans.items():
            figures[f"{language}, {name}"] = referring(model, tokenizer, held_out_cases(count, plan, language))
        figures[f"{language}, novel pairs"] = referring(model, tokenizer, novel_cases(count, language))
        links = held_out_cases(count, Plan(fewest=2, most=5, diagrams=1.0, ranked=1.0), language, Talk(links=1.0))
        figures[f"{language}, links"] = referring(model, tokenizer, [case for case in links if case.scene.connectors])
        figures[f"{language}, detection"] = detection(model, tokenizer, count, language)
        figures[f"{language}, absent"] = absent(model, tokenizer, count, language)
        if charts is None:
            continue
        for name, links in (("blocks of charts", False), ("links of charts", True)):
            cases = chart_cases(charts, count, language, links=links)
            figures[f"{language}, {name}"] = referring(model, tokenizer, cases)
        figures[f"{language}, absent on charts"] = absent_on_charts(model, tokenizer, charts, count, language)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--count", type=int, default=200, help="pictures for each figure")
    parser.add_argument("--charts", type=Path, metavar="DIR", help="the charts of the pre-training: its last ones")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    loaded = load_model(arguments.model)
    charts = open_charts(arguments.charts) if arguments.charts else None
    print(json.dumps(measure(loaded.model, loaded.tokenizer, arguments.count, charts), indent=1))


if __name__ == "__main__":
    main()
