"""Lists in pages: an opaque cursor says where the next page begins, so that new rows shift nothing."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, ClassVar, Final, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel

from common.kernel.errors import Invalid

Scalar = str | int | float | bool | datetime | None
Item = TypeVar("Item")
Row = TypeVar("Row")
DEFAULT_LIMIT: Final = 50
MOST: Final = 200
_LONGEST: Final = 512


class BadCursor(Invalid):
    """The cursor was not made by this service."""

    slug: ClassVar[str] = "bad-cursor"
    title: ClassVar[str] = "Con trỏ trang không đúng"


class Page(BaseModel, Generic[Item]):
    """One page; *next* is null on the last one."""

    items: list[Item]
    next: str | None = None


def write_cursor(*key: Scalar) -> str:
    """Write the sort *key* of the last row of a page."""
    plain = [{"at": part.isoformat()} if isinstance(part, datetime) else part for part in key]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def read_cursor(cursor: str, *kinds: type) -> tuple[Scalar, ...]:
    """Read a cursor back, of exactly these *kinds* (None is always allowed); `BadCursor` otherwise."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        key = tuple(
            datetime.fromisoformat(part["at"]) if isinstance(part, dict) else part for part in list(parts)
        )
    except (ValueError, TypeError, KeyError, binascii.Error, RecursionError):
        raise _bad() from None
    fits = len(key) == len(kinds) and all(
        part is None or (isinstance(part, kind) and not (kind is not bool and isinstance(part, bool)))
        for part, kind in zip(key, kinds, strict=False)
    )
    if len(cursor) > _LONGEST or not fits:
        raise _bad()
    return key


def _bad() -> BadCursor:
    return BadCursor("Con trỏ trang không đúng. Hãy tải lại danh sách từ đầu.", field="cursor")


class PageQuery(BaseModel):
    """Which page is wanted."""

    limit: int = DEFAULT_LIMIT
    cursor: str | None = None

    def after(self, *kinds: type) -> tuple[Scalar, ...] | None:
        """Return the sort key after which to begin; None for the first page."""
        return read_cursor(self.cursor, *kinds) if self.cursor else None


async def _page_query(
    limit: Annotated[int, Query(ge=1, le=MOST)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=_LONGEST)] = None,
) -> PageQuery:
    return PageQuery(limit=limit, cursor=cursor)


Paging = Annotated[PageQuery, Depends(_page_query)]


def page_of(
    rows: Sequence[Row], limit: int, key: Callable[[Row], tuple[Scalar, ...]]
) -> tuple[list[Row], str | None]:
    """Cut *rows*, read with `limit + 1`, to a page; return them with the cursor of the next one."""
    shown = list(rows[:limit])
    return shown, write_cursor(*key(shown[-1])) if len(rows) > limit and shown else None
