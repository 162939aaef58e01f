"""Conversation records: one JSON object a line, checked completely before anything is trained on them.

The original loader swaps a bad record for a random other one. Here each is reported as file:line:field instead.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from refbox_trainer.answers.parse import parse_answer
from refbox_trainer.checks.problems import Problems
from refbox_trainer.data.grounding import asked_expression
from refbox_trainer.data.line_report import FileHabits, LineReport
from refbox_trainer.data.meta import DatasetEntry
from refbox_trainer.model.template import Template, Turn
from refbox_trainer.model.tokens import BOX_START, IMAGE_CONTEXT, IMG_END, IMG_START

IMAGE: Final = "<image>"
_RESERVED: Final = (IMG_START, IMG_END, IMAGE_CONTEXT)
_ROLES: Final = ("human", "gpt", "system")


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One checked record. Every image has exactly one `<image>` in a human turn."""

    dataset: str
    index: int
    """Line number in the annotation file, from 0."""
    images: tuple[Path, ...]
    image_names: tuple[str, ...]
    """As written in the record."""
    turns: tuple[Turn, ...]
    width: int | None
    height: int | None
    max_dynamic_patch: int | None
    data_augment: bool

    @property
    def questions(self) -> list[tuple[str, str]]:
        """Question and answer pairs, `<image>` removed from the question."""
        dialogue = [turn for turn in self.turns if turn.role != "system"]
        return [
            (question.text.replace(f"{IMAGE}\n", "").replace(IMAGE, ""), answer.text)
            for question, answer in zip(dialogue[::2], dialogue[1::2], strict=True)
        ]


def read_records(entry: DatasetEntry, template: Template, problems: Problems) -> list[Record | None]:
    """One item per line of the annotation file; None where the line was reported as wrong."""
    try:
        text = entry.annotation.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problems.error(
            "bad_data", f"{entry.annotation} cannot be read: {error}.", str(entry.annotation), "Save it as UTF-8."
        )
        return []
    # Only \n ends a line: JSON text may hold other separators that splitlines would cut at.
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    if not lines:
        problems.error("bad_data", f"{entry.annotation} is empty.", str(entry.annotation), "Add records.")
    if entry.length is not None and entry.length != len(lines):
        problems.warning(
            "wrong_length",
            f"Dataset {entry.name} states length {entry.length} but has {len(lines)} lines.",
            str(entry.annotation),
            "The stated length is not used.",
        )
    habits = FileHabits()
    records = [
        _read_line(line, index, entry, template, LineReport(f"{entry.annotation}:{index + 1}", problems, habits))
        for index, line in enumerate(lines)
    ]
    habits.note(problems)
    return records


def _read_line(line: str, index: int, entry: DatasetEntry, template: Template, report: LineReport) -> Record | None:
    if not line.strip():
        return report("", "The line is blank.", "Remove it.")
    try:
        value = json.loads(line)
    except ValueError as error:
        return report("", f"The line is not valid JSON: {error}.", "Write one JSON object per line.")
    if not isinstance(value, Mapping):
        return report("", "The line is not a JSON object.", "Write one JSON object per line.")
    names = _read_images(value, report)
    turns = _read_turns(value.get("conversations"), template, report)
    if names is None or turns is None:
        return None
    turns = _place_images(turns, names, isinstance(value.get("image"), list), report)
    if turns is None:
        return None
    _check_boxes(turns, report)
    return Record(
        dataset=entry.name,
        index=index,
        # An absolute path of a record replaces the root, as os.path.join does in the original.
        images=tuple(entry.root / name for name in names),
        image_names=tuple(names),
        turns=turns,
        width=_size(value.get("width")),
        height=_size(value.get("height")),
        max_dynamic_patch=entry.max_dynamic_patch,
        data_augment=entry.data_augment,
    )


def _read_images(value: Mapping[str, Any], report: LineReport) -> list[str] | None:
    if value.get("video"):
        return report("video", "Video records are not supported.", "Remove the record or use single frames.")
    if "image" not in value:
        return []
    image = value["image"]
    if image is None:
        return report("image", "image is null.", "Give a path, or leave the key out for a pure text record.")
    names = [image] if isinstance(image, str) else image
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return report("image", "image must be a path or a list of paths.", "Correct it.")
    if isinstance(image, list) and "" in names:
        return report("image", "The list of images holds an empty path.", "Remove it.")
    return [name for name in names if name]


