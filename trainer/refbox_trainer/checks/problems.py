"""What `check` reports: every problem of a run at once, each with its place and the next step."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from refbox_trainer.errors import TrainerError

Level = Literal["error", "warning", "info"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One finding. `where` is `file:line:field`, or the dotted key of run.json."""

    level: Level
    code: str
    message: str
    where: str | None
    what_to_do: str | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Problems:
    """Findings in the order in which they were met."""

    found: list[Problem] = field(default_factory=list)

    def error(self, code: str, message: str, where: str | None, what_to_do: str) -> None:
        self.found.append(Problem(level="error", code=code, message=message, where=where, what_to_do=what_to_do))

    def warning(self, code: str, message: str, where: str | None, what_to_do: str | None = None) -> None:
        self.found.append(Problem(level="warning", code=code, message=message, where=where, what_to_do=what_to_do))

    def info(self, code: str, message: str, where: str | None = None) -> None:
        self.found.append(Problem(level="info", code=code, message=message, where=where, what_to_do=None))

    def failure(self, error: TrainerError, where: str | None) -> None:
        """Record an exception as an error."""
        self.error(error.code, error.message, where, error.what_to_do)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.found if problem.level == "error"]

    def raise_errors(self, code: str) -> None:
        """Stop with one TrainerError that names the first errors and counts the rest."""
        errors = self.errors
        if not errors:
            return
        shown = " ".join(f"{error.where or 'run'}: {error.message}" for error in errors[:3])
        rest = f" And {len(errors) - 3} more; `check` lists all of them." if len(errors) > 3 else ""
        raise TrainerError(code, shown + rest, errors[0].what_to_do or "")
