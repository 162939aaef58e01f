"""Blocks in ranks, one after the other, joined by links with heads: the layout that tools for charts produce.

Loose grids of blocks leave long thin lines; here blocks share an axis, links are short, bent or fanned out, their
heads are large and words stand in their middle. Lengths follow the height of the text, as they do in such tools.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw

from .backdrops import Connector, Place, link_path, paint_background, write_label, write_words
from .shapes import COLOURS

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class RankedPage:
    """A page with its links; the blocks are still to be painted at `places` (x, y, width, height in pixels)."""

    canvas: Image.Image
    dark: bool
    ink: Colour
    line: int
    """Width of all lines, pixels."""
    places: list[Place]
    connectors: list[Connector]


def lay_in_ranks(rng: np.random.Generator, count: int) -> RankedPage:
    """A page for `count` blocks, downwards or to the right, with one to three blocks in a rank."""
    ranks: list[int] = []
    while sum(ranks) < count:
        ranks.append(min(int(rng.choice([1, 1, 1, 1, 2, 2, 3])), count - sum(ranks)))
    down = bool(rng.random() < 0.65)
    text = rng.uniform(14, 26)
    block = (text * rng.uniform(4, 10), text * rng.uniform(2.0, 3.8))
    gap = text * rng.uniform(1.5, 4.5)
    aside = text * rng.uniform(1.5, 4)
    along, across = (block[1], block[0]) if down else block
    margin = text * rng.uniform(0.6, 2.5)
    length = len(ranks) * along + (len(ranks) - 1) * gap + 2 * margin
    breadth = max(ranks) * across + (max(ranks) - 1) * aside + 2 * margin
    breadth = max(breadth, length * rng.uniform(0.35, 0.7))
    width, height = (int(breadth), int(length)) if down else (int(length), int(breadth))
    canvas, dark = paint_background(rng, width, height, plain=0.8)
    places = _places(rng, ranks, down, (along, across), (gap, aside), (margin, breadth / 2))
    low, high = (190, 256) if dark else (0, 95)
    red, green, blue = (int(level) for level in rng.integers(low, high, 3))
    ink = (red, green, blue)
    line = max(1, round(text * rng.uniform(0.08, 0.2)))
    head = (0.5 * text + 1.5 * line) * rng.uniform(0.9, 1.8)
    connectors = _join(rng, canvas, _pairs(rng, ranks), places, ink, line, head)
    return RankedPage(canvas, dark, ink, line, places, connectors)


def block_colour(rng: np.random.Generator, page: RankedPage) -> str | None:
    """None for lines of the page's ink, which most charts are drawn in."""
    if rng.random() < 0.6:
        return None
    return str(rng.choice([name for name in COLOURS if name != ("black" if page.dark else "white")]))


def _places(
    rng: np.random.Generator,
    ranks: list[int],
    down: bool,
    block: tuple[float, float],
    gaps: tuple[float, float],
    start: tuple[float, float],
) -> list[Place]:
    """`block`, `gaps` and `start` run along the ranks, then across them; `start` is the margin and the middle axis."""
    places: list[Place] = []
    (along, across), (gap, aside), (margin, axis) = block, gaps, start
    for rank, blocks in enumerate(ranks):
        begin = axis - (blocks * across + (blocks - 1) * aside) / 2
        for number in range(blocks):
            share = rng.uniform(0.75, 1.0, 2)
            long, broad = along * share[0], across * share[1]
            first = margin + rank * (along + gap) + (along - long) / 2
            second = begin + number * (across + aside) + (across - broad) / 2
            x, y, w, h = (second, first, broad, long) if down else (first, second, long, broad)
            places.append((int(x), int(y), max(int(w), 14), max(int(h), 10)))
    return places


def _pairs(rng: np.random.Generator, ranks: list[int]) -> list[tuple[int, int]]:
    """Which block leads to which: every one of a rank to some of the next."""
    pairs: list[tuple[int, int]] = []
    start = 0
    for here, there in pairwise(ranks):
        below = start + here
        if here == 1:
            pairs += [(start, below + other) for other in range(there)]
        else:
            pairs += [(start + one, below + min(one, there - 1)) for one in range(here)]
        start = below
    return [pair for pair in pairs if rng.random() > 0.06]


def _join(
    rng: np.random.Generator,
    canvas: Image.Image,
    pairs: list[tuple[int, int]],
    places: list[Place],
    ink: Colour,
    line: int,
    head: float,
) -> list[Connector]:
    curved, bent, is_open = rng.random() < 0.25, rng.random() < 0.6, rng.random() < 0.35
    has_words = rng.random() < 0.5
    drawn: list[Connector] = []
    for start, end in pairs:
        path, tip = link_path(places[start], places[end], round(head), bent=bent, curved=curved)
        mask = Image.new("L", canvas.size, 0)
        pen = ImageDraw.Draw(mask)
        pen.line(path, fill=255, width=line, joint="curve")
        if is_open:
            pen.line([tip[1], tip[0], tip[2]], fill=255, width=line)
        else:
            pen.polygon(tip, fill=255)
        box = mask.getbbox()
        if box is None:
            continue
        canvas.paste(ink, (0, 0), mask)
        if has_words and rng.random() < 0.5:
            _write_over(rng, canvas, path[len(path) // 2 - 1], path[len(path) // 2], ink)
        drawn.append(Connector(box, mask))
    return drawn


def _write_over(
    rng: np.random.Generator, canvas: Image.Image, start: tuple[float, float], end: tuple[float, float], ink: Colour
) -> None:
    """A word in the middle of a line, which it hides."""
    x, y = int((start[0] + end[0]) / 2), int((start[1] + end[1]) / 2)
    tone = canvas.getpixel((1, 1))
    assert isinstance(tone, tuple)
    pen = ImageDraw.Draw(canvas)
    size = int(rng.integers(6, 10))
    pen.rectangle((x - size, y - size // 2, x + size, y + size // 2), fill=tuple(int(level) for level in tone))
    write_words(rng, pen, x - size, y - size // 2, ink, size=9, longest=3)


def label_blocks(rng: np.random.Generator, page: RankedPage) -> None:
    """Write into every block of a page."""
    pen = ImageDraw.Draw(page.canvas)
    for x, y, w, h in page.places:
        write_label(rng, pen, (x, y, x + w, y + h), page.canvas)
