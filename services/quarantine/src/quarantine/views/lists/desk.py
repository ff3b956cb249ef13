"""Lists of people in quarantine at the door: what one reads, and how it comes back."""

from collections.abc import Sequence

from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.sheets.residents import office_of
from common.sheets.rows import Reading
from common.sheets.upload_desk import Given, UploadDesk, UploadView
from quarantine.views.lists.reading import read_stays
from quarantine.views.lists.writing import answered, template

KIND = "stay"


class StayListView(UploadView):
    """Một lần nhập danh sách cách ly."""


class StayListDesk(UploadDesk[StayListView]):
    """Takes lists of people in quarantine and gives them back."""

    kind = KIND
    view = StayListView
    purpose = "Tải danh sách cách ly đã trả lời"

    async def template(self) -> bytes:
        """Return the empty list to fill in."""
        today = local_day(self._runtime.clock.now())
        return await self._workshop.do(template, self._runtime.units, today)

    async def read(self, data: bytes, by: Actor) -> Reading:
        """Read and check a list, Excel or CSV."""
        units, today = self._runtime.units, local_day(self._runtime.clock.now())
        return await self._workshop.do(read_stays, data, units, office_of(by.area_codes, units), today)

    @staticmethod
    def written(name: str, above: Sequence[Sequence[str]], rows: Given) -> bytes:
        """Return the list as it came, with answers."""
        return answered(name, above, rows)
