"""All records of a meta file, in the proportions it asks for, and their encoded samples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from refbox_trainer.checks.problems import Problems
from refbox_trainer.data.meta import kept_lines, read_meta
from refbox_trainer.data.records import Record, read_records
from refbox_trainer.data.samples import Sample, SampleEncoder
from refbox_trainer.model.template import Template

T = TypeVar("T")


def read_mix(meta: Path, template: Template, problems: Problems) -> list[Record]:
    """Records of every dataset, repeated as the meta file says; the same object for each repetition.

    Every line of every file is checked, also those that a repeat_time below 1 leaves out.
    """
    records: list[Record] = []
    for entry in read_meta(meta, problems):
        lines = read_records(entry, template, problems)
        kept = (lines[number] for number in kept_lines(entry, len(lines)))
        records += [record for record in kept if record is not None]
    return records


def encode_mix(records: Sequence[Record], encoder: SampleEncoder) -> list[Sample]:
    """One sample per record, refused ones included; repetitions share one sample."""
    done: dict[int, Sample] = {}
    for record in records:
        if id(record) not in done:
            done[id(record)] = encoder.encode_or_refuse(record)
    return [done[id(record)] for record in records]


def distinct(samples: Sequence[Sample]) -> list[Sample]:
    """Each sample once, in order."""
    return list({id(sample): sample for sample in samples}.values())


def evenly(items: Sequence[T], count: int) -> list[T]:
    """At most `count` items, spread over the whole sequence."""
    if len(items) <= count:
        return list(items)
    return [items[position * len(items) // count] for position in range(count)]
