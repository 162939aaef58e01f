"""Procedural pictures with exact boxes: scattered things, icons, and diagram-like layouts of labelled outlines.

A box is measured from the mask that was painted, so it equals the drawn pixels by construction: right and bottom are
the first pixel column and row after the drawing. Everything follows from the random generator that is passed in.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PIL import Image, ImageDraw

from .backdrops import (
    Box,
    Connector,
    connect_places,
    paint_background,
    paint_clutter,
    weather,
    write_label,
    write_words,
)
from .painting import Thing, colour_name, paint_thing
from .ranks import block_colour, label_blocks, lay_in_ranks
from .shapes import BLOCKS, LONG, SHAPES
from .words import Language

HELD_OUT = frozenset(
    {
        ("purple", "star"),
        ("cyan", "house"),
        ("orange", "hexagon"),
        ("pink", "rectangle"),
        ("brown", "heart"),
        ("green", "triangle"),
        ("blue", "cup"),
        ("red", "rhombus"),
    }
)
"""Colour and shape pairs that no training picture shows: the composition test asks for them."""


@dataclass(frozen=True)
class Said:
    """A phrase that came with a picture and is true of exactly one thing on it."""

    language: Language
    phrase: str
    thing: int


@dataclass(frozen=True)
class Scene:
    picture: Image.Image
    things: tuple[Thing, ...]
    connectors: tuple[Connector, ...] = ()
    """Called links where they are spoken of at all: what an arrow is called is left to the user's fine-tune."""
    drawn: tuple[int, int] | None = None
    """Width and height that the boxes are measured on, where `picture` is a shrunken copy."""
    said: tuple[Said, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in the pixels of the boxes."""
        return self.drawn or self.picture.size

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """Of the things, then of the connectors: what the numbers in an expression stand for."""
        return tuple(part.box for part in (*self.things, *self.connectors))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What kind of picture to draw."""

    fewest: int
    most: int
    diagrams: float = 0.35
    """Share of diagram-like layouts; they need at least two things."""
    ranked: float = 0.0
    """Share of the diagrams that are laid out in ranks."""
    must_show: tuple[str, str] | None = None
    """A held-out (colour, shape) pair that the first thing shows; None keeps all held-out pairs out."""


def draw_scene(rng: np.random.Generator, plan: Plan) -> Scene:
    """One picture with `plan.fewest` to `plan.most` things (fewer where no free place is found)."""
    count = int(rng.integers(plan.fewest, plan.most + 1))
    if count >= 2 and plan.must_show is None and rng.random() < plan.diagrams:
        return _ranked(rng, count) if plan.ranked and rng.random() < plan.ranked else _diagram(rng, count)
    return _scatter(rng, count, plan.must_show)


def _scatter(rng: np.random.Generator, count: int, must_show: tuple[str, str] | None) -> Scene:
    width = int(rng.integers(200, 420))
    height = int(width * rng.uniform(0.75, 1.3))
    canvas, dark = paint_background(rng, width, height)
    paint_clutter(rng, canvas, amount=int(rng.integers(0, 5)))
    things: list[Thing] = []
    largest = 0.55 if count == 1 else 0.45 if count == 2 else 0.36 if count == 3 else 0.3
    few = rng.choice(list(SHAPES), size=int(rng.integers(1, 5)), replace=False)
    for index in range(count):
        shape = str(rng.choice(few)) if rng.random() < 0.6 else str(rng.choice(list(SHAPES)))
        colour = colour_name(rng, dark)
        if must_show is not None and index == 0:
            colour, shape = must_show
        elif (colour, shape) in HELD_OUT:
            shape = "circle"
        size = float(np.exp(rng.uniform(np.log(0.07), np.log(largest)))) * min(width, height)
        w, h = _proportions(rng, shape, size)
        place = _free_place(rng, w, h, width, height, things)
        if place is None:
            continue
        roll = rng.random()
        fill = "outlined" if roll < 0.35 else "striped" if roll < 0.47 and min(w, h) > 24 else "filled"
        things.append(paint_thing(rng, canvas, shape, colour, fill, place, (w, h), dark))
    if rng.random() < 0.5:
        canvas = weather(rng, canvas)
    return Scene(canvas, tuple(things))


def _diagram(rng: np.random.Generator, count: int) -> Scene:
    """Blocks with text on a loose grid, joined by lines: what charts look like, without the words people use for
    charts."""
    columns = int(rng.choice([1, 1, 2, 2, 3]))
    rows = -(-count // columns)
    width = int(rng.integers(260, 560))
    height = int(np.clip(width * rng.uniform(0.6, 1.5) * (1.3 if columns == 1 else 1), 220, 760))
    canvas, dark = paint_background(rng, width, height, plain=0.85)
    pen = ImageDraw.Draw(canvas)
    margin_x, margin_y = width * rng.uniform(0.03, 0.14), height * rng.uniform(0.03, 0.1)
    cell_w, cell_h = (width - 2 * margin_x) / columns, (height - 2 * margin_y) / rows
    share_w, share_h = rng.uniform(0.35, 0.85), rng.uniform(0.38, 0.78)
    ink = (235, 235, 240) if dark else (40, 42, 48)
    tint = colour_name(rng, dark) if rng.random() < 0.5 else None
    cells = [(column, row) for row in range(rows) for column in range(columns)]
    chosen = sorted(rng.choice(len(cells), size=count, replace=False))
    line = max(1, round(width * rng.uniform(0.003, 0.008)))
    places = []
    for index in chosen:
        column, row = cells[index]
        w, h = cell_w * share_w * rng.uniform(0.8, 1.1), cell_h * share_h * rng.uniform(0.8, 1.1)
        if columns == 1:
            w *= rng.uniform(0.5, 0.9)
        x = margin_x + column * cell_w + (cell_w - w) * rng.uniform(0.3, 0.7)
        y = margin_y + row * cell_h + (cell_h - h) * rng.uniform(0.3, 0.7)
        places.append((int(x), int(y), max(int(w), 14), max(int(h), 10)))
    connectors = connect_places(rng, canvas, places, ink, line)
    things = []
    blocks = list(rng.choice(BLOCKS, size=int(rng.integers(2, 6)), replace=False))
    for x, y, w, h in places:
        shape = str(rng.choice(blocks))
        colour = (
            tint if tint is not None and rng.random() < 0.7 else colour_name(rng, dark) if rng.random() < 0.6 else None
        )
        if colour is not None and (colour, shape) in HELD_OUT:
            colour = None
        fill = "outlined" if colour is None or rng.random() < 0.75 else "filled"
        things.append(
            paint_thing(rng, canvas, shape, colour, fill, (x, y), (w, h), dark, line=line, ink=ink, covers=True)
        )
        write_label(rng, pen, (x, y, x + w, y + h), canvas)
    for _ in range(int(rng.integers(0, 3))):
        write_words(rng, pen, int(rng.integers(0, width)), int(rng.integers(0, height)), ink)
    if rng.random() < 0.25:
        canvas = weather(rng, canvas)
    return Scene(canvas, tuple(things), tuple(connectors))


def _ranked(rng: np.random.Generator, count: int) -> Scene:
    page = lay_in_ranks(rng, count)
    blocks = list(rng.choice(BLOCKS, size=int(rng.integers(2, 6)), replace=False))
    things = []
    for x, y, w, h in page.places:
        shape, colour = str(rng.choice(blocks)), block_colour(rng, page)
        if (colour, shape) in HELD_OUT:
            colour = None
        fill = "outlined" if colour is None or rng.random() < 0.6 else "filled"
        things.append(
            paint_thing(
                rng,
                page.canvas,
                shape,
                colour,
                fill,
                (x, y),
                (w, h),
                page.dark,
                line=page.line,
                ink=page.ink,
                covers=True,
            )
        )
    label_blocks(rng, page)
    canvas = weather(rng, page.canvas) if rng.random() < 0.25 else page.canvas
    return Scene(canvas, tuple(things), tuple(page.connectors))


def _proportions(rng: np.random.Generator, shape: str, size: float) -> tuple[int, int]:
    ratio = rng.uniform(1.6, 2.6) if shape in LONG else rng.uniform(0.92, 1.08)
    if shape in ("ellipse", "rectangle") and rng.random() < 0.35:
        ratio = 1 / ratio
    w, h = size * ratio**0.5, size / ratio**0.5
    return max(int(w), 12), max(int(h), 10)


def _free_place(
    rng: np.random.Generator, w: int, h: int, width: int, height: int, things: list[Thing]
) -> tuple[int, int] | None:
    if w + 8 >= width or h + 8 >= height:
        return None
    for _ in range(25):
        x, y = int(rng.integers(3, width - w - 3)), int(rng.integers(3, height - h - 3))
        gap = 5
        if all(
            x + w + gap <= t.box[0] or t.box[2] + gap <= x or y + h + gap <= t.box[1] or t.box[3] + gap <= y
            for t in things
        ):
            return x, y
    return None
