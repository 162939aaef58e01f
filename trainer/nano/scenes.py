"""Procedural pictures with exact boxes: scattered things, icons, and diagram-like layouts of labelled outlines.

A box is measured from the mask that was painted, so it equals the drawn pixels by construction: right and bottom are the
first pixel column and row after the drawing. Everything follows from the random generator that is passed in.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .shapes import BLOCKS, COLOURS, ICONS, LONG, SHAPES

Box = tuple[int, int, int, int]
HELD_OUT = frozenset(
    {("purple", "star"), ("cyan", "house"), ("orange", "hexagon"), ("pink", "rectangle"), ("brown", "heart"), ("green", "triangle"), ("blue", "cup"), ("red", "rhombus")}
)
"""Colour and shape pairs that no training picture shows: the composition test asks for them."""
_FONTS = {size: ImageFont.load_default(size) for size in (9, 11, 13, 16, 20, 26)}
_LETTERS = list("abcdefghijklmnopqrstuvwxyzABCDEFGHIKLMNOPRSTUVW0123456789?!-.")


@dataclass(frozen=True)
class Thing:
    """One thing in a picture: what it is, how it looks, and its box in picture pixels (x1, y1, x2, y2; x2 and y2 exclusive)."""

    shape: str
    colour: str | None
    """None where no single colour word is honest, such as black lines around a pale blue filling."""
    fill: str
    """"filled", "outlined" or "striped"."""
    box: Box


@dataclass(frozen=True)
class Scene:
    picture: Image.Image
    things: tuple[Thing, ...]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What kind of picture to draw."""

    fewest: int
    most: int
    diagrams: float = 0.35
    """Share of diagram-like layouts; they need at least two things."""
    must_show: tuple[str, str] | None = None
    """A held-out (colour, shape) pair that the first thing shows; None keeps all held-out pairs out."""


def draw_scene(rng: np.random.Generator, plan: Plan) -> Scene:
    """One picture with `plan.fewest` to `plan.most` things (fewer where no free place is found)."""
    count = int(rng.integers(plan.fewest, plan.most + 1))
    if count >= 2 and plan.must_show is None and rng.random() < plan.diagrams:
        return _diagram(rng, count)
    return _scatter(rng, count, plan.must_show)


def _scatter(rng: np.random.Generator, count: int, must_show: tuple[str, str] | None) -> Scene:
    width = int(rng.integers(200, 420))
    height = int(width * rng.uniform(0.75, 1.3))
    canvas, dark = _background(rng, width, height)
    _clutter(rng, canvas, amount=int(rng.integers(0, 5)))
    things: list[Thing] = []
    largest = 0.55 if count == 1 else 0.45 if count == 2 else 0.36 if count == 3 else 0.3
    few = rng.choice(list(SHAPES), size=int(rng.integers(1, 5)), replace=False)
    for index in range(count):
        shape = str(rng.choice(few)) if rng.random() < 0.6 else str(rng.choice(list(SHAPES)))
        colour = _colour_name(rng, dark)
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
        things.append(_paint(rng, canvas, shape, colour, fill, place, (w, h), dark))
    if rng.random() < 0.5:
        canvas = _weather(rng, canvas)
    return Scene(canvas, tuple(things))


