"""A record becomes numbers: token ids, labels and the grid of every picture. Pixels follow when they are needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from refbox_trainer.data.images import read_header
from refbox_trainer.data.records import IMAGE, Record
from refbox_trainer.data.tiling import Grid, choose_grid, count_tiles
from refbox_trainer.errors import TrainerError
from refbox_trainer.model.spec import ModelSpec
from refbox_trainer.model.template import Rendered, Turn, render, render_prompt
from refbox_trainer.model.tokens import IMAGE_CONTEXT, IMG_END, IMG_START, TokenIds

IGNORED: Final = -100
"""The label that cross entropy leaves out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tiling:
    """How pictures are cut."""

    min_dynamic_patch: int
    max_dynamic_patch: int
    use_thumbnail: bool

    @classmethod
    def of_checkpoint(cls, spec: ModelSpec, max_dynamic_patch: int | None = None) -> Tiling:
        """As the checkpoint's config says, which after a fine-tune is what it was trained with; or into at most
        `max_dynamic_patch` tiles."""
        return cls(
            min_dynamic_patch=spec.min_dynamic_patch,
            max_dynamic_patch=max_dynamic_patch or spec.max_dynamic_patch,
            use_thumbnail=spec.use_thumbnail,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """One training sequence. `input_ids` and `labels` are int64 [n]; a label says what the token itself is."""

    record: Record
    input_ids: np.ndarray
    labels: np.ndarray
    grids: tuple[Grid, ...]
    tiles: int
    """Over all pictures, thumbnails included."""
    rendered: str
    outcome: Literal["used", "truncated", "refused"]
    reason: str | None

    @property
    def tokens(self) -> int:
        return len(self.input_ids)

    @property
    def supervised(self) -> int:
        """Tokens that are predicted and count in the loss; nothing stands before the first token."""
        return int((self.labels[1:] != IGNORED).sum())


class SampleEncoder:
    """Encodes records for one model and one way of cutting pictures. Without `max_length` nothing is too long."""

    def __init__(
        self, tokenizer: Any, spec: ModelSpec, tokens: TokenIds, tiling: Tiling, max_length: int | None = None
    ) -> None:
        self._tokenizer = tokenizer
        self._spec = spec
        self._tokens = tokens
        self._tiling = tiling
        self._max_length = max_length

    def grids(self, record: Record) -> tuple[Grid, ...]:
        """The grid of each picture. Several pictures share the tile limit, each getting at least one tile."""
        if not record.images:
            return ()
        limit = record.max_dynamic_patch or self._tiling.max_dynamic_patch
        if len(record.images) > 1:
            limit = max(1, limit // len(record.images))
        if not self._spec.dynamic_image_size:
            return tuple(Grid(1, 1) for _ in record.images)
        smallest = min(self._tiling.min_dynamic_patch, limit)
        sizes = [read_header(path) for path in record.images]
        return tuple(
            choose_grid(size.width, size.height, min_tiles=smallest, max_tiles=limit, tile_size=self._spec.image_size)
            for size in sizes
        )

    def encode(self, record: Record, grids: tuple[Grid, ...] | None = None) -> Sample:
        """Ids and labels, cut on the right at the maximum length as the original does.

        `grids` spares looking at the pictures again where they are known.
        A sample is refused when the cut removes a part of a picture or every supervised token.
        Raises TrainerError("bad_data") when a picture cannot be opened.
        """
        if grids is None:
            grids = self.grids(record)
        rendered = render(self._spec.template, self.with_image_blocks(record.turns, grids))
        ids, labels = self._tokenize(rendered)
        outcome: Literal["used", "truncated", "refused"] = "used"
        reason = None
        if self._max_length is not None and len(ids) > self._max_length:
            full = len(ids)
            ids, labels = ids[: self._max_length], labels[: self._max_length]
            if int((ids == self._tokens.img_end).sum()) != len(grids):
                outcome, reason = "refused", f"{full} tokens, and the limit {self._max_length} cuts into a picture"
            elif not (labels != IGNORED).any():
                outcome, reason = "refused", f"{full} tokens, and no answer lies within the limit {self._max_length}"
            else:
                outcome, reason = "truncated", f"{full} tokens cut to {self._max_length}"
        elif not (labels[1:] != IGNORED).any():
            outcome, reason = "refused", "no token is supervised"
        return Sample(
            record=record,
            input_ids=ids,
            labels=labels,
            grids=grids,
            tiles=sum(count_tiles(grid, use_thumbnail=self._tiling.use_thumbnail) for grid in grids),
            rendered=rendered.text,
            outcome=outcome,
            reason=reason,
        )

    def encode_or_refuse(self, record: Record) -> Sample:
        """Like encode, but a picture that cannot be opened makes a refused sample instead of an error."""
        try:
            return self.encode(record)
        except TrainerError as error:
            nothing = np.zeros(0, dtype=np.int64)
            return Sample(
                record=record,
                input_ids=nothing,
                labels=nothing,
                grids=(),
                tiles=0,
                rendered="",
                outcome="refused",
                reason=error.message,
            )

    def encode_prompt(self, turns: Sequence[Turn], grids: tuple[Grid, ...]) -> np.ndarray:
        """Ids [n] of a conversation that ends with a question, up to the assistant's role string."""
        text = render_prompt(self._spec.template, self.with_image_blocks(turns, grids))
        return np.asarray(self._tokenizer(text)["input_ids"], dtype=np.int64)

    def with_image_blocks(self, turns: Sequence[Turn], grids: Sequence[Grid]) -> list[Turn]:
        """The turns with each `<image>` written out as `<img>`, its visual tokens and `</img>`."""
        left = list(grids)
        result = []
        for turn in turns:
            text = turn.text
            while left and IMAGE in text:
                tiles = count_tiles(left.pop(0), use_thumbnail=self._tiling.use_thumbnail)
                block = IMG_START + IMAGE_CONTEXT * (self._spec.num_image_token * tiles) + IMG_END
                text = text.replace(IMAGE, block, 1)
            result.append(Turn(turn.role, text))
        return result

    def _tokenize(self, rendered: Rendered) -> tuple[np.ndarray, np.ndarray]:
        # The text is tokenized once as a whole and labels are found by character position, so that a mask can never
        # slip against the tokens (the original re-tokenizes pieces and drops the sample when the lengths disagree).
        # A token that reaches over the border of an answer is not supervised.
        encoded = self._tokenizer(rendered.text, return_offsets_mapping=True)
        ids = np.asarray(encoded["input_ids"], dtype=np.int64)
        offsets = np.asarray(encoded["offset_mapping"], dtype=np.int64).reshape(-1, 2)
        labels = np.full_like(ids, IGNORED)
        for start, end in rendered.spans:
            inside = (offsets[:, 0] >= start) & (offsets[:, 1] <= end) & (offsets[:, 1] > offsets[:, 0])
            labels[inside] = ids[inside]
        return ids, labels


def supervised_text(sample: Sample, tokenizer: Any) -> str:
    """The text that the sample teaches, end tokens included."""
    supervised = [int(label) for label in sample.labels if label != IGNORED]
    return tokenizer.decode(supervised, skip_special_tokens=False)
