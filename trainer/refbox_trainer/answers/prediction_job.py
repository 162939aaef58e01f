"""`predict`: a model folder and a meta file to a predictions file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from refbox_trainer.answers.predict import Predictor, write_predictions
from refbox_trainer.checks.problems import Problems
from refbox_trainer.data.images import read_header
from refbox_trainer.data.mix import read_mix
from refbox_trainer.data.questions import questions_of
from refbox_trainer.data.samples import Tiling
from refbox_trainer.model.load import load_model
from refbox_trainer.training.adapter import load_adapter
from refbox_trainer.training.device import choose_device, use_sensible_threads

_REPORT_EVERY = 16


def predict_meta(
    model: Path,
    meta: Path,
    out: Path,
    *,
    adapter: Path | None,
    device: Literal["auto", "cpu", "cuda", "mps"],
    limit: int | None,
    max_dynamic_patch: int | None,
    max_new_tokens: int,
    say: Callable[[str], None],
) -> int:
    """Answer every question of the dataset once; returns the number of lines written.

    Pictures are cut as the model's config says, which after a fine-tune is what it was trained with.
    Raises TrainerError for a model or a record that cannot be used.
    """
    use_sensible_threads()
    loaded = load_model(model, device=str(choose_device(device)))
    if adapter is not None:
        load_adapter(loaded.model, adapter)
    problems = Problems()
    records = read_mix(meta, loaded.spec.template, problems)
    problems.raise_errors("bad_data")
    once = list({id(record): record for record in records}.values())[:limit]
    for record in once:
        for path in record.images:
            read_header(path)
    tiling = Tiling(
        min_dynamic_patch=loaded.spec.min_dynamic_patch,
        max_dynamic_patch=max_dynamic_patch or loaded.spec.max_dynamic_patch,
        use_thumbnail=loaded.spec.use_thumbnail,
    )
    questions = [question for record in once for question in questions_of(record)]

    def report(done: int, total: int) -> None:
        if done % _REPORT_EVERY == 0 or done == total:
            say(f"predicted {done}/{total}")

    return write_predictions(Predictor(loaded, tiling, max_new_tokens=max_new_tokens), questions, out, report)