def _read_turns(value: Any, template: Template, report: LineReport) -> tuple[Turn, ...] | None:
    if not isinstance(value, list) or not value:
        return report("conversations", "conversations must be a list with at least one turn.", "Add the turns.")
    turns: list[Turn] = []
    for position, item in enumerate(value):
        field = report.turn(position)
        if not isinstance(item, Mapping):
            return report(field, "A turn must be an object with from and value.", "Correct it.")
        key = "text" if "value" not in item and "text" in item else "value"
        role, text = item.get("from"), item.get(key)
        if role not in _ROLES:
            return report(f"{field}.from", f"The role is {role!r}.", "Use human, gpt or system.")
        if key == "text":
            report.odd("text_key", f"{field}.text")
        if not isinstance(text, str) or not text.strip():
            return report(f"{field}.{key}", "The text of the turn is empty or missing.", "Write it or drop the turn.")
        reserved = [token for token in (*_RESERVED, *template.markers) if token in text]
        if reserved:
            return report(
                f"{field}.{key}", f"The text contains {reserved[0]}, which has a meaning of its own.", "Remove it."
            )
        turns.append(Turn(role, text))
    return _check_order(turns, template, report)


def _check_order(turns: list[Turn], template: Template, report: LineReport) -> tuple[Turn, ...] | None:
    if turns[0].role == "gpt" and len(turns) > 1 and not template.allows_system_turn:
        # The three older templates of the original drop a greeting; the newest one would train on it.
        report.odd("first_answer", report.turn(0))
        report.left_out = 1
        turns = turns[1:]
    start = 1 if turns[0].role == "system" else 0
    if start and not template.allows_system_turn:
        return report(
            report.turn(0, "from"),
            f"The template {template.name} has a fixed system prompt, so that a system turn cannot be used.",
            "Remove the system turn.",
        )
    for position, turn in enumerate(turns[start:], start):
        wanted = "gpt" if (position - start) % 2 else "human"
        if turn.role != wanted:
            return report(
                report.turn(position, "from"),
                f"The turn is from {turn.role} where {wanted} is due.",
                "Let human and gpt alternate, human first.",
            )
    if turns[-1].role != "gpt":
        return report(
            report.turn(len(turns) - 1, "from"), "The conversation has no last answer.", "End with a gpt turn."
        )
    return tuple(turns)


def _place_images(turns: Sequence[Turn], names: list[str], listed: bool, report: LineReport) -> tuple[Turn, ...] | None:
    placed = list(turns)
    first_human = next(position for position, turn in enumerate(placed) if turn.role == "human")
    outside = [position for position, turn in enumerate(placed) if turn.role != "human" and IMAGE in turn.text]
    if outside:
        return report(report.turn(outside[0], "value"), f"{IMAGE} stands outside a question.", "Move it.")
    count = sum(turn.text.count(IMAGE) for turn in placed)
    if count == 0 and len(names) == 1:
        # Into the first question, also behind a system turn, where the original 3.5 trainer goes wrong.
        placed[first_human] = Turn("human", f"{IMAGE}\n{placed[first_human].text}")
        count = 1
    if count != len(names):
        return report(
            "conversations",
            f"{count} {IMAGE} placeholder(s) for {len(names)} image(s).",
            f"Write {IMAGE} exactly once per image.",
        )
    if len(names) == 1 and not listed and IMAGE not in placed[first_human].text:
        # The original would put a second placeholder before the first question and leave this one as plain text.
        return report("conversations", f"{IMAGE} is not in the first question.", "Move it to the first question.")
    return tuple(placed)


def _check_boxes(turns: Sequence[Turn], report: LineReport) -> None:
    for position, turn in enumerate(turns):
        if turn.role != "gpt" or BOX_START not in turn.text:
            continue
        field = report.turn(position, "value")
        for problem in parse_answer(turn.text).problems:
            advice = "Write whole numbers from 0 to 1000 with x1 < x2 and y1 < y2."
            report(field, f"A box cannot be learned ({problem.code}): {problem.text[:60]}", advice)
        question = turns[position - 1].text
        if turn.text != turn.text.lstrip():
            report.warn("leading_space", field, "The answer starts with white space.", "Remove it.")
        asked = asked_expression(question)
        if asked is not None and asked not in turn.text:
            report.warn(
                "other_expression",
                field,
                f'The answer does not repeat the expression "{asked}".',
                "Repeat it word for word.",
            )


def _size(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
