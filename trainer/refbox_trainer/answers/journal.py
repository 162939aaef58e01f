"""What is already answered while a predictions file is made, so that an interrupted `predict` goes on where it was.

A line holds the predictions of one question. The first line says what they were made with: a journal of another model,
other data or other settings is not continued.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from refbox_trainer.answers.prediction_file import Asked, Prediction
from refbox_trainer.files import reports_full_disk


class Journal:
    """Lies beside the file it is for, until that is complete."""

    def __init__(self, out: Path, made_with: str) -> None:
        self._path = out.with_name(f".{out.name}.partial")
        self._header = {"made_with": made_with}
        self.answered: dict[Asked, list[Prediction]] = {}
        lines = self._lines()
        self.discarded = bool(lines) and lines[0] != self._header
        """Whether there was a journal of something else."""
        if lines and not self.discarded:
            for line in lines[1:]:
                self.answered[Asked(*line["asked"])] = line["predictions"]
        # Written anew, so that what a kill left of the last line does not run into the next one.
        self._path.parent.mkdir(parents=True, exist_ok=True)
        content = [self._header, *[_line(asked, found) for asked, found in self.answered.items()]]
        with reports_full_disk(self._path):
            self._path.write_text("".join(map(_text, content)), encoding="utf-8")

    def add(self, asked: Asked, predictions: list[Prediction]) -> None:
        """Keep one answer; it is on its way to the disk when this returns."""
        self.answered[asked] = predictions
        with reports_full_disk(self._path), self._path.open("a", encoding="utf-8") as file:
            file.write(_text(_line(asked, predictions)))

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)

    def _lines(self) -> list[dict[str, Any]]:
        try:
            text = self._path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return []
        lines: list[dict[str, Any]] = []
        for line in text.split("\n")[:-1]:
            try:
                lines.append(json.loads(line))
            except ValueError:
                break
        return lines


def _line(asked: Asked, predictions: list[Prediction]) -> dict[str, Any]:
    return {"asked": list(asked), "predictions": predictions}


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
