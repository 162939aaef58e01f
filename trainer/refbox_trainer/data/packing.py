"""Which samples of a step share one sequence. Nothing of a sample changes by it: each still sees only itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from refbox_trainer.config import SequenceSection


class PackLimits(NamedTuple):
    """What one packed sequence may hold."""

    tokens: int
    tiles: int | None
    """None = as many as the tokens allow."""

    def fits(self, tokens: int, tiles: int) -> bool:
        return tokens <= self.tokens and (self.tiles is None or tiles <= self.tiles)


def pack_limits(sequence: SequenceSection) -> PackLimits | None:
    """What run.json asks for; None without packing."""
    if not sequence.packing:
        return None
    return PackLimits(sequence.max_packed_tokens or sequence.max_length, sequence.max_packed_tiles)


def pack(positions: Sequence[int], tokens: Sequence[int], tiles: Sequence[int], limits: PackLimits) -> list[list[int]]:
    """Groups of `positions`, each within the limits, by first-fit decreasing on tokens.

    `tokens` and `tiles` are looked up by position. First-fit decreasing needs at most 11/9 of the fewest possible packs
    plus one (Johnson 1973). The result depends on nothing but its arguments. A sample that exceeds a limit by itself
    stands alone.
    """
    packs: list[list[int]] = []
    used: list[tuple[int, int]] = []
    for position in sorted(positions, key=lambda position: (-tokens[position], position)):
        for number, (held_tokens, held_tiles) in enumerate(used):
            together = (held_tokens + tokens[position], held_tiles + tiles[position])
            if limits.fits(*together):
                packs[number].append(position)
                used[number] = together
                break
        else:
            packs.append([position])
            used.append((tokens[position], tiles[position]))
    return packs


def oversized(tokens: Sequence[int], tiles: Sequence[int], limits: PackLimits) -> str | None:
    """Words about samples that exceed the limits by themselves, for a warning; None when there are none."""
    count = sum(not limits.fits(*sample) for sample in zip(tokens, tiles, strict=True))
    if not count:
        return None
    allowed = f"{limits.tokens} tokens" + ("" if limits.tiles is None else f" and {limits.tiles} tiles")
    return (
        f"{count} sample(s) exceed the {allowed} of one packed sequence by themselves (the longest has {max(tokens)} "
        "tokens); each is trained on alone, in a longer sequence."
    )
