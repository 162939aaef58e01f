"""JSON to frozen dataclasses: unknown keys, wrong types and values out of range are all reported, none is guessed.

Field metadata carries the limits: `at_least`, `at_most`, `above`.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from refbox_trainer.checks.problems import Problems

T = TypeVar("T")
_WRONG = object()


def read_dataclass(kind: type[T], value: Any, where: str, problems: Problems) -> T | None:
    """`value` as a `kind`, or None after reporting why not. `where` is the dotted key, empty at the top."""
    if not isinstance(value, Mapping):
        _wrong(problems, where or "run.json", f"must be an object, got {_shown(value)}")
        return None
    before = len(problems.errors)
    members: dict[str, Field[Any]] = {member.name: member for member in fields(cast(Any, kind))}
    for key in value:
        if key not in members:
            _unknown(problems, _join(where, str(key)), str(key), list(members))
    hints = get_type_hints(kind)
    arguments: dict[str, Any] = {}
    for name, member in members.items():
        place = _join(where, name)
        if name in value:
            read = _read(hints[name], value[name], place, problems)
            if read is not _WRONG and _within(read, member, place, problems):
                arguments[name] = read
        elif member.default is MISSING and member.default_factory is MISSING:
            problems.error("missing_key", f"{place} is missing.", place, f"Add {name}.")
    return kind(**arguments) if len(problems.errors) == before else None


def _read(hint: Any, value: Any, where: str, problems: Problems) -> Any:
    origin = get_origin(hint)
    if origin is Literal:
        return value if _is_choice(value, get_args(hint)) else _not_a_choice(value, get_args(hint), where, problems)
    if origin in (Union, UnionType):
        return _read_union(get_args(hint), value, where, problems)
    if origin is tuple:
        return _read_list(get_args(hint)[0], value, where, problems)
    if is_dataclass(hint):
        read = read_dataclass(cast(type, hint), value, where, problems)
        return _WRONG if read is None else read
    return _read_plain(hint, value, where, problems)


def _read_union(kinds: tuple[Any, ...], value: Any, where: str, problems: Problems) -> Any:
    if NoneType in kinds:
        rest = [kind for kind in kinds if kind is not NoneType]
        return None if value is None else _read(rest[0], value, where, problems)
    # The other unions are sections told apart by their `kind`.
    by_kind = {get_args(get_type_hints(kind)["kind"])[0]: kind for kind in kinds}
    chosen = value.get("kind") if isinstance(value, Mapping) else None
    if not isinstance(chosen, str) or chosen not in by_kind:
        return _not_a_choice(chosen, tuple(by_kind), _join(where, "kind"), problems)
    return _read(by_kind[chosen], value, where, problems)


def _read_list(kind: Any, value: Any, where: str, problems: Problems) -> Any:
    if not isinstance(value, list):
        return _wrong(problems, where, f"must be a list, got {_shown(value)}")
    items = [_read(kind, item, f"{where}[{position}]", problems) for position, item in enumerate(value)]
    if any(item is _WRONG for item in items):
        return _WRONG
    if len(set(items)) != len(items):
        return _wrong(problems, where, "names something twice")
    return tuple(items)


def _read_plain(kind: Any, value: Any, where: str, problems: Problems) -> Any:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind is bool and isinstance(value, bool):
        return value
    if kind is int and is_number and float(value).is_integer():
        return int(value)
    if kind is float and is_number and math.isfinite(value):
        return float(value)
    if kind is str and isinstance(value, str):
        return value
    wanted = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}[kind]
    return _wrong(problems, where, f"must be {wanted}, got {_shown(value)}")


def _within(value: Any, member: Field[Any], where: str, problems: Problems) -> bool:
    limits = member.metadata
    size = len(value) if isinstance(value, (str, tuple)) else value
    if size is None or is_dataclass(size):
        return True
    for limit, holds, words in (
        ("at_least", lambda bound: size >= bound, "at least"),
        ("at_most", lambda bound: size <= bound, "at most"),
        ("above", lambda bound: size > bound, "above"),
    ):
        if limit in limits and not holds(limits[limit]):
            unit = " entries" if isinstance(value, tuple) else " characters" if isinstance(value, str) else ""
            _wrong(problems, where, f"must be {words} {limits[limit]}{unit}, got {_shown(value)}")
            return False
    return True


def _is_choice(value: Any, choices: tuple[Any, ...]) -> bool:
    return any(value == choice and type(value) is type(choice) for choice in choices)


def _not_a_choice(value: Any, choices: tuple[Any, ...], where: str, problems: Problems) -> Any:
    near = difflib.get_close_matches(str(value), [str(choice) for choice in choices], n=1)
    hint = f'Did you mean "{near[0]}"? ' if near else ""
    listed = ", ".join(str(choice) for choice in choices)
    problems.error("bad_value", f"{where} is {_shown(value)}.", where, f"{hint}Choose one of: {listed}.")
    return _WRONG


def _unknown(problems: Problems, where: str, key: str, known: list[str]) -> None:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    advice = f'Did you mean "{near[0]}"?' if near else f"Known here: {', '.join(known)}."
    problems.error("unknown_key", f'"{key}" is not a known key.', where, advice)


def _wrong(problems: Problems, where: str, reason: str) -> Any:
    problems.error("bad_value", f"{where} {reason}.", where, "Correct the value.")
    return _WRONG


def _join(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _shown(value: Any) -> str:
    text = "null" if value is None else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