def _diagram(rng: np.random.Generator, count: int) -> Scene:
    """Blocks with text on a loose grid, joined by lines: what charts look like, without the words people use for charts."""
    columns = int(rng.choice([1, 1, 2, 2, 3]))
    rows = -(-count // columns)
    width = int(rng.integers(260, 560))
    height = int(np.clip(width * rng.uniform(0.6, 1.5) * (1.3 if columns == 1 else 1), 220, 760))
    canvas, dark = _background(rng, width, height, plain=0.85)
    pen = ImageDraw.Draw(canvas)
    margin_x, margin_y = width * rng.uniform(0.03, 0.14), height * rng.uniform(0.03, 0.1)
    cell_w, cell_h = (width - 2 * margin_x) / columns, (height - 2 * margin_y) / rows
    share_w, share_h = rng.uniform(0.35, 0.85), rng.uniform(0.38, 0.78)
    ink = (235, 235, 240) if dark else (40, 42, 48)
    tint = _colour_name(rng, dark) if rng.random() < 0.5 else None
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
    _connect(rng, pen, places, ink, line)
    things = []
    blocks = list(rng.choice(BLOCKS, size=int(rng.integers(2, 6)), replace=False))
    for x, y, w, h in places:
        shape = str(rng.choice(blocks))
        colour = tint if tint is not None and rng.random() < 0.7 else _colour_name(rng, dark) if rng.random() < 0.6 else None
        if colour is not None and (colour, shape) in HELD_OUT:
            colour = None
        fill = "outlined" if colour is None or rng.random() < 0.75 else "filled"
        things.append(_paint(rng, canvas, shape, colour, fill, (x, y), (w, h), dark, line=line, ink=ink, covers=True))
        _label(rng, pen, (x, y, x + w, y + h), canvas)
    for _ in range(int(rng.integers(0, 3))):
        _words(rng, pen, int(rng.integers(0, width)), int(rng.integers(0, height)), ink)
    if rng.random() < 0.25:
        canvas = _weather(rng, canvas)
    return Scene(canvas, tuple(things))


def _paint(
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
            inside = tuple(int(c * 0.14 + 240 * 0.86) for c in tone) if not dark and rng.random() < 0.6 else (252, 252, 252)
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


def _proportions(rng: np.random.Generator, shape: str, size: float) -> tuple[int, int]:
    ratio = rng.uniform(1.6, 2.6) if shape in LONG else rng.uniform(0.92, 1.08)
    if shape in ("ellipse", "rectangle") and rng.random() < 0.35:
        ratio = 1 / ratio
    w, h = size * ratio**0.5, size / ratio**0.5
    return max(int(w), 12), max(int(h), 10)


def _free_place(rng: np.random.Generator, w: int, h: int, width: int, height: int, things: list[Thing]) -> tuple[int, int] | None:
    if w + 8 >= width or h + 8 >= height:
        return None
    for _ in range(25):
        x, y = int(rng.integers(3, width - w - 3)), int(rng.integers(3, height - h - 3))
        gap = 5
        if all(x + w + gap <= t.box[0] or t.box[2] + gap <= x or y + h + gap <= t.box[1] or t.box[3] + gap <= y for t in things):
            return x, y
    return None


def _background(rng: np.random.Generator, width: int, height: int, plain: float = 0.5) -> tuple[Image.Image, bool]:
    """A canvas and whether it is dark (then black things are not drawn on it, otherwise white ones are not)."""
    dark = bool(rng.random() < 0.25)
    base = rng.uniform(18, 60, 3) if dark else rng.uniform(222, 256, 3)
    if not dark and rng.random() < 0.35:
        base = np.full(3, 255.0)
    if rng.random() < plain:
        return Image.new("RGB", (width, height), tuple(int(c) for c in base)), dark
    kind = rng.random()
    if kind < 0.55:
        cells = int(rng.integers(2, 7))
        blobs = base + rng.normal(0, 26, (cells, cells, 3))
        low, high = (5, 95) if dark else (165, 255)
        blob_image = Image.fromarray(blobs.clip(low, high).astype(np.uint8)).resize((width, height), Image.Resampling.BICUBIC)
        return blob_image, dark
    canvas = Image.new("RGB", (width, height), tuple(int(c) for c in base))
    pen = ImageDraw.Draw(canvas)
    faint = tuple(int(c + (18 if dark else -22)) for c in base)
    step = int(rng.integers(12, 40))
    for x in range(0, width, step):
        pen.line([(x, 0), (x, height)], fill=faint)
    for y in range(0, height, step):
        pen.line([(0, y), (width, y)], fill=faint)
    return canvas, dark


def _clutter(rng: np.random.Generator, canvas: Image.Image, amount: int) -> None:
    pen = ImageDraw.Draw(canvas)
    for _ in range(amount):
        tone = tuple(int(c) for c in rng.integers(60, 200, 3))
        x, y = int(rng.integers(0, canvas.width)), int(rng.integers(0, canvas.height))
        if rng.random() < 0.5:
            _words(rng, pen, x, y, tone)
        else:
            ends = [(x, y), (int(rng.integers(0, canvas.width)), int(rng.integers(0, canvas.height)))]
            pen.line(ends, fill=tone, width=int(rng.integers(1, 3)))


def _words(rng: np.random.Generator, pen: ImageDraw.ImageDraw, x: int, y: int, tone: tuple[int, ...]) -> None:
    size = int(rng.choice(list(_FONTS)))
    text = "".join(rng.choice(_LETTERS, size=int(rng.integers(2, 9))))
    pen.text((x, y), text, fill=tone, font=_FONTS[size])


def _label(rng: np.random.Generator, pen: ImageDraw.ImageDraw, box: Box, canvas: Image.Image) -> None:
    """Text inside a block: letters, or strokes as dense as Chinese characters where the font has none."""
    if rng.random() < 0.12:
        return
    x1, y1, x2, y2 = box
    w, h = x2 - x1, y2 - y1
    middle = canvas.getpixel((min(x1 + 4 + w // 6, canvas.width - 1), min(y1 + h // 2, canvas.height - 1)))
    assert isinstance(middle, tuple)
    tone = (20, 20, 24) if sum(middle[:3]) > 330 else (240, 240, 240)
    size = int(np.clip(h * rng.uniform(0.22, 0.42), 6, 26))
    if rng.random() < 0.65:
        font = _FONTS[min(_FONTS, key=lambda known: abs(known - size))]
        letters = int(np.clip(w * 0.6 / (size * 0.6), 1, 14))
        text = "".join(rng.choice(_LETTERS, size=max(1, int(letters * rng.uniform(0.5, 1.1)))))
        pen.text(((x1 + x2) / 2, (y1 + y2) / 2), text, fill=tone, font=font, anchor="mm")
        return
    count = int(np.clip(w * 0.6 / size, 1, 8))
    left = (x1 + x2) / 2 - count * size / 2
    for index in range(count):
        for _ in range(5):
            a, b = rng.uniform(0.08, 0.92, 2) * size, rng.uniform(0.08, 0.92, 2) * size
            flat = rng.random() < 0.5
            px, py = left + index * size, (y1 + y2 - size) / 2
            ends = [(px + a[0], py + b[0]), (px + a[1], py + b[0])] if flat else [(px + a[0], py + b[0]), (px + a[0], py + b[1])]
            pen.line(ends, fill=tone)


def _connect(rng: np.random.Generator, pen: ImageDraw.ImageDraw, places: list[tuple[int, int, int, int]], ink: tuple[int, int, int], line: int) -> None:
    """Lines with or without a pointed end from each place to the next, straight or with one bend. They are clutter: no phrase names them."""
    if rng.random() < 0.12:
        return
    head = max(4, line * 3)
    for (ax, ay, aw, ah), (bx, by, bw, bh) in zip(places, places[1:], strict=False):
        if rng.random() < 0.15:
            continue
        if by > ay + ah:
            start, end = (ax + aw // 2, ay + ah), (bx + bw // 2, by)
            middle = (start[1] + end[1]) // 2
            path = [start, (start[0], middle), (end[0], middle), end] if rng.random() < 0.7 else [start, end]
            tip = [end, (end[0] - head // 2, end[1] - head), (end[0] + head // 2, end[1] - head)]
        else:
            start, end = (ax + aw, ay + ah // 2), (bx, by + bh // 2)
            path = [start, end]
            tip = [end, (end[0] - head, end[1] - head // 2), (end[0] - head, end[1] + head // 2)]
        pen.line(path, fill=ink, width=line)
        if rng.random() < 0.8:
            pen.polygon(tip, fill=ink)


def _weather(rng: np.random.Generator, canvas: Image.Image) -> Image.Image:
    """Sensor noise and a change of brightness, as a phone picture or a scan has."""
    pixels = np.asarray(canvas, dtype=np.float32)
    grain = rng.normal(0, rng.uniform(2, 10), (canvas.height, canvas.width, 1)).astype(np.float32)
    return Image.fromarray((pixels * rng.uniform(0.88, 1.05) + grain).clip(0, 255).astype(np.uint8))


def _colour_name(rng: np.random.Generator, dark: bool) -> str:
    names = [name for name in COLOURS if name != ("black" if dark else "white")]
    return str(rng.choice(names))


def _jitter(rng: np.random.Generator, tone: tuple[int, int, int]) -> tuple[int, int, int]:
    r, g, b = (np.array(tone) + rng.normal(0, 9, 3)).clip(0, 255).astype(int)
    return int(r), int(g), int(b)


def _shade(tone: tuple[int, int, int], shade: int) -> tuple[int, int, int]:
    r, g, b = (int(c * 0.55) if shade < 0 else int(c * 0.5 + 127) for c in tone)
    return r, g, b
