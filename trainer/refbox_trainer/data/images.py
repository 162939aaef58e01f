"""Opening images safely, and what is odd about them. Pixels are used as stored: orientation tags are not applied."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from PIL import Image, UnidentifiedImageError

from refbox_trainer.errors import TrainerError

MAX_PIXELS: Final = 178_956_970
"""Where Pillow itself speaks of a decompression bomb (twice its MAX_IMAGE_PIXELS): half a gigabyte of RGB."""

_ORIENTATION_TAG: Final = 0x0112


class Header(NamedTuple):
    """What can be known without decoding."""

    width: int
    height: int
    orientation: int
    """EXIF orientation, 1 = upright. The original training code ignores it, and so does this one."""


def read_header(path: Path) -> Header:
    """Size and orientation. Raises TrainerError("bad_data") for a file that is missing, no image, or far too large."""
    with _open(path) as image:
        return Header(image.width, image.height, _orientation(image))


def read_rgb(path: Path) -> Image.Image:
    """The decoded picture, 8-bit RGB, alpha dropped as in the original. Raises TrainerError("bad_data")."""
    with _open(path) as image:
        try:
            return image.convert("RGB")
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            raise TrainerError("bad_data", f"{path} cannot be decoded: {error}.", "Replace the file.") from error


def _orientation(image: Image.Image) -> int:
    # A PNG may carry its tags behind the pixels; looking for them would decode the whole picture.
    if image.format == "PNG" and "exif" not in image.info:
        return 1
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except (OSError, ValueError, TypeError, SyntaxError):
        return 1


def _open(path: Path) -> Image.Image:
    try:
        image = Image.open(path)
    except FileNotFoundError as error:
        raise TrainerError("bad_data", f"{path} does not exist.", "Correct the path or the root.") from error
    except UnidentifiedImageError as error:
        raise TrainerError("bad_data", f"{path} is not an image that can be read.", "Use PNG or JPEG.") from error
    except Image.DecompressionBombError as error:
        raise TrainerError("bad_data", f"{path} has too many pixels.", "Scale the image down.") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise TrainerError("bad_data", f"{path} cannot be opened: {error}.", "Replace the file.") from error
    if image.width * image.height > MAX_PIXELS:
        size = f"{image.width}x{image.height}"
        image.close()
        raise TrainerError("bad_data", f"{path} has {size} pixels, more than {MAX_PIXELS}.", "Scale the image down.")
    return image
