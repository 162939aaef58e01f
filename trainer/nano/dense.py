# ruff: noqa: N803, N815 (shape suffixes of tensors are capitals)
"""Auxiliary losses that teach the parts of the model before, and while, the whole learns to speak. Their heads are
thrown away.

Trained from answers alone, a model of this size stays at chance for tens of thousands of pictures: the digits say too
little about where to look. Two cheap signals cure that:

* `CellHeads` reads what lies under each patch, from the tower's patches and again from the visual tokens behind the
  projector (four patches each): is there a thing, which shape, colour and filling, and the box of the whole thing (as
  numbers and as leading digits, which is how the decoder will have to spell it).
* `Pointer` asks, half way up the decoder and just before a box is spelt, which visual tokens the box covers.

Shapes: B pictures, P patches a side (12), T tokens a side (6), N things of the whole batch, D decoder width, Q boxes
asked for.
"""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from torch import Tensor, nn

from .architecture import PATCHES_PER_SIDE
from .scenes import Scene
from .shapes import COLOURS, SHAPES

CODE_SIDE = 6
FILLS = ("filled", "outlined", "striped")
_SHAPE_IDS = {name: i for i, name in enumerate(SHAPES)}
_COLOUR_IDS = {name: i for i, name in enumerate(COLOURS)}
UNKNOWN = -100
"""The class index that cross entropy skips: a thing without an honest colour word."""


def _shape_codes() -> Tensor:
    """[shapes, 36]: the silhouette of each shape on a 6 x 6 grid over its box, as shares of covered area."""
    scale = 10
    codes = []
    for parts in SHAPES.values():
        mask = Image.new("L", (CODE_SIDE * scale, CODE_SIDE * scale), 0)
        for points, _ in parts():
            ImageDraw.Draw(mask).polygon([(float(x), float(y)) for x, y in points * (CODE_SIDE * scale - 1)], fill=255)
        cells = np.asarray(mask, dtype=np.float32).reshape(CODE_SIDE, scale, CODE_SIDE, scale).mean(axis=(1, 3)) / 255
        codes.append(cells.ravel())
    return torch.from_numpy(np.stack(codes))


SHAPE_CODES = _shape_codes()
"""A name is one bit of news for a whole silhouette, and was read only slightly above chance after 17,000 pictures.
The silhouette itself is many small questions, some of which a single patch can answer."""


@dataclass(frozen=True)
class SceneTargets:
    """What one scene teaches densely. n things."""

    owner_PP: NDArray[np.int64]
    """Index of the thing or connector under each patch, -1 for background."""
    classes_n3: NDArray[np.int64]
    """Shape, colour and filling; all unknown for a connector. Connectors come after the things."""
    boxes_n4: NDArray[np.float32]
    """x1, y1, x2, y2 as shares of the picture."""


def scene_targets(scene: Scene) -> SceneTargets:
    """A patch belongs to the smallest thing whose box holds its centre, else to the connector that runs through it;
    each thing owns at least the patch at its middle."""
    side = PATCHES_PER_SIDE
    count = len(scene.things) + len(scene.connectors)
    size = np.array([*scene.size, *scene.size], dtype=np.float32)
    boxes = np.array([t.box for t in (*scene.things, *scene.connectors)], dtype=np.float32).reshape(count, 4) / size
    owner = np.full((side, side), -1, dtype=np.int64)
    for index, connector in enumerate(scene.connectors, start=len(scene.things)):
        covered = np.asarray(connector.mask.resize((side, side), Image.Resampling.BOX)) > 0
        owner[covered] = index
    centres = (np.arange(side) + 0.5) / side
    things = boxes[: len(scene.things)]
    areas = (things[:, 2] - things[:, 0]) * (things[:, 3] - things[:, 1])
    for index in np.argsort(-areas):
        x1, y1, x2, y2 = things[index]
        rows = (centres >= y1) & (centres < y2)
        columns = (centres >= x1) & (centres < x2)
        owner[np.ix_(rows, columns)] = index
    for index, (x1, y1, x2, y2) in enumerate(things):
        owner[min(int((y1 + y2) / 2 * side), side - 1), min(int((x1 + x2) / 2 * side), side - 1)] = index
    classes = [
        (_SHAPE_IDS[t.shape], UNKNOWN if t.colour is None else _COLOUR_IDS[t.colour], FILLS.index(t.fill))
        for t in scene.things
    ] + [(UNKNOWN, UNKNOWN, UNKNOWN)] * len(scene.connectors)
    return SceneTargets(owner, np.array(classes, dtype=np.int64).reshape(count, 3), boxes)


