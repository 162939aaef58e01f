"""The data of a run: records, pictures, what becomes of each sample."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from refbox_trainer.checks.box_scale import check_scales
from refbox_trainer.checks.duplicates import check_repeated_records
from refbox_trainer.checks.problems import Problems
from refbox_trainer.data.images import read_header
from refbox_trainer.data.mix import distinct, encode_mix, read_mix
from refbox_trainer.data.questions import questions_of
from refbox_trainer.data.records import Record
from refbox_trainer.data.samples import Sample, SampleEncoder
from refbox_trainer.errors import TrainerError
from refbox_trainer.model.template import Template


class Split(NamedTuple):
    """What one meta file gives; both lists may be incomplete when something was reported."""

    records: list[Record]
    """Each once."""
    samples: list[Sample]
    """One per record and repetition, refused ones included."""


def check_data(meta: Path, key: str, template: Template, encoder: SampleEncoder | None, problems: Problems) -> Split:
    """Check one meta file and everything it names. Without an encoder samples are not made."""
    records = read_mix(meta, template, problems)
    once = list({id(record): record for record in records}.values())
    readable = _check_pictures(once, problems)
    check_scales(once, problems)
    check_repeated_records(once, problems)
    if encoder is None:
        return Split(once, [])
    samples = encode_mix([record for record in records if id(record) in readable], encoder)
    _report_samples(samples, meta, key, problems)
    return Split(once, samples)


def _report_samples(samples: Sequence[Sample], meta: Path, key: str, problems: Problems) -> None:
    once = distinct(samples)
    for sample in once:
        if sample.outcome != "used":
            where = f"{sample.record.dataset}:{sample.record.index + 1}"
            advice = "Raise sequence.max_length or lower sequence.max_dynamic_patch."
            problems.warning(f"sample_{sample.outcome}", f"Sample {where}: {sample.reason}.", where, advice)
    usable = [sample for sample in samples if sample.outcome != "refused"]
    if not usable:
        problems.error("bad_data", f"{meta} yields no usable sample.", key, "Add records, or raise repeat_time.")
        return
    odd = {outcome: sum(s.outcome == outcome for s in once) for outcome in ("truncated", "refused")}
    truths = [truth for sample in distinct(usable) for q in questions_of(sample.record) for truth in q.truth.values()]
    negatives = sum(not boxes for boxes in truths)
    longest = max(usable, key=lambda sample: sample.tokens)
    problems.info(
        "data_summary",
        f"{len(usable)} samples, {len(truths)} expressions, {negatives} of them negative; {odd['truncated']} records "
        f"are cut and {odd['refused']} left out; the longest has {longest.tokens} tokens and {longest.tiles} tiles "
        f"({longest.record.dataset}:{longest.record.index + 1}).",
        key,
    )
    if truths and not negatives and key == "data.train_meta":
        problems.warning(
            "no_negatives",
            "No expression is stated to be absent: the model will learn to draw a box for anything it is asked for.",
            key,
            "Add negatives when that matters to you.",
        )


def _check_pictures(records: Sequence[Record], problems: Problems) -> set[int]:
    """Ids of the records whose pictures can all be opened."""
    fine: dict[Path, bool] = {}
    for record in records:
        for path in record.images:
            if path not in fine:
                fine[path] = _check_picture(path, record, problems)
    return {id(record) for record in records if all(fine[path] for path in record.images)}


def _check_picture(path: Path, record: Record, problems: Problems) -> bool:
    where = f"{record.dataset}:{record.index + 1}:image"
    try:
        header = read_header(path)
    except TrainerError as error:
        problems.failure(error, where)
        return False
    if header.orientation != 1:
        problems.warning(
            "exif_orientation",
            f"{path.name} carries EXIF orientation {header.orientation}, which is ignored: the model sees it unturned.",
            where,
            "Bake the orientation into the pixels, and make sure that the boxes belong to the pixels as stored.",
        )
    stated = (record.width, record.height)
    if len(record.images) == 1 and None not in stated and stated != (header.width, header.height):
        problems.warning(
            "other_size",
            f"{path.name} has {header.width}x{header.height} pixels, the record says {stated[0]}x{stated[1]}.",
            where,
            "Check that the boxes were made on the same picture.",
        )
    return True
