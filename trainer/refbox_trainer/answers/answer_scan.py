"""Cutting an answer into tags, lists of numbers and the text between them. One pass, linear in the length."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

# Anchored matches without two neighbouring parts that can take the same character: nothing to backtrack over.
_TAG: Final = re.compile(r"<\s*(/\s*)?(ref|box)\s*>", re.IGNORECASE)
_NUMBER: Final = r"[-+]?[0-9]+(?:\.[0-9]*)?"
_NUMBERS: Final = re.compile(rf"{_NUMBER}(?:\s*,\s*{_NUMBER})+")
_NUMBERS_BEGUN: Final = re.compile(r"\s*[-+]?[0-9][-+.,0-9\s]*")
_JSON_LABEL: Final = re.compile(r'"label"\s*:\s*("(?:[^"\\\n]|\\.)*")')
_JSON_BOX_KEY: Final = re.compile(r'"bbox(?:_2d)?"\s*:\s*')
_SPACE: Final = " \t\r\n"


class Piece(NamedTuple):
    """A part of an answer.

    tag: `name` and `closing`, `exact` when spelt as in the training data. list: `numbers` as written, `position` where
    it begins in the answer. label: the value of a JSON member. object: the `{` of a JSON object. unclosed: numbers that
    a tag or the end cuts off.
    """

    kind: Literal["text", "tag", "list", "label", "object", "unclosed"]
    text: str = ""
    name: Literal["ref", "box", ""] = ""
    closing: bool = False
    exact: bool = True
    numbers: tuple[str, ...] = ()
    position: int = -1


class _Match(NamedTuple):
    piece: Piece | None
    """None = something to step over."""
    end: int


def scan_answer(text: str) -> Iterator[Piece]:
    """The pieces of `text` in order. In JSON answers the text between pieces is punctuation and is left out."""
    in_json = '"bbox' in text
    start = position = 0
    in_ref = False
    while position < len(text):
        # A phrase may have brackets of its own; only a tag ends it.
        match = None if in_ref and text[position] != "<" else _match_at(text, position, in_json)
        if match is None:
            position += 1
            continue
        if not in_json and start < position:
            yield Piece("text", text[start:position])
        if match.piece is not None:
            yield match.piece
            if match.piece.kind == "tag":
                in_ref = match.piece.name == "ref" and not match.piece.closing
        start = position = match.end
    if not in_json and start < len(text):
        yield Piece("text", text[start:])


def _match_at(text: str, position: int, in_json: bool) -> _Match | None:
    character = text[position]
    if character == "<":
        return _tag_at(text, position)
    if character == "[":
        return _list_at(text, position)
    if in_json and character == "{":
        return _Match(Piece("object"), position + 1)
    if in_json and character == '"':
        return _member_at(text, position)
    return None


def _tag_at(text: str, position: int) -> _Match | None:
    match = _TAG.match(text, position)
    if match is None:
        return None
    closing = match[1] is not None
    name = "ref" if match[2].lower() == "ref" else "box"
    exact = match[0] == f"<{'/' if closing else ''}{name}>"
    return _Match(Piece("tag", match[0], name=name, closing=closing, exact=exact), match.end())


def _list_at(text: str, position: int) -> _Match | None:
    """A list ends at the next bracket or tag; what holds neither numbers nor the start of some is plain text."""
    end = position + 1
    while end < len(text) and text[end] not in "[]<":
        end += 1
    inside = text[position + 1 : end]
    border = text[end] if end < len(text) else ""
    if border == "]":
        if _NUMBERS.fullmatch(inside.strip()) is None:
            return None
        numbers = tuple(number.strip() for number in inside.split(","))
        piece = Piece("list", text[position : end + 1], numbers=numbers, position=position)
        return _Match(piece, _close_outer(text, end + 1))
    if border == "[":
        return _Match(None, end) if not inside.strip() else None
    if _NUMBERS_BEGUN.fullmatch(inside):
        return _Match(Piece("unclosed", text[position:end]), end)
    return None


def _close_outer(text: str, position: int) -> int:
    """Step over the comma to the next list, or over the bracket that closes the list of lists."""
    if text[position : position + 1] == "]":
        return position + 1
    end = _skip_space(text, position)
    if text[end : end + 1] != ",":
        return position
    end = _skip_space(text, end + 1)
    return end if text[end : end + 1] == "[" else position


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position] in _SPACE:
        position += 1
    return position


def _member_at(text: str, position: int) -> _Match | None:
    label = _JSON_LABEL.match(text, position)
    if label is not None:
        return _Match(Piece("label", _unquote(label[1])), label.end())
    key = _JSON_BOX_KEY.match(text, position)
    return None if key is None else _Match(None, key.end())


def _unquote(quoted: str) -> str:
    try:
        return str(json.loads(quoted)).strip()
    except ValueError:
        # An escape that JSON does not know: the letters as written are the better name.
        return quoted[1:-1].strip()
