"""Lists of F0 at the door: what one reads, and how it comes back."""

from collections.abc import Sequence

from pydantic import Field

from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.service import Runtime
from common.sheets import upload_desk
from common.sheets.residents import office_of
from common.sheets.rows import Reading
from common.sheets.upload_desk import Given, UploadDesk, UploadView
from common.workshop import Workshop
from f0_monitoring.ports import CaseLists
from f0_monitoring.rulebook import RiskRuleBooks
from f0_monitoring.views.lists.reading import read_cases
from f0_monitoring.views.lists.writing import answered, template
from f0_monitoring.views.requests import Words

KIND = "case"


class UndoBody(upload_desk.UndoBody):
    """Hủy cả lần nhập."""

    reason: Words = Field(description="Lý do hủy, người khác sẽ đọc")


class CaseListView(UploadView):
    """Một lần nhập danh sách F0."""


class ListDesk(UploadDesk[CaseListView]):
    """Takes lists of F0 and gives them back."""

    kind = KIND
    view = CaseListView
    purpose = "Tải danh sách F0 đã trả lời"

    def __init__(self, runtime: Runtime, lists: CaseLists, rules: RiskRuleBooks, workshop: Workshop) -> None:
        super().__init__(runtime, lists, workshop)
        self._rules = rules

    async def template(self) -> bytes:
        """Return the empty list to fill in."""
        today = local_day(self._runtime.clock.now())
        return await self._workshop.do(
            template, self._runtime.units, self._rules.form(today).conditions, today
        )

    async def read(self, data: bytes, by: Actor) -> Reading:
        """Read and check a list of F0."""
        units, today = self._runtime.units, local_day(self._runtime.clock.now())
        conditions, office = self._rules.form(today).conditions, office_of(by.area_codes, units)
        return await self._workshop.do(read_cases, data, units, conditions, office, today)

    @staticmethod
    def written(name: str, above: Sequence[Sequence[str]], rows: Given) -> bytes:
        """Return the list of F0 as it came, with answers."""
        return answered(name, above, rows)
