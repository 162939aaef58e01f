"""What a hub says a repository holds, and which of its files a base model needs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from refbox_trainer.errors import TrainerError

_INDEX_SUFFIX: Final = ".safetensors.index.json"
_PICKLED: Final = re.compile(r"\.(bin|pt|pth|ckpt)$")
_TEXT_FILES: Final = frozenset(
    {
        "config.json",
        "generation_config.json",
        "preprocessor_config.json",
        "processor_config.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "tokenizer.model",
        "vocab.json",
        "merges.txt",
        "added_tokens.json",
        "special_tokens_map.json",
        "chat_template.jinja",
        "chat_template.json",
    }
)
_PAPERS: Final = re.compile(r"^(README|LICEN[CS]E|NOTICE)(\.(md|txt))?$", re.IGNORECASE)
TOKENIZER_FILES: Final = ("tokenizer.json", "tokenizer.model", "vocab.json")
"""One of these makes a tokenizer; a slow one may need others beside it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoteFile:
    """One file of a repository. `sha256` is known of large files; `git_sha1` (git's blob id) of small ones."""

    file: str
    bytes: int
    sha256: str | None = None
    git_sha1: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """A repository at one commit. `commit` is None where the hub does not name it; the hashes pin the content then."""

    source: str
    repository: str
    revision: str
    commit: str | None
    files: tuple[RemoteFile, ...]

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)


def needed_files(files: Sequence[RemoteFile], repository: str) -> tuple[RemoteFile, ...]:
    """Configuration, tokenizer, safetensors with their index, card and licence; all of the top folder.

    Python files and pickled weights are left out whatever the repository says. Of a repository that holds its weights
    twice, in one file and in numbered ones, those that the index names are taken.
    Raises TrainerError("bad_model") when it lacks a configuration, safetensors or a tokenizer.
    """
    top = [file for file in files if "/" not in file.file]
    names = {file.file for file in top}
    stems = [name.removesuffix(_INDEX_SUFFIX) for name in names if name.endswith(_INDEX_SUFFIX)]
    numbered = re.compile("|".join(rf"{re.escape(stem)}-\d+-of-\d+\.safetensors" for stem in stems) or r"(?!)")
    wanted = [
        file
        for file in top
        if file.file in _TEXT_FILES
        or _PAPERS.match(file.file)
        or file.file.endswith(_INDEX_SUFFIX)
        or (numbered.fullmatch(file.file) if stems else file.file.endswith(".safetensors"))
    ]
    _refuse_incomplete(repository, names, {file.file for file in wanted})
    return tuple(sorted(wanted, key=lambda file: file.file))


def _refuse_incomplete(repository: str, offered: set[str], wanted: set[str]) -> None:
    missing: list[str] = []
    if "config.json" not in wanted:
        missing.append("a config.json")
    if not any(name.endswith(".safetensors") for name in wanted):
        pickled = sorted(name for name in offered if _PICKLED.search(name))
        note = f" ({', '.join(pickled)} could run code when loaded and is never read)" if pickled else ""
        missing.append(f"safetensors weights{note}")
    if not wanted.intersection(TOKENIZER_FILES):
        missing.append("a tokenizer")
    if missing:
        raise TrainerError(
            "bad_model",
            f"{repository} is no base model to start from: it lacks {' and '.join(missing)}.",
            "Name the repository of an InternVL2 checkpoint in safetensors.",
        )


def files_to_copy() -> list[str]:
    """What a person copies by hand who cannot list the repository: names as the hubs use them."""
    return [
        "config.json",
        "generation_config.json",
        "tokenizer_config.json, added_tokens.json, special_tokens_map.json",
        "tokenizer.json, or vocab.json and merges.txt, or tokenizer.model (those of them that are there)",
        "model.safetensors, or model.safetensors.index.json and every model-*-of-*.safetensors that it names",
        "README.md, LICENSE",
    ]
