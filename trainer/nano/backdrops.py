"""Everything in a picture that no phrase names: paper, lines, stray words, labels, connectors, noise."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw, ImageFont

Box = tuple[int, int, int, int]
"""x1, y1, x2, y2 in picture pixels; x2 and y2 exclusive."""
Place = tuple[int, int, int, int]
"""x, y, width, height in picture pixels."""
_FONTS = {size: ImageFont.load_default(size) for size in (9, 11, 13, 16, 20, 26)}
_LETTERS = list("abcdefghijklmnopqrstuvwxyzABCDEFGHIKLMNOPRSTUVW0123456789?!-.")


@dataclass(frozen=True)
class Connector:
    """A line between two blocks: its box in picture pixels and its pixels (255 in a mask of the picture's size)."""

    box: Box
    mask: Image.Image


def paint_background(rng: np.random.Generator, width: int, height: int, plain: float = 0.5) -> tuple[Image.Image, bool]:
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
        blob_image = Image.fromarray(blobs.clip(low, high).astype(np.uint8)).resize(
            (width, height), Image.Resampling.BICUBIC
        )
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


def paint_clutter(rng: np.random.Generator, canvas: Image.Image, amount: int) -> None:
    pen = ImageDraw.Draw(canvas)
    for _ in range(amount):
        tone = tuple(int(c) for c in rng.integers(60, 200, 3))
        x, y = int(rng.integers(0, canvas.width)), int(rng.integers(0, canvas.height))
        if rng.random() < 0.5:
            write_words(rng, pen, x, y, tone)
        else:
            ends = [(x, y), (int(rng.integers(0, canvas.width)), int(rng.integers(0, canvas.height)))]
            pen.line(ends, fill=tone, width=int(rng.integers(1, 3)))


def write_words(
    rng: np.random.Generator,
    pen: ImageDraw.ImageDraw,
    x: int,
    y: int,
    tone: tuple[int, ...],
    size: int | None = None,
    longest: int = 8,
) -> None:
    """Letters without a meaning, of any size or of one of the sizes in `_FONTS`."""
    if size is None:
        size = int(rng.choice(list(_FONTS)))
    text = "".join(rng.choice(_LETTERS, size=int(rng.integers(2, longest + 1))))
    pen.text((x, y), text, fill=tone, font=_FONTS[size])


def write_label(rng: np.random.Generator, pen: ImageDraw.ImageDraw, box: Box, canvas: Image.Image) -> None:
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
            ends = (
                [(px + a[0], py + b[0]), (px + a[1], py + b[0])]
                if flat
                else [(px + a[0], py + b[0]), (px + a[0], py + b[1])]
            )
            pen.line(ends, fill=tone)


def connect_places(
    rng: np.random.Generator,
    canvas: Image.Image,
    places: list[Place],
    ink: tuple[int, int, int],
    line: int,
) -> list[Connector]:
    """Lines with or without a pointed end between places: straight, bent or curved, one after the other and now and
    then across. What they cover is returned for the dense loss."""
    if rng.random() < 0.12:
        return []
    pairs = [pair for pair in pairwise(range(len(places))) if rng.random() > 0.15]
    if len(places) > 2 and rng.random() < 0.35:
        a, b = sorted(rng.choice(len(places), size=2, replace=False))
        pairs.append((int(a), int(b)))
    curved, pointed, bent = rng.random() < 0.25, rng.random() < 0.85, rng.random() < 0.7
    head = max(4, round(line * rng.uniform(3, 5)))
    drawn = []
    for start, end in pairs:
        path, tip = link_path(places[start], places[end], head, bent=bent, curved=curved)
        if rng.random() < 0.1:
            path, tip = path[::-1], []
        mask = Image.new("L", canvas.size, 0)
        pen = ImageDraw.Draw(mask)
        pen.line(path, fill=255, width=line)
        if pointed and tip:
            pen.polygon(tip, fill=255)
        box = mask.getbbox()
        if box is not None:
            canvas.paste(ink, (0, 0), mask)
            drawn.append(Connector(box, mask))
    return drawn


def link_path(
    start: Place, end: Place, head: int, *, bent: bool, curved: bool
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """The line from one place to another, and the triangle at its end."""
    (ax, ay, aw, ah), (bx, by, bw, bh) = start, end
    down = by > ay + ah
    first, last = ((ax + aw / 2, ay + ah), (bx + bw / 2, by)) if down else ((ax + aw, ay + ah / 2), (bx, by + bh / 2))
    half = head / 2
    back = (0, -head) if down else (-head, 0)
    tip = [last, *((last[0] + back[0] + side * down, last[1] + back[1] + side * (not down)) for side in (-half, half))]
    middle = (first[1] + last[1]) / 2 if down else (first[0] + last[0]) / 2
    corners = [(first[0], middle), (last[0], middle)] if down else [(middle, first[1]), (middle, last[1])]
    if curved:
        at = np.linspace(0, 1, 24)[:, None]
        points = [np.array(point) for point in (first, *corners, last)]
        curve = (
            (1 - at) ** 3 * points[0]
            + 3 * (1 - at) ** 2 * at * points[1]
            + 3 * (1 - at) * at**2 * points[2]
            + at**3 * points[3]
        )
        return [(float(x), float(y)) for x, y in curve], tip
    return [first, *(corners if bent else []), last], tip


def weather(rng: np.random.Generator, canvas: Image.Image) -> Image.Image:
    """Sensor noise and a change of brightness, as a phone picture or a scan has."""
    pixels = np.asarray(canvas, dtype=np.float32)
    grain = rng.normal(0, rng.uniform(2, 10), (canvas.height, canvas.width, 1)).astype(np.float32)
    return Image.fromarray((pixels * rng.uniform(0.88, 1.05) + grain).clip(0, 255).astype(np.uint8))
