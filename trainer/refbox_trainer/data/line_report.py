"""What is wrong or odd about one line of an annotation file, with its place."""

from __future__ import annotations

from typing import Final

from refbox_trainer.checks.problems import Problems


class FileHabits:
    """Peculiarities that are legal but often run through a whole file: each gets one note with its first place."""

    WORDS: Final = {
        "text_key": (
            '{} turn(s) have "text" where "value" belongs; they are read as if it were "value".',
            'Rename it: the original loader reads "value" alone and would swap these records for others.',
        ),
        "first_answer": (
            "{} conversation(s) begin with an answer, which is left out, as the original does.",
            "Remove the first turn, or put a question before it.",
        ),
    }

    def __init__(self) -> None:
        self._places: dict[str, list[str]] = {}

    def add(self, code: str, where: str) -> None:
        self._places.setdefault(code, []).append(where)

    def note(self, problems: Problems) -> None:
        """Put the notes into `problems`."""
        for code, places in self._places.items():
            message, advice = self.WORDS[code]
            problems.warning(code, message.format(len(places)), places[0], advice)


class LineReport:
    """Reports at one line; returns None so that callers can `return report(...)`."""

    def __init__(self, where: str, problems: Problems, habits: FileHabits) -> None:
        self._where = where
        self._problems = problems
        self._habits = habits
        self.left_out = 0
        """Turns at the beginning of the conversation that are not counted by `turn`."""

    def __call__(self, field: str, message: str, what_to_do: str) -> None:
        self._problems.error("bad_data", message, self._at(field), what_to_do)

    def warn(self, code: str, field: str, message: str, what_to_do: str) -> None:
        self._problems.warning(code, message, self._at(field), what_to_do)

    def odd(self, code: str, field: str) -> None:
        """Count a peculiarity of the whole file, one of FileHabits.WORDS."""
        self._habits.add(code, self._at(field))

    def turn(self, position: int, key: str = "") -> str:
        """The field of a turn, by its position among those that are used."""
        return f"conversations[{position + self.left_out}]" + (f".{key}" if key else "")

    def _at(self, field: str) -> str:
        return f"{self._where}:{field}" if field else self._where
