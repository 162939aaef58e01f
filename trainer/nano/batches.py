# ruff: noqa: N815, N803, N806 (shape suffixes of tensors are capitals)
"""Training batches drawn on the fly. A batch follows from (seed, stage, step) alone, so a resumed run sees what it
would have seen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from refbox_trainer.data.tiling import Grid, cut_tiles, normalise
from refbox_trainer.model.template import TEMPLATES

from .architecture import IMAGE_SIZE, IMAGE_TOKENS
from .charts import Charts
from .dense import BatchTargets, scene_targets, stack_targets
from .phrases import Round, Talk, converse
from .scenes import Plan, Scene, draw_scene

TEMPLATE = TEMPLATES["Hermes-2"]
LONGEST = 250
"""Tokens a conversation may have before no further question is added: batches then need little padding."""
_BOX_WEIGHTS = {3: 1.5, 2: 1.5, 1: 1.0, 0: 0.3}
"""Weight of a digit by its power of ten. One pixel of the tile is 5 thousandths, so the units digit is mostly
noise."""
_WORD_WEIGHT = 0.3
_OPENING_WEIGHT = 1.2
"""Of an answer's first token, which decides between a box and "there is none"."""


@dataclass(frozen=True)
class Batch:
    """B pictures, L tokens. All conversations carry their image block at the same place."""

    tiles_BHWC: Tensor
    """uint8; normalised in the training process, because bytes travel faster between processes."""
    ids_BL: Tensor | None
    weights_BL: Tensor | None
    """Loss weight of each token as a *label*; 0 = not supervised."""
    asked_Q3: Tensor | None
    """Picture, position that predicts the first digit of a box, and thing (numbered through the batch)."""
    targets: BatchTargets

    def to(self, device: torch.device) -> "Batch":
        """The same batch there; the tiles stay, because they are normalised first."""

        def there(tensor: Tensor | None) -> Tensor | None:
            return None if tensor is None else tensor.to(device)

        targets = BatchTargets(
            self.targets.owner_BPP.to(device), self.targets.classes_N3.to(device), self.targets.boxes_N4.to(device)
        )
        return Batch(self.tiles_BHWC, there(self.ids_BL), there(self.weights_BL), there(self.asked_Q3), targets)


class Conversations:
    """Renders rounds into token ids, label weights and the places where boxes begin."""

    def __init__(self, tokenizer: Any) -> None:
        self._encode = tokenizer.backend_tokenizer.encode
        self._digits = {token: int(text) for text in "0123456789" for token in self._ids(text)}
        self._box_start, self._box_end = (self._ids(token)[0] for token in ("<box>", "</box>"))
        opening = f"{TEMPLATE.system_role}{TEMPLATE.system_prompt}{TEMPLATE.end}{TEMPLATE.user_role}<img>"
        self.image_start = len(self._ids(opening))
        self._opening = self._ids(opening + "<IMG_CONTEXT>" * IMAGE_TOKENS + "</img>\n")

    def _ids(self, text: str) -> list[int]:
        return list(self._encode(text, add_special_tokens=False).ids)

    def prompt(self, question: str) -> list[int]:
        """Everything up to the answer of a first question."""
        return self._opening + self._ids(f"{question}{TEMPLATE.end}{TEMPLATE.assistant_role}")

    def render(self, rounds: Sequence[Round]) -> tuple[list[int], list[float], list[tuple[int, int]]]:
        """Ids, label weights, and (position before the first digit, thing) of every box."""
        ids, weights, asked = list(self._opening), [0.0] * len(self._opening), []
        for number, turn in enumerate(rounds):
            lead = self._ids(
                ("" if number == 0 else TEMPLATE.user_role) + f"{turn.question}{TEMPLATE.end}{TEMPLATE.assistant_role}"
            )
            answer = self._ids(turn.answer + TEMPLATE.end)
            if number and len(ids) + len(lead) + len(answer) > LONGEST:
                break
            ids += lead
            weights += [0.0] * len(lead)
            things = iter([thing for expression in turn.expressions for thing in expression.targets])
            answer_weights, starts = self._weigh(answer)
            asked += [(len(ids) + start - 1, thing) for start, thing in zip(starts, things, strict=True)]
            ids += answer
            weights += answer_weights
        return ids, weights, asked

    def _weigh(self, answer: list[int]) -> tuple[list[float], list[int]]:
        """Label weights of an answer and where its boxes' first digits are."""
        weights, starts = [_OPENING_WEIGHT] + [_WORD_WEIGHT] * (len(answer) - 1), []
        inside, numbers, at = False, 0, 0
        while at < len(answer):
            token = answer[at]
            inside = token == self._box_start or (inside and token != self._box_end)
            if not inside or token not in self._digits:
                at += 1
                continue
            if numbers % 4 == 0:
                starts.append(at)
            numbers += 1
            end = at
            while end < len(answer) and answer[end] in self._digits:
                end += 1
            for place in range(at, end):
                weights[place] = _BOX_WEIGHTS[end - place - 1]
            at = end
        return weights, starts


