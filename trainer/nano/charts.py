# ruff: noqa: N815 (shape suffixes of tensors are capitals)
"""Charts of the studio's own builder as scenes, so that the base sees the pictures people will bring.

`scripts/draw-nano-charts.ts` draws them with exact boxes and speaks of them only by words that are not left to the
fine-tune. A chart is shrunk to the model's input once: `python -m nano.charts DIR` writes `DIR/tiles.npy`. What is
drawn on the fly costs 5 ms a picture, a chart 60.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from refbox_trainer.data.tiling import Grid, cut_tiles

from .architecture import IMAGE_SIZE
from .backdrops import Box, Connector
from .painting import Thing
from .scenes import Said, Scene

HELD_OUT_SHARE = 0.05
"""The last charts of a folder: they are only reported on."""
_MASK_SIDE = 96
_MIRRORED_WORDS = (("leftmost", "rightmost"), ("最左侧", "最右侧"))
_LEGIBLE_KINDS = frozenset({"place", "after", "before"})
"""At 192 px no word in a chart can be read, so none goes by words alone."""
_SLANTED = frozenset({"parallelogram"})
"""Their silhouette is another one in a mirror."""


@dataclass(frozen=True)
class Charts:
    """A folder of charts with their tiles."""

    folder: Path
    tiles_NHWC: np.ndarray
    """uint8, mapped from the file: it is larger than what a process should hold."""
    records: tuple[dict[str, Any], ...]

    @property
    def taught(self) -> int:
        """Charts from this one on are held out."""
        return len(self.records) - round(HELD_OUT_SHARE * len(self.records))

    def draw(self, rng: np.random.Generator) -> Scene:
        """One chart that may be taught, as it is or mirrored."""
        number = int(rng.integers(0, self.taught))
        return self.scene(number, mirrored=bool(rng.random() < 0.5))

    def scene(self, number: int, *, mirrored: bool = False) -> Scene:
        """The n-th chart. One with slanted shapes is never mirrored."""
        record = self.records[number]
        width, height = record["width"], record["height"]
        mirrored = mirrored and not any(thing["shape"] in _SLANTED for thing in record["things"])

        def turn(box: list[int]) -> Box:
            x1, y1, x2, y2 = box
            return (width - x2, y1, width - x1, y2) if mirrored else (x1, y1, x2, y2)

        fill = "filled" if record["filled"] else "outlined"
        things = tuple(Thing(thing["shape"], None, fill, turn(thing["box"])) for thing in record["things"])
        links = tuple(
            Connector(turn(link["box"]), _mask(link["paths"], width, height, mirrored)) for link in record["links"]
        )
        numbers = {box: index for index, box in enumerate(thing.box for thing in things)}
        said = tuple(
            Said(one["language"], _mirror(one["text"]) if mirrored else one["text"], numbers[turn(one["box"])])
            for one in record["phrases"]
            if one["kind"] in _LEGIBLE_KINDS
        )
        tile = np.array(self.tiles_NHWC[number])
        return Scene(Image.fromarray(tile[:, ::-1] if mirrored else tile), things, links, (width, height), said)


def _mask(paths: list[list[list[float]]], width: int, height: int, mirrored: bool) -> Image.Image:
    """Where a link runs, coarsely: only the patches it goes through are asked for."""
    mask = Image.new("L", (_MASK_SIDE, _MASK_SIDE), 0)
    pen = ImageDraw.Draw(mask)
    for points in paths:
        line = [((width - x if mirrored else x) / width * _MASK_SIDE, y / height * _MASK_SIDE) for x, y in points]
        pen.line(line, fill=255)
    return mask


def _mirror(text: str) -> str:
    for left, right in _MIRRORED_WORDS:
        if left in text:
            return text.replace(left, right)
        if right in text:
            return text.replace(right, left)
    return text


def open_charts(folder: Path) -> Charts:
    """Charts that were drawn and shrunk. OSError says what to run when one of the two is missing."""
    if not (folder / "charts.jsonl").exists():
        raise FileNotFoundError(f"No charts in {folder}: npx tsx scripts/draw-nano-charts.ts --out {folder}")
    if not (folder / "tiles.npy").exists():
        raise FileNotFoundError(f"The charts in {folder} are not shrunk yet: python -m nano.charts {folder}")
    tiles = np.load(folder / "tiles.npy", mmap_mode="r")
    lines = (folder / "charts.jsonl").read_text(encoding="utf-8").splitlines()
    if len(lines) != len(tiles):
        raise ValueError(f"{folder} has {len(lines)} charts and {len(tiles)} tiles: delete tiles.npy and shrink again.")
    return Charts(folder, tiles, tuple(json.loads(line) for line in lines))


def shrink(folder: Path) -> int:
    """Write the tiles of all charts in a folder, exactly as the model will see them. Returns their number."""
    lines = (folder / "charts.jsonl").read_text(encoding="utf-8").splitlines()
    shape = (len(lines), IMAGE_SIZE, IMAGE_SIZE, 3)
    tiles = np.lib.format.open_memmap(folder / "tiles.tmp.npy", mode="w+", dtype=np.uint8, shape=shape)
    for index, line in enumerate(lines):
        with Image.open(folder / json.loads(line)["picture"]) as picture:
            tiles[index] = cut_tiles(picture.convert("RGB"), Grid(1, 1), tile_size=IMAGE_SIZE, use_thumbnail=False)[0]
    tiles.flush()
    (folder / "tiles.tmp.npy").replace(folder / "tiles.npy")
    return len(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="Shrink the charts of a folder to the model's input.")
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    print(f"{shrink(arguments.folder)} charts in {arguments.folder / 'tiles.npy'}")


if __name__ == "__main__":
    main()
