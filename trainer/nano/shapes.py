"""Outlines of everything RefBox-Nano can be shown, as polygons in a unit square (x right, y down).

A shape is a list of parts; a part is (points, tone). Tone 0 takes the thing's own colour, tone -1 a darker and tone 1
a lighter shade of it. The first part is the body: it alone is drawn when the thing is outlined.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Part = tuple[Points, int]


def _points(*xy: float) -> Points:
    return np.array(xy, dtype=np.float64).reshape(-1, 2)


def _arc(cx: float, cy: float, rx: float, ry: float, start: float = 0, stop: float = 360, steps: int = 36) -> Points:
    angle = np.radians(np.linspace(start, stop, steps))
    return np.stack([cx + rx * np.cos(angle), cy + ry * np.sin(angle)], axis=1)


def _regular(corners: int, turn: float = -90) -> Points:
    angle = np.radians(turn + np.arange(corners) * 360 / corners)
    raw = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    low, high = raw.min(axis=0), raw.max(axis=0)
    return (raw - low) / (high - low)


def _star() -> Points:
    angle = np.radians(-90 + np.arange(10) * 36)
    radius = np.where(np.arange(10) % 2 == 0, 1.0, 0.42)
    raw = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    low, high = raw.min(axis=0), raw.max(axis=0)
    return (raw - low) / (high - low)


def _heart() -> Points:
    t = np.linspace(0, 2 * np.pi, 40)
    raw = np.stack([16 * np.sin(t) ** 3, -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))], 1)
    low, high = raw.min(axis=0), raw.max(axis=0)
    return (raw - low) / (high - low)


def _rounded(rx: float, ry: float) -> Points:
    corners = [(1 - rx, ry, -90), (1 - rx, 1 - ry, 0), (rx, 1 - ry, 90), (rx, ry, 180)]
    return np.concatenate([_arc(cx, cy, rx, ry, start, start + 90, 8) for cx, cy, start in corners])


def _cloud() -> list[Part]:
    lumps = [(0.25, 0.65, 0.25, 0.35), (0.5, 0.4, 0.27, 0.4), (0.76, 0.62, 0.24, 0.38)]
    return [(_arc(*lump), 0) for lump in lumps]


def _flower() -> list[Part]:
    petals = [(_arc(0.5 + 0.3 * np.cos(a), 0.5 + 0.3 * np.sin(a), 0.2, 0.2), 0) for a in np.radians(np.arange(5) * 72)]
    return [*petals, (_arc(0.5, 0.5, 0.15, 0.15), 1)]


def _sun() -> list[Part]:
    rays: list[Part] = []
    for a in np.radians(np.arange(8) * 45):
        along, across = np.array([np.cos(a), np.sin(a)]) * 0.5, np.array([-np.sin(a), np.cos(a)]) * 0.07
        rays.append((np.stack([0.5 + along * 0.6 + across, 0.5 + along, 0.5 + along * 0.6 - across]), 0))
    return [(_arc(0.5, 0.5, 0.27, 0.27), 0), *rays]


def _wavy() -> Points:
    along = np.linspace(1, 0, 30)
    bottom = np.stack([along, 0.88 - 0.12 * np.sin(2 * np.pi * along)], axis=1)
    return np.concatenate([_points(0, 0, 1, 0), bottom])


def _drum() -> list[Part]:
    side = np.concatenate([_arc(0.5, 0.15, 0.5, 0.15, 180, 360, 18), _arc(0.5, 0.85, 0.5, 0.15, 0, 180, 18)])
    return [(side, 0), (_arc(0.5, 0.15, 0.5, 0.15), 1)]


def _one(points: Points) -> Callable[[], list[Part]]:
    return lambda: [(points, 0)]


SHAPES: dict[str, Callable[[], list[Part]]] = {
    "circle": _one(_arc(0.5, 0.5, 0.5, 0.5)),
    "ellipse": _one(_arc(0.5, 0.5, 0.5, 0.5)),
    "square": _one(_points(0, 0, 1, 0, 1, 1, 0, 1)),
    "rectangle": _one(_points(0, 0, 1, 0, 1, 1, 0, 1)),
    "rounded rectangle": _one(_rounded(0.14, 0.25)),
    "capsule": _one(_rounded(0.24, 0.5)),
    "rhombus": _one(_points(0.5, 0, 1, 0.5, 0.5, 1, 0, 0.5)),
    "parallelogram": _one(_points(0.2, 0, 1, 0, 0.8, 1, 0, 1)),
    "trapezoid": _one(_points(0.22, 0, 0.78, 0, 1, 1, 0, 1)),
    "triangle": _one(_points(0.5, 0, 1, 1, 0, 1)),
    "pentagon": _one(_regular(5)),
    "hexagon": _one(_points(0.2, 0, 0.8, 0, 1, 0.5, 0.8, 1, 0.2, 1, 0, 0.5)),
    "star": _one(_star()),
    "cross": _one(
        _points(
            0.34,
            0,
            0.66,
            0,
            0.66,
            0.34,
            1,
            0.34,
            1,
            0.66,
            0.66,
            0.66,
            0.66,
            1,
            0.34,
            1,
            0.34,
            0.66,
            0,
            0.66,
            0,
            0.34,
            0.34,
            0.34,
        )
    ),
    "heart": _one(_heart()),
    "wavy rectangle": _one(_wavy()),
    "drum": _drum,
    "house": lambda: [
        (_points(0.5, 0, 1, 0.42, 0.88, 0.42, 0.88, 1, 0.12, 1, 0.12, 0.42, 0, 0.42), 0),
        (_points(0.42, 0.62, 0.6, 0.62, 0.6, 1, 0.42, 1), -1),
    ],
    "tree": lambda: [(_points(0.5, 0, 1, 0.75, 0, 0.75), 0), (_points(0.42, 0.75, 0.58, 0.75, 0.58, 1, 0.42, 1), -1)],
    "car": lambda: [
        (_points(0, 0.45, 0.2, 0.4, 0.32, 0, 0.72, 0, 0.85, 0.4, 1, 0.48, 1, 0.8, 0, 0.8), 0),
        (_arc(0.24, 0.8, 0.11, 0.2), -1),
        (_arc(0.76, 0.8, 0.11, 0.2), -1),
    ],
    "sun": _sun,
    "cloud": _cloud,
    "fish": lambda: [
        (np.concatenate([_arc(0.38, 0.5, 0.38, 0.5, 30, 330, 30), _points(1, 0, 0.88, 0.5, 1, 1)]), 0),
        (_arc(0.2, 0.38, 0.05, 0.08), -1),
    ],
    "boat": lambda: [(_points(0, 0.68, 1, 0.68, 0.82, 1, 0.18, 1), 0), (_points(0.52, 0, 0.52, 0.62, 0.1, 0.62), 1)],
    "flower": _flower,
    "cup": lambda: [
        (_points(0, 0, 0.74, 0, 0.66, 1, 0.08, 1), 0),
        (_points(0.72, 0.2, 1, 0.2, 1, 0.7, 0.69, 0.7, 0.7, 0.58, 0.88, 0.58, 0.88, 0.32, 0.71, 0.32), 0),
    ],
}
"""Name to parts. Names are the English shape words of `phrases.py`."""

LONG = frozenset(
    {
        "ellipse",
        "rectangle",
        "rounded rectangle",
        "capsule",
        "parallelogram",
        "trapezoid",
        "hexagon",
        "wavy rectangle",
        "car",
        "fish",
        "cloud",
    }
)
"""Shapes that are drawn clearly wider than high (or, for ellipse and rectangle, sometimes higher than wide)."""
BLOCKS = (
    "rectangle",
    "rounded rectangle",
    "rhombus",
    "capsule",
    "ellipse",
    "parallelogram",
    "hexagon",
    "trapezoid",
    "drum",
    "wavy rectangle",
)
"""Shapes that carry text in a diagram."""
ICONS = frozenset({"house", "tree", "car", "sun", "cloud", "fish", "boat", "flower", "cup", "heart", "star"})

COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (214, 40, 40),
    "orange": (245, 133, 24),
    "yellow": (244, 211, 48),
    "green": (46, 160, 67),
    "cyan": (38, 198, 208),
    "blue": (38, 84, 214),
    "purple": (128, 52, 180),
    "pink": (244, 128, 178),
    "brown": (128, 78, 36),
    "black": (24, 24, 28),
    "white": (250, 250, 250),
    "gray": (138, 140, 146),
}