@dataclass(frozen=True)
class BatchTargets:
    """`SceneTargets` of a batch, with the things of all pictures in one list."""

    owner_BPP: Tensor
    classes_N3: Tensor
    boxes_N4: Tensor


def stack_targets(scenes: list[SceneTargets]) -> BatchTargets:
    """Things are renumbered through the batch; background stays -1."""
    owners, start = [], 0
    for one in scenes:
        owners.append(np.where(one.owner_PP >= 0, one.owner_PP + start, -1))
        start += len(one.boxes_n4)
    return BatchTargets(
        torch.from_numpy(np.stack(owners)),
        torch.from_numpy(np.concatenate([one.classes_n3 for one in scenes])),
        torch.from_numpy(np.concatenate([one.boxes_n4 for one in scenes])),
    )


class CellHeads(nn.Module):
    """One linear reading of each token, for its `patches` x `patches` patches at once."""

    SIZES = (1, len(SHAPES), len(COLOURS), len(FILLS), 4, 40, 40, CODE_SIDE**2)
    """Objectness, three classes, the box, the hundreds and tens digit of each of its four numbers, the silhouette."""

    def __init__(self, width: int, patches: int) -> None:
        super().__init__()
        self.patches = patches
        self.norm = nn.LayerNorm(width)
        self.read = nn.Linear(width, patches**2 * sum(self.SIZES))

    def forward(self, tokens_BTD: Tensor, targets: BatchTargets) -> tuple[Tensor, dict[str, float]]:
        """The loss, and shares of patches that are read rightly (for the log)."""
        pictures, tokens, _ = tokens_BTD.shape
        side, inner = int(tokens**0.5), self.patches
        cells = self.read(self.norm(tokens_BTD)).float().view(pictures, side, side, inner, inner, -1)
        cells = cells.permute(0, 1, 3, 2, 4, 5).reshape(pictures, inner * side, inner * side, -1)
        there, *rest = cells.split(self.SIZES, dim=-1)
        owned = targets.owner_BPP >= 0
        named = targets.classes_N3[targets.owner_BPP.clamp(min=0), 0] != UNKNOWN
        loss = F.binary_cross_entropy_with_logits(there[..., 0], (owned & named).float())
        if not owned.any():
            return loss, {}
        owner = targets.owner_BPP[owned]
        shape, colour, fill, box, hundreds, tens, code = (part[owned] for part in rest)
        weight = targets.boxes_N4.new_zeros(len(targets.boxes_N4)).index_add_(
            0, owner, torch.ones_like(owner, dtype=torch.float32)
        )
        weight = weight.rsqrt()[owner]
        weight = weight / weight.mean()
        classes, truth = targets.classes_N3[owner], targets.boxes_N4[owner]
        for logits, target, share in (
            (shape, classes[:, 0], 2.0),
            (colour, classes[:, 1], 1.0),
            (fill, classes[:, 2], 0.3),
        ):
            loss = (
                loss + share * (F.cross_entropy(logits, target, reduction="none", ignore_index=UNKNOWN) * weight).mean()
            )
        known = classes[:, 0] != UNKNOWN
        codes = SHAPE_CODES.to(classes.device)[classes[:, 0].clamp(min=0)]
        silhouette = F.binary_cross_entropy_with_logits(code, codes, reduction="none").mean(1)
        loss = loss + 4 * (silhouette * known * weight).mean()
        extent = (truth[:, 2:] - truth[:, :2]).prod(1).sqrt()
        distance = F.smooth_l1_loss(box, truth, beta=0.02, reduction="none").mean(1) / (extent + 0.1)
        loss = loss + 6 * (distance * weight).mean()
        spelt = (truth * 1000).round().long().clamp(0, 999)
        for logits, digit, share in ((hundreds, spelt // 100, 1.0), (tens, spelt // 10 % 10, 0.4)):
            wrong = F.cross_entropy(logits.reshape(-1, 10), digit.reshape(-1), reduction="none").view(-1, 4).mean(1)
            loss = loss + share * (wrong * weight).mean()
        with torch.no_grad():
            close = box_iou(box, truth) >= 0.5
            rights = {
                "shape": (shape.argmax(-1) == classes[:, 0])[known],
                "colour": (colour.argmax(-1) == classes[:, 1])[classes[:, 1] != UNKNOWN],
                "code": ((code > 0) == (codes > 0.5))[known],
                "iou50": close[known],
                "lines": close[~known],
            }
            seen = {name: right.float().mean().item() for name, right in rights.items() if len(right)}
            seen["off"] = (box - truth).abs().mean().item()
        return loss, seen


class Pointer(nn.Module):
    """Attention of a box about to be spelt over the visual tokens, supervised directly."""

    def __init__(self, width: int, inner: int = 64) -> None:
        super().__init__()
        self.query, self.key = nn.Linear(width, inner), nn.Linear(width, inner)
        self.scale = inner**-0.5

    def forward(self, asking_QD: Tensor, tokens_QTD: Tensor, covered_QT: Tensor) -> tuple[Tensor, dict[str, float]]:
        """`covered_QT` marks the visual tokens that hold at least one patch of the asked thing. A link may lie wholly
        under things and hold none: it teaches nothing here."""
        held = covered_QT.any(1)
        if not held.any():
            return asking_QD.new_zeros((), dtype=torch.float32), {}
        scores = torch.einsum("qd,qtd->qt", self.query(asking_QD).float(), self.key(tokens_QTD).float()) * self.scale
        chances = scores.log_softmax(-1).masked_fill(~covered_QT, -1e9)
        loss = -torch.logsumexp(chances[held], dim=-1).mean()
        hit = covered_QT.gather(1, scores.argmax(-1, keepdim=True))[held].float().mean().item()
        return loss, {"pointed": hit}


def tokens_of_things(targets: BatchTargets) -> Tensor:
    """[N, T*T] bool: the visual tokens that hold at least one patch of each thing."""
    owner = targets.owner_BPP
    side = owner.shape[-1] // 2
    quads = owner.view(len(owner), side, 2, side, 2).permute(0, 1, 3, 2, 4).reshape(len(owner), side * side, 4)
    covered = torch.zeros(len(targets.boxes_N4), side * side, dtype=torch.bool, device=owner.device)
    for corner in range(4):
        things = quads[..., corner]
        picture, token = (things >= 0).nonzero(as_tuple=True)
        covered[things[picture, token], token] = True
    return covered


def box_iou(first: Tensor, second: Tensor) -> Tensor:
    """Intersection over union of [n, 4] corner boxes, row by row."""
    low = torch.maximum(first[:, :2], second[:, :2])
    high = torch.minimum(first[:, 2:], second[:, 2:])
    inner = (high - low).clamp(min=0).prod(1)
    areas = (first[:, 2:] - first[:, :2]).clamp(min=0).prod(1) + (second[:, 2:] - second[:, :2]).clamp(min=0).prod(1)
    return inner / (areas - inner).clamp(min=1e-9)