def tile_of(scene: Scene) -> np.ndarray:
    """The scene as the model sees it: one tile, uint8 [192, 192, 3]."""
    return cut_tiles(scene.picture, Grid(1, 1), tile_size=IMAGE_SIZE, use_thumbnail=False)[0]


def pixels_of(tiles_BHWC: Tensor) -> Tensor:
    """uint8 tiles to normalised float32 [B, 3, H, W]."""
    return normalise(tiles_BHWC.numpy())


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """What a batch shows."""

    count: int
    plan: Plan
    charts: Charts | None = None
    chart_share: float = 0.0

    def draw(self, rng: np.random.Generator) -> Scene:
        if self.charts is not None and rng.random() < self.chart_share:
            return self.charts.draw(rng)
        return draw_scene(rng, self.plan)


class _Steps(Dataset[Batch]):
    def __init__(self, pictures: Pictures, talk: Talk | None, seed: tuple[int, ...], tokenizer: Any) -> None:
        self._pictures, self._size, self._seed, self._talk = pictures, pictures.count, seed, talk
        self._conversations = Conversations(tokenizer)
        self._pad = tokenizer.pad_token_id

    def __getitem__(self, step: int) -> Batch:
        rng = np.random.default_rng([*self._seed, step])
        scenes: list[Scene] = []
        while len(scenes) < self._size:
            scene = self._pictures.draw(rng)
            if scene.things:
                scenes.append(scene)
        tiles = torch.from_numpy(np.stack([tile_of(scene) for scene in scenes]))
        parts = [scene_targets(scene) for scene in scenes]
        targets = stack_targets(parts)
        if self._talk is None:
            return Batch(tiles, None, None, None, targets)
        rendered = [self._conversations.render(converse(rng, scene, most=6, talk=self._talk)) for scene in scenes]
        length = max(len(ids) for ids, _, _ in rendered)
        ids_BL = torch.full((self._size, length), self._pad)
        weights_BL = torch.zeros(self._size, length)
        asked, start = [], 0
        for row, (ids, weights, boxes) in enumerate(rendered):
            ids_BL[row, : len(ids)] = torch.tensor(ids)
            weights_BL[row, : len(ids)] = torch.tensor(weights)
            asked += [(row, position, start + thing) for position, thing in boxes]
            start += len(parts[row].boxes_n4)
        return Batch(tiles, ids_BL, weights_BL, torch.tensor(asked, dtype=torch.long).view(-1, 3), targets)


def batches(
    pictures: Pictures, *, talk: Talk | None, seed: tuple[int, ...], first: int, last: int, tokenizer: Any
) -> Iterator[Batch]:
    """Batches of steps `first` to `last` - 1, drawn ahead by one worker process; without `talk` pictures only."""
    steps = _Steps(pictures, talk, seed, tokenizer)
    return iter(DataLoader(steps, batch_size=None, sampler=range(first, last), num_workers=1, prefetch_factor=6))
