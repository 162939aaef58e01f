"""The one rule between pixels and the model's 0..1000 scale. server/grounding holds the same rule in TypeScript.

encode: round(v / size * 1000) in doubles, in exactly this order (`v * 1000 / size` differs on some ties), Python's
round half to even, on the size of the oriented original, clamped to 0..1000.
"""

from __future__ import annotations

from typing import NamedTuple

SCALE = 1000


class Box(NamedTuple):
    """Corners: pixels as floats, or integers on the model's scale. x1 < x2 and y1 < y2 for a proper box."""

    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def area(self) -> float:
        return max(0.0, self.x2 - self.x1) * max(0.0, self.y2 - self.y1)


def encode_coordinate(value: float, size: int) -> int:
    """A pixel position to 0..1000; outside positions are clamped."""
    return min(SCALE, max(0, round(value / size * SCALE)))


def encode_box(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """A pixel box to the model's scale.

    Raises ValueError when nothing of it is left: a box thinner than half a thousandth of the image, or outside it.
    """
    x1, x2 = encode_coordinate(box.x1, width), encode_coordinate(box.x2, width)
    y1, y2 = encode_coordinate(box.y1, height), encode_coordinate(box.y2, height)
    if x1 >= x2 or y1 >= y2:
        raise ValueError(f"box {tuple(box)} is empty on the 0..{SCALE} scale of a {width}x{height} image")
    return x1, y1, x2, y2


def decode_box(box: tuple[float, float, float, float], width: int, height: int) -> Box:
    """A box on the model's scale to pixels."""
    x1, y1, x2, y2 = box
    return Box(x1 / SCALE * width, y1 / SCALE * height, x2 / SCALE * width, y2 / SCALE * height)


def iou(first: Box, second: Box) -> float:
    """Intersection over union with plain areas (no +1 pixel), 0 for boxes without area."""
    overlap = Box(
        max(first.x1, second.x1), max(first.y1, second.y1), min(first.x2, second.x2), min(first.y2, second.y2)
    )
    if overlap.x1 >= overlap.x2 or overlap.y1 >= overlap.y2:
        return 0.0
    union = first.area + second.area - overlap.area
    return overlap.area / union if union > 0 else 0.0
