"""Reading a model's answer: text in, labels with boxes out. One pass over the text, nothing is ever evaluated.

What is accepted besides the exact form: missing tags (`name[[..]]`, what a decoder leaves that strips special tokens),
white space around tags, a code fence, a single `[x1, y1, x2, y2]`, fractions of 1 instead of thousandths, and an answer
that was cut off, of which the complete boxes count. Everything that had to be repaired is listed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

from refbox_trainer.coordinates import SCALE
from refbox_trainer.grounding import IntBox, labelled_boxes
from refbox_trainer.tokens import BOX_END, BOX_START, REF_END, REF_START

MAX_CHARACTERS: Final = 100_000
_NUMBER_CHARACTERS: Final = frozenset("0123456789.+-eE")
_LONGEST_NUMBER: Final = 24


class Labelled(NamedTuple):
    """All boxes that an answer gives for one label."""

    label: str
    boxes: tuple[IntBox, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """`repairs` is empty for text in the exact form. `boxes` are those of all labels, in order."""

    found: tuple[Labelled, ...]
    repairs: tuple[str, ...]

    @property
    def boxes(self) -> tuple[IntBox, ...]:
        return tuple(box for item in self.found for box in item.boxes)


def parse_answer(text: str) -> Answer:
    """Every labelled box list of `text`; tolerant, see the module's description. Never raises."""
    repairs: list[str] = []
    if len(text) > MAX_CHARACTERS:
        repairs.append(f"answer cut to {MAX_CHARACTERS} characters")
        text = text[:MAX_CHARACTERS]
    found: list[Labelled] = []
    position = after = 0
    while (start := text.find("[", position)) >= 0:
        scan = _BoxList(text, start)
        if not scan.boxes and not scan.repairs:
            position = start + 1
            continue
        label = _label(text[after:start])
        found.append(Labelled(label, tuple(scan.boxes)))
        repairs += scan.repairs
        tail = text[scan.end : scan.end + 16].lstrip()[: len(BOX_END)]
        if text[start : scan.end] + tail != labelled_boxes("", scan.boxes)[len(REF_START + REF_END + BOX_START) :]:
            repairs.append("box list is not in the exact form")
        if not text[after:start].endswith(f"{REF_START}{label}{REF_END}{BOX_START}"):
            repairs.append("tags are missing or spaced")
        position = after = scan.end
    return Answer(tuple(found), tuple(repairs))


class _BoxList:
    """Reads `[[a, b, c, d], ...]` or `[a, b, c, d]` from `start`; `end` is behind the last character used."""

    def __init__(self, text: str, start: int) -> None:
        self.boxes: list[IntBox] = []
        self.repairs: list[str] = []
        self._text = text
        nested = self._skip(start + 1)
        if self._at(nested) != "[":
            self.end = self._box(start)
            return
        self.end = position = nested
        while self._at(position) == "[":
            self.end = self._box(position)
            position = self._skip(self.end)
            if self._at(position) == "," and self.end > nested:
                position = self._skip(position + 1)
        if self._at(position) == "]":
            self.end = position + 1
        elif self.end > nested:
            self.repairs.append("box list is not closed")

    def _box(self, start: int) -> int:
        """Read one box. On failure returns `start + 1`, having noted a repair if it looked like a box."""
        numbers: list[float] = []
        position = self._skip(start + 1)
        while len(numbers) < 4:
            number, position = self._number(position)
            if number is None:
                break
            numbers.append(number)
            position = self._skip(position)
            if len(numbers) < 4 and self._at(position) == ",":
                position = self._skip(position + 1)
        if len(numbers) < 4 or self._at(position) != "]":
            if numbers:
                self.repairs.append(f"a box has not four numbers: {self._text[start : start + 40]!r}")
                return max(start + 1, position)
            return start + 1
        self._keep(numbers)
        return position + 1

    def _keep(self, numbers: list[float]) -> None:
        # A fraction of 1 is how the RefCOCO script of InternVL reads four numbers whose sum is below 4.
        if sum(numbers) < 4 and all(0 <= number <= 1 for number in numbers):
            self.repairs.append("fractions of 1 instead of thousandths")
            numbers = [number * SCALE for number in numbers]
        clamped = [min(SCALE, max(0, round(number))) for number in numbers]
        if clamped != numbers:
            self.repairs.append("coordinates are not whole numbers from 0 to 1000")
        x1, y1, x2, y2 = clamped
        if x1 < x2 and y1 < y2:
            self.boxes.append((x1, y1, x2, y2))
        else:
            self.repairs.append(f"box {clamped} has no area")

    def _number(self, position: int) -> tuple[float | None, int]:
        end = position
        while end - position < _LONGEST_NUMBER and self._at(end) in _NUMBER_CHARACTERS:
            end += 1
        try:
            number = float(self._text[position:end])
        except ValueError:
            return None, position
        return (number, end) if math.isfinite(number) else (None, position)

    def _at(self, position: int) -> str:
        return self._text[position] if position < len(self._text) else "end"

    def _skip(self, position: int) -> int:
        while position < len(self._text) and self._text[position].isspace():
            position += 1
        return position


def _label(before: str) -> str:
    """The label in the text in front of a box list: the last `<ref>`, else the last line."""
    start = before.rfind(REF_START)
    if start >= 0:
        label = before[start + len(REF_START) :]
        return label.partition(REF_END)[0].replace(BOX_START, "").strip()
    before = before.removeprefix(BOX_END).replace(BOX_START, "").replace(REF_END, "")
    lines = [line.strip() for line in before.splitlines() if line.strip()]
    return lines[-1].lstrip(",;、，").strip() if lines else ""
