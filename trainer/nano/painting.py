"""Painting one thing, and measuring it: a box comes from the mask that was painted, so it equals the drawn pixels."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from .backdrops import Box
from .shapes import COLOURS, SHAPES


@dataclass(frozen=True)
class Thing:
    """One thing in a picture: what it is, how it looks, and its box in picture pixels (x1, y1, x2, y2; x2 and y2
    exclusive)."""

    shape: str
    colour: str | None
    """None where no single colour word is honest, such as black lines around a pale blue filling."""
    fill: str
    """"filled", "outlined" or "striped"."""
    box: Box


def paint_thing(
    rng: np.random.Generator,
    canvas: Image.Image,
    shape: str,
    colour: str | None,
    fill: str,
    place: tuple[int, int],
    size: tuple[int, int],
    dark: bool,
    line: int | None = None,
    ink: tuple[int, int, int] = (40, 42, 48),
    covers: bool = False,
) -> Thing:
    """Draw one thing and measure it. `covers` paints the inside of an outline, hiding what runs below (connectors)."""
    (x, y), (w, h) = place, size
    tone = _jitter(rng, COLOURS[colour]) if colour is not None else ink
    stroke = line if line is not None else max(1, round(min(w, h) * rng.uniform(0.04, 0.12)))
    pad = stroke + 2
    parts = [(points * (w, h) + pad, shade) for points, shade in SHAPES[shape]()]
    wobble = rng.uniform(0, 0.02) * min(w, h) if rng.random() < 0.2 else 0.0
    if wobble:
        parts = [(points + rng.normal(0, wobble, points.shape).clip(-2, 2), shade) for points, shade in parts]
    seen = Image.new("L", (w + 2 * pad, h + 2 * pad), 0)
    corner = (x - pad, y - pad)
    body = Image.new("L", seen.size, 0)
    pen = ImageDraw.Draw(body)
    for points, _ in parts:
        pen.polygon([tuple(p) for p in points], fill=255)
    if fill == "outlined":
        rim = Image.new("L", seen.size, 0)
        rim_pen = ImageDraw.Draw(rim)
        outline = parts if shape == "drum" else parts[:1] if shape not in ("cloud", "flower", "sun") else parts
        for points, _ in outline:
            path = [tuple(p) for p in np.concatenate([points, points[:2]])]
            rim_pen.line(path, fill=255, width=stroke, joint="curve")
        roll = rng.random()
        if covers or roll < 0.4:
            inside = (
                tuple(int(c * 0.14 + 240 * 0.86) for c in tone) if not dark and rng.random() < 0.6 else (252, 252, 252)
            )
            if dark and rng.random() < 0.8:
                inside = tuple(int(c * 0.2 + 30) for c in tone)
            if colour is None and rng.random() < 0.7:
                pale = COLOURS[str(rng.choice(list(COLOURS)))]
                inside = tuple(int(c * 0.25 + (30 if dark else 190)) for c in pale)
            canvas.paste(inside, corner, body)
            seen.paste(255, (0, 0), body)
        canvas.paste(tone, corner, rim)
        seen.paste(255, (0, 0), rim)
    else:
        canvas.paste(tone, corner, body)
        seen.paste(255, (0, 0), body)
        top = Image.new("L", seen.size, 0)
        for points, shade in parts:
            if shade == 0:
                continue
            top.paste(0, (0, 0, *top.size))
            ImageDraw.Draw(top).polygon([tuple(p) for p in points], fill=255)
            canvas.paste(_shade(tone, shade), corner, top)
        if fill == "striped":
            step = max(4, min(w, h) // 6)
            down, across = [(1, 0), (0, 1), (1, 1)][int(rng.integers(0, 3))]
            ramp = np.add.outer(np.arange(seen.size[1]) * down, np.arange(seen.size[0]) * across)
            stripes = np.where((ramp // step) % 2 == 0, 255, 0).astype(np.uint8)
            both = Image.fromarray(np.minimum(stripes, np.asarray(body)))
            canvas.paste(_shade(tone, 1 if sum(tone) < 600 else -1), corner, both)
    x1, y1, x2, y2 = seen.getbbox() or (0, 0, 1, 1)
    left, top_edge = max(corner[0] + x1, 0), max(corner[1] + y1, 0)
    box = (left, top_edge, min(corner[0] + x2, canvas.width), min(corner[1] + y2, canvas.height))
    return Thing(shape, colour, fill, box)


def colour_name(rng: np.random.Generator, dark: bool) -> str:
    names = [name for name in COLOURS if name != ("black" if dark else "white")]
    return str(rng.choice(names))


def _jitter(rng: np.random.Generator, tone: tuple[int, int, int]) -> tuple[int, int, int]:
    r, g, b = (np.array(tone) + rng.normal(0, 9, 3)).clip(0, 255).astype(int)
    return int(r), int(g), int(b)


def _shade(tone: tuple[int, int, int], shade: int) -> tuple[int, int, int]:
    r, g, b = (int(c * 0.55) if shade < 0 else int(c * 0.5 + 127) for c in tone)
    return r, g, b
