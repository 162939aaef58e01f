"""Errors with a code, plain words and the next step. The code decides the exit status of the process."""

from __future__ import annotations

from typing import Final

EXIT_OK: Final = 0
EXIT_FAILED: Final = 1
EXIT_BAD_INPUT: Final = 2
EXIT_OUT_OF_MEMORY: Final = 3
EXIT_DIVERGED: Final = 4
EXIT_DISK_FULL: Final = 5

_EXIT_BY_CODE: Final = {
    "bad_config": EXIT_BAD_INPUT,
    "bad_data": EXIT_BAD_INPUT,
    "bad_model": EXIT_BAD_INPUT,
    "bad_arguments": EXIT_BAD_INPUT,
    "out_of_memory": EXIT_OUT_OF_MEMORY,
    "diverged": EXIT_DIVERGED,
    "disk_full": EXIT_DISK_FULL,
}


class TrainerError(Exception):
    """A failure that a person can act on.

    `code` is stable and meant for programs, `message` says what is wrong, `what_to_do` says what to change.
    """

    def __init__(self, code: str, message: str, what_to_do: str) -> None:
        super().__init__(f"{message} {what_to_do}".strip())
        self.code = code
        self.message = message
        self.what_to_do = what_to_do

    @property
    def exit_code(self) -> int:
        return exit_code_of(self.code)


def exit_code_of(code: str) -> int:
    """The exit status that belongs to an error code; codes without an own status end with 1."""
    return _EXIT_BY_CODE.get(code, EXIT_FAILED)
