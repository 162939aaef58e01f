"""Everything that can be known about a run before it starts. Torch is never imported here, so that it is quick."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final, NamedTuple

from refbox_trainer.checks.config_check import read_run_config
from refbox_trainer.checks.data_check import Split, check_data
from refbox_trainer.checks.duplicates import check_splits
from refbox_trainer.checks.model_folder import check_model
from refbox_trainer.checks.problems import Problems
from refbox_trainer.config import RunConfig, resolve
from refbox_trainer.data.packing import oversized, pack_limits
from refbox_trainer.data.samples import Sample, Tiling
from refbox_trainer.model.template import TEMPLATES
from refbox_trainer.training.ladder import fit_of
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
    """Check config, model folder, meta files, records and pictures; None when there was an error.

    What depends on something that is wrong is left out; everything else is still looked at.
    """
    config = read_run_config(run_json, problems)
    if config is None:
        return None
    base = resolve(config.model.path, run_json)
    spec, encoder = check_model(base, config, tiling_of(config), problems)
    # Without a model the records can still be read; this template allows most.
    template = spec.template if spec else TEMPLATES["internvl2_5"]
    train = check_data(resolve(config.data.train_meta, run_json), "data.train_meta", template, encoder, problems)
    evaluation = Split([], [])
    if config.data.eval_meta is not None:
        meta = resolve(config.data.eval_meta, run_json)
        evaluation = check_data(meta, "data.eval_meta", template, encoder, problems)
        check_splits(train.records, evaluation.records, problems)
    else:
        problems.info("no_evaluation", "There is no evaluation set; only the training loss will be known.")
    limits = pack_limits(config.sequence)
    tokens, tiles = [s.tokens for s in train.samples], [s.tiles for s in train.samples]
    if limits and (words := oversized(tokens, tiles, limits)):
        problems.warning(
            "longer_than_a_pack", words, "sequence.max_packed_tokens", "Raise it, or accept longer sequences for these."
        )
    check_software(config, problems)
    _check_shares(config, problems)
    _check_room(base, run_json, problems)
    return None if problems.errors else Checked(config, base, train.samples, evaluation.samples)


def _check_shares(config: RunConfig, problems: Problems) -> None:
    """Forwards of a step that do not divide by the processes leave some of them waiting."""
    count, batch = config.parallel.processes, config.train.batch_size
    if config.sequence.packing or batch < count:
        return
    forwards = -(-batch // fit_of(config, count).micro_batch_size)
    if forwards % count:
        problems.warning(
            "uneven_shares",
            f"A step has {forwards} forwards for {count} processes; {count - forwards % count} wait in its last round.",
            "train.micro_batch_size",
            "Choose batch_size as a multiple of micro_batch_size times parallel.processes.",
        )


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
