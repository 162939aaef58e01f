"""Everything that can be known about a run before it starts. Torch is never imported here, so that it is quick."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from refbox_trainer.checks.problems import Problems
from refbox_trainer.config import RunConfig, read_run_config, resolve
from refbox_trainer.data.images import read_header
from refbox_trainer.data.mix import distinct, encode_mix, read_mix
from refbox_trainer.data.packing import oversized, pack_limits
from refbox_trainer.data.questions import questions_of
from refbox_trainer.data.records import Record
from refbox_trainer.data.samples import Sample, SampleEncoder, Tiling
from refbox_trainer.errors import TrainerError
from refbox_trainer.model.spec import ModelSpec, read_spec
from refbox_trainer.training.software import check_software

_ROOM_FACTOR: Final = 4
"""Free disk space, in base model sizes, below which a warning is given: two checkpoints with optimizer, artefacts."""


class Checked(NamedTuple):
    """What a run starts from, once nothing is wrong."""

    config: RunConfig
    base: Path
    train: list[Sample]
    """One per record and repetition; refused ones are included and must be left out."""
    evaluation: list[Sample]


def tiling_of(config: RunConfig) -> Tiling:
    """The run's way of cutting pictures."""
    sequence = config.sequence
    return Tiling(
        min_dynamic_patch=sequence.min_dynamic_patch,
        max_dynamic_patch=sequence.max_dynamic_patch,
        use_thumbnail=sequence.use_thumbnail,
    )


def check_run(run_json: Path, problems: Problems) -> Checked | None:
    """Check config, model folder, meta files, records and pictures; None when there was an error."""
    config = read_run_config(run_json, problems)
    if config is None:
        return None
    base = resolve(config.model.path, run_json)
    spec, encoder = _check_model(base, config, problems)
    if spec is None or encoder is None:
        return None
    train = _check_data(resolve(config.data.train_meta, run_json), "data.train_meta", spec, encoder, problems)
    evaluation: list[Sample] = []
    if config.data.eval_meta is not None:
        meta = resolve(config.data.eval_meta, run_json)
        evaluation = _check_data(meta, "data.eval_meta", spec, encoder, problems)
    else:
        problems.info("no_evaluation", "There is no evaluation set; only the training loss will be known.")
    limits = pack_limits(config.sequence)
    if limits and (words := oversized([s.tokens for s in train], [s.tiles for s in train], limits)):
        problems.warning("longer_than_a_pack", words, "sequence.max_packed_tokens", "Raise it, or leave it to be so.")
    check_software(config, problems)
    _check_room(base, run_json, problems)
    return None if problems.errors else Checked(config, base, train, evaluation)


def _check_model(base: Path, config: RunConfig, problems: Problems) -> tuple[ModelSpec | None, SampleEncoder | None]:
    try:
        spec = read_spec(base)
    except TrainerError as error:
        problems.failure(error, "model.path")
        return None, None
    if not list(base.glob("*.safetensors")):
        problems.error(
            "bad_model",
            f"{base} holds no safetensors weights; pickled weights (.bin, .pt) are not read, as they can run code.",
            "model.path",
            "Convert the weights to safetensors.",
        )
    if spec.dynamic_image_size is False and config.sequence.max_dynamic_patch > 1:
        problems.warning(
            "one_tile", "The model takes one tile per picture; max_dynamic_patch has no effect.", "sequence"
        )
    # Imported late: the tokenizer library takes a second to load, which a wrong run.json should not cost.
    from refbox_trainer.model.tokenizer_reader import load_tokenizer
    from refbox_trainer.model.tokens import resolve_token_ids

    try:
        tokenizer = load_tokenizer(base, spec)
        tokens = resolve_token_ids(tokenizer, spec.template.end)
    except TrainerError as error:
        problems.failure(error, "model.path")
        return spec, None
    return spec, SampleEncoder(tokenizer, spec, tokens, tiling_of(config), config.sequence.max_length)


def _check_data(meta: Path, key: str, spec: ModelSpec, encoder: SampleEncoder, problems: Problems) -> list[Sample]:
    records = read_mix(meta, spec.template, problems)
    once = list({id(record): record for record in records}.values())
    if not _check_pictures(once, problems) or problems.errors:
        return []
    samples = encode_mix(records, encoder)
    for sample in distinct(samples):
        if sample.outcome != "used":
            where = f"{sample.record.dataset}:{sample.record.index + 1}"
            advice = "Raise sequence.max_length or lower sequence.max_dynamic_patch."
            problems.warning(f"sample_{sample.outcome}", f"Sample {where}: {sample.reason}.", where, advice)
    usable = [sample for sample in samples if sample.outcome != "refused"]
    if not usable:
        problems.error("bad_data", f"{meta} yields no usable sample.", key, "Add records, or raise repeat_time.")
    else:
        _describe(usable, key, problems)
    return samples


def _describe(samples: list[Sample], key: str, problems: Problems) -> None:
    truths = [truth for sample in distinct(samples) for q in questions_of(sample.record) for truth in q.truth.values()]
    negatives = sum(not boxes for boxes in truths)
    longest = max((sample.tokens for sample in samples), default=0)
    problems.info(
        "data_summary",
        f"{len(samples)} samples, {len(truths)} expressions, {negatives} of them negative, longest {longest} tokens.",
        key,
    )
    if truths and not negatives and key == "data.train_meta":
        problems.warning(
            "no_negatives",
            "No expression is stated to be absent: the model will learn to draw a box for anything it is asked for.",
            key,
            "Add negatives when that matters to you.",
        )


def _check_pictures(records: Iterable[Record], problems: Problems) -> bool:
    fine = True
    seen: dict[Path, None] = {}
    for record in records:
        for path in record.images:
            if path in seen:
                continue
            seen[path] = None
            fine = _check_picture(path, record, problems) and fine
    return fine


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


def _check_room(base: Path, run_json: Path, problems: Problems) -> None:
    needed = _ROOM_FACTOR * sum(path.stat().st_size for path in base.glob("*.safetensors"))
    free = shutil.disk_usage(run_json.parent).free
    if free < needed:
        problems.warning(
            "little_disk",
            f"{free / 1e9:.1f} GB are free beside {run_json.name}; this run may need about {needed / 1e9:.1f} GB.",
            None,
            "Free space, or lower checkpoint.keep.",
        )
