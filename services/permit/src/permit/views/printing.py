"""Permits of a whole staff list on paper, drawn in the workshop and sent piece by piece."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Final

from common.kernel.areas import Actor
from common.service import Runtime
from common.workshop import Workshop
from permit.domain import authority
from permit.domain.errors import NoCodeYet
from permit.ports import Holders
from permit.views.desk import Desk
from permit.views.paper import Sheet, cards, pdf
from permit.views.staff_lists import ListDesk

PERMITS_PER_PART: Final = 400
"""Some seconds of drawing and a ream and a half of paper."""
_AT_ONCE: Final = 10
"""Sheets that are opened before others are served: some milliseconds."""
_CHUNK_BYTES: Final = 65_536
Draw = Callable[[Sequence[Sheet]], bytes]


class Printer:
    """Prints lists."""

    def __init__(
        self, runtime: Runtime, holders: Holders, desk: Desk, lists: ListDesk, workshop: Workshop
    ) -> None:
        self._runtime = runtime
        self._holders = holders
        self._desk = desk
        self._lists = lists
        self._workshop = workshop

    async def pages(self, list_id: str, part: int, by: Actor) -> Iterator[bytes]:
        """Return a part of a list, one permit on a page; `ListNotFound`, `NoCodeYet` if none was issued."""
        return await self._drawn(pdf, list_id, part, by)

    async def cards(self, list_id: str, part: int, by: Actor) -> Iterator[bytes]:
        """Return a part of a list as wallet cards, ten on a page."""
        return await self._drawn(cards, list_id, part, by)

    async def _drawn(self, draw: Draw, list_id: str, part: int, by: Actor) -> Iterator[bytes]:
        staff_list = await self._lists.own(list_id, by)
        ids: list[str] = []
        async for page in self._lists.pages(staff_list):
            ids += [str(answer["permit_id"]) for answer in page.answers if answer.get("permit_id")]
        wanted = ids[(part - 1) * PERMITS_PER_PART : part * PERMITS_PER_PART]
        sheets = [sheet async for sheet in self._sheets(wanted, by)]
        if not sheets:
            raise NoCodeYet("Danh sách này chưa có giấy nào đang hiệu lực để in.")
        return _pieces(await self._workshop.do(draw, sheets))

    async def _sheets(self, permit_ids: Sequence[str], by: Actor) -> AsyncIterator[Sheet]:
        files = await self._holders.of_permits(permit_ids)
        people = [file.person_id for file in files.values()]
        await self._runtime.access_log.note(by, people, "In giấy đi đường theo danh sách")
        for at, permit_id in enumerate(permit_ids):
            if at % _AT_ONCE == 0:
                await asyncio.sleep(0)  # opening and signing a sheet waits for nothing by itself
            holder = files.get(permit_id)
            permit = holder.permit(permit_id) if holder else None
            if holder and permit and authority.may_see(by, holder.person_id, permit):
                sheet = await self._desk.sheet(holder, permit)
                if sheet is not None:
                    yield sheet


def _pieces(content: bytes) -> Iterator[bytes]:
    for at in range(0, len(content), _CHUNK_BYTES):
        yield content[at : at + _CHUNK_BYTES]
