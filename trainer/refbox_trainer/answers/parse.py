"""Reading the boxes out of whatever a model answered. The studio reads by the same rules; shared examples hold both
together (contracts/examples/answers.json).

Accepted: `<ref>…</ref><box>[[..]]</box>`, the same with spaces inside the tags, with the tags stripped by a decoder
(`name[[..]]`), inside a code fence, as JSON with `bbox_2d`, and answers that were cut off. Nothing is ever evaluated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from refbox_trainer.answers.answer_scan import Piece, scan_answer
from refbox_trainer.data.coordinates import SCALE
from refbox_trainer.data.grounding import IntBox

ProblemCode = Literal[
    "coordinateCount",  # a list of numbers that are not four
    "outOfRange",  # a coordinate below 0 or above 1000
    "notABox",  # x1 >= x2 or y1 >= y2
    "unclosed",  # the answer ends inside a list: generation was cut off
    "emptyBox",  # `<box>` without any list in it
    "unitScale",  # numbers between 0 and 1 were read as shares of the axis
    "notInteger",  # a fraction was rounded to the nearest integer, ties to even
]
"""Why a piece of an answer is not, or not quite, a box. The last two keep the box, the others cost it."""


class AnswerProblem(NamedTuple):
    code: ProblemCode
    text: str


class Labelled(NamedTuple):
    """Boxes that an answer gives under one name; None when it named none."""

    label: str | None
    boxes: tuple[IntBox, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was read, in order of appearance. An answer without boxes ("There is no …") has no groups."""

    groups: tuple[Labelled, ...]
    problems: tuple[AnswerProblem, ...]
    strict: bool
    """Every box stood in the tagged form of the training data, with whole numbers, and nothing was wrong."""
    spans: tuple[tuple[int, int], ...]
    """Where each of `boxes` is written, brackets included: its first character and the one behind its last."""

    @property
    def boxes(self) -> tuple[IntBox, ...]:
        return tuple(box for group in self.groups for box in group.boxes)

    @property
    def unreadable(self) -> bool:
        """It should have carried boxes and carries none that can be used."""
        return not self.groups and bool(self.problems)


def parse_answer(text: str) -> Answer:
    """Every labelled box of `text`. Never raises; time is linear in the length of the text."""
    reader = _Reader()
    for piece in scan_answer(text):
        reader.take(piece)
    return reader.finish()


class _Reader:
    def __init__(self) -> None:
        self._groups: list[tuple[str | None, list[IntBox]]] = []
        self._spans: list[tuple[int, int]] = []
        self._problems: list[AnswerProblem] = []
        self._label: str | None = None
        self._tagged = False
        self._open_group: int | None = None
        self._in_ref = False
        self._in_box = False
        self._lists_in_box = 0
        self._strict = True

    def take(self, piece: Piece) -> None:
        if piece.kind == "text":
            self._take_text(piece.text)
        elif piece.kind == "tag":
            self._take_tag(piece)
        elif piece.kind == "list":
            self._take_list(piece)
        elif piece.kind == "label":
            self._take_json_label(piece.text)
        elif piece.kind == "object":
            self._name_next(None, tagged=False)
        else:
            self._report("unclosed", piece.text)
            self._in_box = False

    def finish(self) -> Answer:
        if self._in_ref:
            self._report("unclosed", "<ref>")
        if self._in_box:
            self._report("unclosed" if self._lists_in_box else "emptyBox", "<box>")
        groups = tuple(Labelled(label, tuple(boxes)) for label, boxes in self._groups)
        strict = self._strict and not self._problems
        return Answer(groups, tuple(self._problems), strict, tuple(self._spans))

    def _take_text(self, text: str) -> None:
        if self._in_ref:
            self._name_next(text.strip() or None, tagged=True)
        elif not self._in_box:
            # Outside of tags only the last line can be a name: what stands above it is a sentence.
            label = text.rpartition("\n")[2].lstrip(" \t\r\n,;]`").rstrip(" \t\r\n:=[`")
            if label or "\n" in text:
                self._name_next(label or None, tagged=False)

    def _take_tag(self, tag: Piece) -> None:
        self._strict = self._strict and tag.exact
        if tag.name == "ref":
            self._in_ref = not tag.closing
            if not tag.closing:
                self._name_next(None, tagged=False)
            return
        self._in_ref = False
        if tag.closing and self._in_box and not self._lists_in_box:
            self._report("emptyBox", "<box></box>")
        self._in_box = not tag.closing
        self._lists_in_box = 0
        if tag.closing:
            self._name_next(None, tagged=False)

    def _take_json_label(self, text: str) -> None:
        # In JSON the label stands before or after its box; after a box it names the one just read.
        if self._open_group is not None and self._groups[self._open_group][0] is None:
            self._groups[self._open_group] = (text, self._groups[self._open_group][1])
        else:
            self._name_next(text, tagged=False)

    def _take_list(self, piece: Piece) -> None:
        self._lists_in_box += 1
        self._strict = self._strict and self._in_box and self._tagged
        if len(piece.numbers) != 4:
            self._report("coordinateCount", piece.text)
            return
        x1, y1, x2, y2 = self._to_integers(piece)
        if min(x1, y1, x2, y2) < 0 or max(x1, y1, x2, y2) > SCALE:
            self._report("outOfRange", piece.text)
        elif x1 >= x2 or y1 >= y2:
            self._report("notABox", piece.text)
        else:
            self._add((x1, y1, x2, y2))
            self._spans.append((piece.position, piece.position + len(piece.text)))

    def _to_integers(self, piece: Piece) -> list[int]:
        if not any("." in number for number in piece.numbers):
            # Hundreds of digits are cut before they become a number: Python refuses very long ones.
            return [int(number[:20]) for number in piece.numbers]
        numbers = [float(number) for number in piece.numbers]
        shares = all(0 <= number <= 1 for number in numbers)
        self._report("unitScale" if shares else "notInteger", piece.text)
        # Anything far outside is reported as such by the caller; infinities have no integer.
        return [round(min(1e9, max(-1e9, number * (SCALE if shares else 1)))) for number in numbers]

    def _add(self, box: IntBox) -> None:
        if self._open_group is None:
            self._open_group = len(self._groups)
            self._groups.append((self._label, []))
        self._groups[self._open_group][1].append(box)

    def _name_next(self, label: str | None, *, tagged: bool) -> None:
        self._label = label
        self._tagged = tagged
        self._open_group = None

    def _report(self, code: ProblemCode, text: str) -> None:
        self._problems.append(AnswerProblem(code, text))
