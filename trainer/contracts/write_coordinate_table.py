"""Writes examples/coordinates.json: what Python itself makes of `round(v / size * 1000)`.

Both implementations of the rule are tested against this table. Run it again only to add sizes:
`python trainer/contracts/write_coordinate_table.py`.
"""

import json
from fractions import Fraction
from pathlib import Path

SMALL = (1, 3, 7, 64, 100, 112, 333, 400, 427, 448, 640, 800)
LARGE = (1000, 1024, 1080, 1920, 2000, 3024, 4000, 4032, 8000, 16000, 65500)
SIZES = SMALL + LARGE
MAX_TIES_PER_SIZE = 40


def ties(size: int) -> list[float]:
    """Pixels v where v / size * 1000 is an exact half, in real arithmetic, and v is a double."""
    exact = (Fraction(2 * k + 1, 2000) * size for k in range(1000))
    doubles = [float(v) for v in exact if Fraction(float(v)) == v]
    stride = max(1, len(doubles) // MAX_TIES_PER_SIZE)
    return doubles[::stride][:MAX_TIES_PER_SIZE]


def values(size: int) -> list[float]:
    spread = [size * k / 17 for k in range(18)] + [size / 3, size / 7, 0.1, size - 0.1, 0.5, size / 2]
    whole = [float(v) for v in range(0, size + 1, max(1, size // 12))]
    beyond = [-1.0, -0.0004, float(size) + 0.0004, float(size) * 2]
    return sorted({*ties(size), *spread, *whole, *beyond, 0.0, float(size)})


def normalise(value: float, size: int) -> int:
    return min(1000, max(0, round(value / size * 1000)))


def main() -> None:
    table = [{"size": size, "cases": [[value, normalise(value, size)] for value in values(size)]} for size in SIZES]
    lines = ",\n".join(json.dumps(entry) for entry in table)
    target = Path(__file__).parent / "examples" / "coordinates.json"
    target.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
