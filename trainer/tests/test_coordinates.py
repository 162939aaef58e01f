"""The rule between pixels and thousandths."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refbox_trainer.data.coordinates import Box, decode_box, encode_box, encode_coordinate, iou


@pytest.mark.parametrize(
    ("value", "size", "encoded"),
    [
        (1, 2000, 0),  # 0.5 rounds to the even 0
        (3, 2000, 2),  # 1.5 rounds to the even 2
        (5, 2000, 2),  # 2.5 rounds to the even 2
        (7, 2000, 4),
        (-4, 100, 0),
        (104, 100, 1000),
        (104, 427, 244),
    ],
)
def test_positions_round_half_to_even_and_are_clamped(value: float, size: int, encoded: int) -> None:
    assert encode_coordinate(value, size) == encoded


def test_the_division_comes_first_as_in_the_original() -> None:
    # In doubles 1.0005 * 1000 / 1 and 1.0005 / 1 * 1000 agree, but many exact ties do not survive the division.
    differing = [
        (value, size)
        for size in range(1, 4097)
        for value in range(0, size)
        if (2000 * value) % (2 * size) == size and round(value / size * 1000) != round(value * 1000 / size)
    ]
    assert differing, "there are ties on which the order of the operations matters"
    for value, size in differing:
        assert encode_coordinate(value, size) == round(value / size * 1000)


def test_positions_are_encoded_as_in_the_studio() -> None:
    path = Path(__file__).parent.parent / "contracts" / "examples" / "coordinates.json"
    for group in json.loads(path.read_text(encoding="utf-8")):
        for value, encoded in group["cases"]:
            assert encode_coordinate(value, group["size"]) == encoded, (value, group["size"])


@given(
    st.integers(1, 5000),
    st.integers(1, 5000),
    st.tuples(*[st.floats(0, 1)] * 4).map(lambda s: sorted(s[:2]) + sorted(s[2:])),
)
def test_a_decoded_box_is_within_half_a_thousandth(width: int, height: int, shares: list[float]) -> None:
    x1, x2, y1, y2 = shares
    box = Box(x1 * width, y1 * height, x2 * width, y2 * height)
    try:
        encoded = encode_box(box, width, height)
    except ValueError:
        assert x2 - x1 < 0.0011 or y2 - y1 < 0.0011
        return
    assert encoded[0] < encoded[2]
    assert encoded[1] < encoded[3]
    decoded = decode_box(encoded, width, height)
    for sides in ((0, width), (1, height), (2, width), (3, height)):
        assert abs(decoded[sides[0]] - box[sides[0]]) <= 0.5001 * sides[1] / 1000


def test_an_empty_box_is_reported() -> None:
    with pytest.raises(ValueError, match="empty"):
        encode_box(Box(10, 10, 10.01, 20), 1000, 1000)


def test_iou_uses_plain_areas() -> None:
    assert iou(Box(0, 0, 10, 10), Box(5, 0, 15, 10)) == pytest.approx(50 / 150)
    assert iou(Box(0, 0, 10, 10), Box(0, 0, 10, 20)) == 0.5
    assert iou(Box(0, 0, 10, 10), Box(10, 0, 20, 10)) == 0
    assert iou(Box(3, 3, 3, 9), Box(3, 3, 3, 9)) == 0
