"""
Which of the eight data masks of a QR code reads best (ISO/IEC 18004, 7.8.3), on the whole symbol at once.

The library that draws codes looks at every module by itself, 12 ms for a permit; here a symbol is one number
of n x n bits, so that a shift compares each module with its neighbour.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from segno import consts

_MASKS: Final[tuple[Callable[[int, int], bool], ...]] = (
    lambda i, j: (i + j) % 2 == 0,
    lambda i, _: i % 2 == 0,
    lambda _, j: j % 3 == 0,
    lambda i, j: (i + j) % 3 == 0,
    lambda i, j: (i // 2 + j // 3) % 2 == 0,
    lambda i, j: i * j % 2 + i * j % 3 == 0,
    lambda i, j: (i * j % 2 + i * j % 3) % 2 == 0,
    lambda i, j: ((i + j) % 2 + i * j % 3) % 2 == 0,
)
"""Where each mask turns a module over: table 10 of the standard."""
_DATA: Final = frozenset((consts.TYPE_DATA_DARK, consts.TYPE_DATA_LIGHT))
_LATER: Final = frozenset(
    (
        consts.TYPE_FORMAT_DARK,
        consts.TYPE_FORMAT_LIGHT,
        consts.TYPE_VERSION_DARK,
        consts.TYPE_VERSION_LIGHT,
    )
)
"""Format and version are written after the choice, so the standard leaves them out of it."""


_DIGITS: Final = bytes.maketrans(b"\0\1", b"01")
_MODULES: Final = bytes.maketrans(b"01", b"\0\1")


@dataclass(frozen=True, slots=True)
class Grid:
    """What is the same for all symbols of a version, as numbers whose bit i * size + j is row i, column j."""

    size: int
    judged: tuple[int, int]
    """Modules that the choice looks at, by row and by column."""
    turned: tuple[tuple[int, int], ...]
    """What each mask turns over where mask 0 was, by row and by column."""
    pairs: int
    """Modules with a neighbour to the right."""
    starts: int
    """Modules where the seven of a finder pattern may begin."""
    around: tuple[tuple[int, int], ...]
    """Which modules have one so far to the left of them, and to the right of the seven that they begin."""


def masked(symbol: Any, of_mask: Callable[[int], Any]) -> list[bytes]:
    """
    Return the rows of a symbol that was made with mask 0, with its best mask instead.

    *of_mask* makes any symbol of the same version and level with a given mask: where it says which mask it
    has, both are alike.
    """
    best = best_mask(symbol)
    if best == 0:
        return [bytes(row) for row in symbol.matrix]
    grid = _GRIDS[symbol.version]
    labels = _LABELS.get((symbol.version, best))
    if labels is None:
        other = _number(b"".join(of_mask(best).matrix)) & ~grid.judged[0]
        labels = _LABELS.setdefault((symbol.version, best), other)
    rows = (_number(b"".join(symbol.matrix)) & grid.judged[0] ^ grid.turned[best][0]) | labels
    digits = f"{rows:b}".zfill(grid.size**2).encode()[::-1].translate(_MODULES)
    return [digits[at : at + grid.size] for at in range(0, len(digits), grid.size)]


def best_mask(symbol: Any) -> int:
    """Return the number of the mask with the least penalty for a symbol that was made with mask 0."""
    grid = _GRIDS.get(symbol.version) or _GRIDS.setdefault(symbol.version, _grid(symbol))
    modules, size = b"".join(symbol.matrix), grid.size
    turned_around = b"".join(modules[column::size] for column in range(size))
    rows, columns = _number(modules) & grid.judged[0], _number(turned_around) & grid.judged[1]
    penalties = [_penalty(rows ^ by_row, columns ^ by_column, grid) for by_row, by_column in grid.turned]
    return penalties.index(min(penalties))


def _penalty(rows: int, columns: int, grid: Grid) -> int:
    share = rows.bit_count() / grid.size**2
    return (
        _of_lines(rows, grid)
        + _of_lines(columns, grid)
        + 3 * _blocks(rows, grid)
        + 10 * int(abs(share * 100 - 50) / 5)
    )


def _of_lines(dark: int, grid: Grid) -> int:
    """Return the penalties of runs of five and more, and of what looks like a finder pattern."""
    same = ~(dark ^ dark >> 1) & grid.pairs
    fives = same & same >> 1 & same >> 2 & same >> 3
    runs = fives.bit_count() + 2 * (fives & ~(fives << 1)).bit_count()
    finder = dark & ~(dark >> 1) & dark >> 2 & dark >> 3 & dark >> 4 & ~(dark >> 5) & dark >> 6
    before, after = 0, 0
    for far, (has_before, has_after) in enumerate(grid.around, 1):
        before |= dark << far & has_before
        after |= dark >> far + 6 & has_after
    return runs + 40 * (finder & grid.starts & ~(before & after)).bit_count()


def _blocks(dark: int, grid: Grid) -> int:
    same = ~(dark ^ dark >> 1) & grid.pairs
    alike = ~(dark ^ dark >> grid.size)
    return (same & same >> grid.size & alike).bit_count()


_GRIDS: Final[dict[int, Grid]] = {}
_LABELS: Final[dict[tuple[int, int], int]] = {}
"""Format and version modules by version and mask."""


def _grid(symbol: Any) -> Grid:
    size = len(symbol.matrix)
    kinds = [list(row) for row in symbol.matrix_iter(scale=1, border=0, verbose=True)]

    def where(holds: Callable[[int, int], bool]) -> tuple[int, int]:
        places = [(i, j) for i in range(size) for j in range(size)]
        return tuple(_number(bytes(holds(*p[::way]) for p in places)) for way in (1, -1))  # type: ignore[return-value]

    def turned(mask: Callable[[int, int], bool]) -> tuple[int, int]:
        return where(lambda i, j: kinds[i][j] in _DATA and mask(i, j) != _MASKS[0](i, j))

    return Grid(
        size=size,
        judged=where(lambda i, j: kinds[i][j] not in _LATER),
        turned=tuple(turned(mask) for mask in _MASKS),
        pairs=where(lambda _, j: j < size - 1)[0],
        starts=where(lambda _, j: j <= size - 7)[0],
        around=tuple(
            (where(lambda _, j, f=far: j >= f)[0], where(lambda _, j, f=far: j + 6 + f < size)[0])  # type: ignore[misc]
            for far in range(1, 5)
        ),
    )


def _number(modules: bytes) -> int:
    """Return modules as a number, the first one as its lowest bit."""
    return int(modules.translate(_DIGITS)[::-1], 2)
