"""`evaluate`: everything that can be said about a predictions file, alone or beside that of another model."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from refbox_trainer.answers import bootstrap
from refbox_trainer.answers.bootstrap import Draws
from refbox_trainer.answers.breakdown import by_label, by_size, coco_of
from refbox_trainer.answers.evaluate import Compared, Comparison, Truth, compare
from refbox_trainer.answers.metrics import figures, tabulate
from refbox_trainer.answers.prediction_file import read_predictions
from refbox_trainer.answers.refcoco import is_right
from refbox_trainer.errors import TrainerError

_ALWAYS: Final = ("precision_at_1", "precision", "recall", "f1", "mean_iou", "parse_failure_rate", "duplicate_rate")


def evaluate_files(
    predictions: Path, baseline: Path | None, truths: Sequence[Truth], draws: Draws, warn: Callable[[str], None]
) -> dict[str, Any]:
    """The metrics file (contracts/evaluation.schema.json).

    Raises TrainerError("bad_data") for a broken predictions file, and when nothing in it belongs to the dataset.
    """
    tuned = _compare_file(predictions, truths, warn)
    base = None if baseline is None else _compare_file(baseline, truths, warn)
    order = {picture: row for row, picture in enumerate(dict.fromkeys(_picture(item) for item in tuned.comparisons))}
    units = _units(tuned, order)
    report = _describe(tuned, units, draws)
    report["bootstrap"] = {
        "resamples": draws.resamples,
        "seed": draws.seed,
        "level": draws.level,
        "pictures": len(order),
    }
    report["baseline"] = report["difference"] = None
    if base is not None:
        base_units = _units(base, order)
        report["baseline"] = _describe(base, base_units, draws)
        moved = bootstrap.differences(units, base_units, draws)
        report["difference"] = {name: difference._asdict() for name, difference in moved.items()}
    return report


def _compare_file(path: Path, truths: Sequence[Truth], warn: Callable[[str], None]) -> Compared:
    compared = compare(truths, read_predictions(path))
    if compared.strangers:
        warn(f"{compared.strangers} prediction(s) of {path.name} belong to no question of the data and were left out.")
    if all(item.text is None for item in compared.comparisons):
        raise TrainerError(
            "bad_data",
            f"No line of {path} belongs to an expression of the data.",
            "Give the data that the predictions were made with.",
        )
    return compared


def _describe(compared: Compared, units: np.ndarray, draws: Draws) -> dict[str, Any]:
    comparisons = compared.comparisons
    sized = [item.sized for item in comparisons]
    every = figures(units.sum(axis=0))
    coco = coco_of(sized)
    without_size = len({item.picture for item in sized if item.size is None})
    return {
        **{name: float(every[name]) for name in _ALWAYS},
        "false_positive_rate": _known(float(every["false_positive_rate"])),
        "ap50": None if coco is None else _known(coco.figures.ap50),
        "expressions": len(comparisons),
        "negatives": sum(item.case.stated and not item.case.truth for item in comparisons),
        "unanswered": sum(item.text is None for item in comparisons),
        "refcoco": _refcoco(comparisons),
        "coco": None if coco is None else {name: _known(value) for name, value in coco.figures._asdict().items()},
        "by_size": by_size(sized) if without_size < len({item.picture for item in sized}) else None,
        "by_label": by_label(sized, coco),
        "questions_without_size": without_size,
        "intervals": {name: interval._asdict() for name, interval in bootstrap.intervals(units, draws).items()},
    }


def _refcoco(comparisons: Sequence[Comparison]) -> dict[str, Any] | None:
    """Precision @ 1 by the published protocol, over the expressions it can judge; an unanswered one is wrong."""
    right, judged = 0, 0
    for item in comparisons:
        if item.official is None or item.sized.size is None:
            continue
        judged += 1
        right += item.text is not None and is_right(item.text, item.official, *item.sized.size)
    return {"precision_at_1": right / judged, "expressions": judged} if judged else None


def _picture(item: Comparison) -> tuple[str, int]:
    dataset, index, _ = item.sized.picture
    return dataset, index


def _units(compared: Compared, order: dict[Any, int]) -> np.ndarray:
    counts = tabulate([item.case for item in compared.comparisons])
    return bootstrap.by_picture(counts, [_picture(item) for item in compared.comparisons], order)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
