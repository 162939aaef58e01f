"""`predict`: a model folder and questions to a predictions file."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final, Literal

import torch

from refbox_trainer.answers.journal import Journal
from refbox_trainer.answers.predict import Predictor
from refbox_trainer.answers.prediction_file import Asked
from refbox_trainer.answers.refcoco import question_of, read_refcoco
from refbox_trainer.checks.problems import Problems
from refbox_trainer.data.images import read_header
from refbox_trainer.data.mix import read_mix
from refbox_trainer.data.questions import Question, questions_of
from refbox_trainer.data.samples import Tiling
from refbox_trainer.errors import TrainerError
from refbox_trainer.files import write_text
from refbox_trainer.model.load import load_model
from refbox_trainer.model.spec import ModelSpec
from refbox_trainer.training.adapter import load_adapter
from refbox_trainer.training.device import choose_device, choose_precision, use_sensible_threads

_REPORT_EVERY: Final = 16


def predict_file(
    model: Path,
    out: Path,
    questions: Callable[[ModelSpec], Sequence[Question]],
    *,
    adapter: Path | None,
    device: Literal["auto", "cpu", "cuda", "mps"],
    precision: Literal["auto", "float32", "bfloat16"],
    batch_size: int,
    max_dynamic_patch: int | None,
    max_new_tokens: int,
    say: Callable[[str], None],
    refused: Path | None = None,
) -> int:
    """Answer every question once, in the order given; returns the number of lines written.

    Pictures are cut as the model's config says, which after a fine-tune is what it was trained with. The file appears
    only once it is complete; a call that is interrupted leaves a journal beside it, which the same call continues.
    With `refused`, questions about pictures that cannot be opened are left out and listed in that file, one a line.
    Raises TrainerError for a model or a record that cannot be used.
    """
    use_sensible_threads()
    place = choose_device(device)
    kind = choose_precision(precision, place)
    loaded = load_model(model, device=str(place), dtype=getattr(torch, kind))
    if adapter is not None:
        load_adapter(loaded.model, adapter)
    everything = questions(loaded.spec)
    unreadable = _unreadable(everything)
    if refused is None and unreadable:
        raise next(iter(unreadable.values()))
    asked = [question for question in everything if not any(path in unreadable for path in question.record.images)]
    tiling = Tiling.of_checkpoint(loaded.spec, max_dynamic_patch)
    settings = {**asdict(tiling), "max_new_tokens": max_new_tokens, "precision": kind}
    journal = Journal(out, _digest([model, *([adapter] if adapter else [])], settings, asked))
    if journal.discarded:
        say("an earlier attempt was made with something else; starting anew")
    predictor = Predictor(loaded, tiling, max_new_tokens=max_new_tokens, batch_size=batch_size, say=say)
    _answer_all(predictor, asked, journal, say)
    lines = [json.dumps(line, ensure_ascii=False) for key in map(_key, asked) for line in journal.answered[key]]
    if refused is not None:
        write_text(refused, "".join(line + "\n" for line in _refused_lines(everything, unreadable)))
    write_text(out, "".join(line + "\n" for line in lines))
    journal.remove()
    return len(lines)


def _unreadable(questions: Sequence[Question]) -> dict[Path, TrainerError]:
    found: dict[Path, TrainerError] = {}
    for path in dict.fromkeys(path for question in questions for path in question.record.images):
        try:
            read_header(path)
        except TrainerError as error:
            found[path] = error
    return found


def _refused_lines(questions: Sequence[Question], unreadable: dict[Path, TrainerError]) -> list[str]:
    """One line for each record with a picture that cannot be opened."""
    lines: dict[tuple[str, int], str] = {}
    for question in questions:
        record = question.record
        for name, path in zip(record.image_names, record.images, strict=True):
            if path in unreadable:
                line = {
                    "dataset": record.dataset,
                    "index": record.index,
                    "image": name,
                    "why": unreadable[path].message,
                }
                lines.setdefault((record.dataset, record.index), json.dumps(line, ensure_ascii=False))
    return list(lines.values())


def questions_of_meta(meta: Path, limit: int | None) -> Callable[[ModelSpec], list[Question]]:
    """Every question of the first `limit` records of a meta file."""

    def read(spec: ModelSpec) -> list[Question]:
        problems = Problems()
        records = read_mix(meta, spec.template, problems)
        problems.raise_errors("bad_data")
        once = list({id(record): record for record in records}.values())[:limit]
        return [question for record in once for question in questions_of(record)]

    return read


def questions_of_refcoco(split: Path, root: Path, limit: int | None) -> Callable[[ModelSpec], list[Question]]:
    """The first `limit` lines of a published split."""
    return lambda spec: [question_of(item, split.stem, root) for item in read_refcoco(split)[:limit]]


def _answer_all(
    predictor: Predictor, questions: Sequence[Question], journal: Journal, say: Callable[[str], None]
) -> None:
    missing = [question for question in questions if _key(question) not in journal.answered]
    done = len(questions) - len(missing)
    began, before = time.perf_counter(), done
    if done:
        say(f"{done} of {len(questions)} were answered by an earlier attempt")
    for question, predictions in predictor.predict(missing):
        journal.add(_key(question), predictions)
        done += 1
        if done % _REPORT_EVERY == 0 or done == len(questions):
            rate = (done - before) / max(1e-6, time.perf_counter() - began)
            say(f"predicted {done}/{len(questions)}, {rate:.3g} a second")


def _key(question: Question) -> Asked:
    return Asked(question.record.dataset, question.record.index, question.prompt)


def _digest(folders: Sequence[Path], settings: dict[str, object], questions: Sequence[Question]) -> str:
    """What answers depend on. Weights are known by size and time of writing: hashing 150 GB would take minutes."""
    files = [path for folder in folders for path in sorted(folder.resolve().glob("*")) if path.is_file()]
    stated = [[str(path), path.stat().st_size, path.stat().st_mtime_ns] for path in files]
    content = json.dumps([stated, settings, [_key(question) for question in questions]])
    return hashlib.sha256(content.encode()).hexdigest()
