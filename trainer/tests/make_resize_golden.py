"""Writes the fixtures that hold the browser's resize to Pillow: run once, and again only when Pillow changes.

python -m tests.make_resize_golden ../components/assist/golden
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import PIL
from PIL import Image

from refbox_trainer.data.tiling import choose_grid, cut_tiles, normalise

_RESIZES = [
    ((7, 5), (3, 4)),
    ((5, 7), (11, 13)),
    ((64, 48), (64, 16)),
    ((48, 64), (16, 64)),
    ((33, 21), (33, 21)),
    ((1, 1), (6, 4)),
    ((640, 3), (17, 2)),
    ((97, 61), (224, 112)),
    ((301, 199), (192, 192)),
]
_GRIDS = [(640, 480), (1920, 1080), (427, 640), (800, 800), (1000, 1000), (2000, 1600), (449, 448), (3000, 40)]


def picture(width: int, height: int) -> Image.Image:
    """Hard edges between the darkest and brightest values, where a bicubic kernel overshoots, over a fine texture.

    The same formula stands in pillow-resize.test.ts.
    """
    y, x, channel = np.mgrid[0:height, 0:width, 0:3]
    edges = ((x // 4 + y // 3 + channel) % 2) * 255
    texture = (x * 37 + y * 91 + channel * 53 + x * y) % 256
    return Image.fromarray(np.where((x + y) % 5 == 0, texture, edges).astype(np.uint8))


def main(folder: Path) -> None:
    resizes = []
    for size, target in _RESIZES:
        resized = picture(*size).resize(target, Image.Resampling.BICUBIC)
        content = resized.tobytes()
        entry: dict[str, Any] = {"from": size, "to": target, "sha256": hashlib.sha256(content).hexdigest()}
        if len(content) <= 1024:
            entry["pixels"] = base64.b64encode(content).decode()
        resizes.append(entry)
    grids = [
        {"size": size, "max": most, "grid": choose_grid(*size, min_tiles=1, max_tiles=most, tile_size=448)}
        for size in _GRIDS
        for most in (1, 6, 12)
    ]
    tiles = cut_tiles(picture(150, 90), choose_grid(150, 90, min_tiles=1, max_tiles=6, tile_size=28), tile_size=28,
                      use_thumbnail=True)  # fmt: skip
    cut = {
        "from": (150, 90),
        "size": 28,
        "max": 6,
        "count": len(tiles),
        "sha256": hashlib.sha256(tiles.tobytes()).hexdigest(),
        "normalised_sha256": hashlib.sha256(normalise(tiles).numpy().tobytes()).hexdigest(),
    }
    golden = {"pillow": PIL.__version__, "resizes": resizes, "grids": grids, "cut": cut}
    (folder / "pillow-resize.json").write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
