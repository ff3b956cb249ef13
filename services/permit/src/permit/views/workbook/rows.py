"""From the rows of a staff list to applications: each row is either ready or says what to mend."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from common.geo import Units
from common.kernel.ids import derived_id
from common.mongo.folding import folded
from common.sheets import cells, rows
from common.sheets.cells import Unclear
from common.sheets.places import Gazetteer
from common.sheets.reading import Sheet, read_sheet
from common.sheets.rows import Reading, Take
from permit.views.requests import ApplicationBody
from permit.views.workbook import values
from permit.views.workbook.columns import LAYOUT

_EVERY_DAY: Final = [1, 2, 3, 4, 5, 6, 7]
_YOUNGEST_WORKER: Final = 15
"""A birth year of "84" or "21" is one of the last century here."""
_COLUMN_OF: Final = {
    "windows": "leaves",
    "valid_from": "from",
    "valid_until": "until",
    "co_passengers": "with",
}


def read_list(
    data: bytes, units: Units, categories: Mapping[str, str], employer: str, today: date
) -> Reading:
    """
    Read and check a staff list; *categories* are the titles of those an employer may ask for, by code.

    Takes seconds for thousands of rows: call it off the event loop. `UnreadableSheet` for a file that
    holds no list; what is wrong with single rows is said in the rows.
    """
    sheet = read_sheet(data, LAYOUT)
    return Clerk(sheet, Gazetteer(units), categories, employer, today).read(sheet)


class Clerk(rows.Clerk):
    """Checks the rows of one staff list."""

    layout = LAYOUT
    youngest = _YOUNGEST_WORKER
    column_of = _COLUMN_OF

    def __init__(
        self, sheet: Sheet, places: Gazetteer, categories: Mapping[str, str], employer: str, today: date
    ) -> None:
        super().__init__(sheet, places, today)
        self._categories = {folded(title): code for code, title in categories.items()}
        self._categories |= {code: code for code in categories}
        self._employer = employer

    def body(self, take: Take, faults: list[str]) -> dict[str, Any]:
        """Return the application that a row makes."""
        leaves, returns = take("leaves", cells.clock_of), take("returns", cells.clock_of)
        if bool(leaves) != bool(returns):
            faults.append("Giờ đi, Giờ về: điền cả hai ô, hoặc bỏ trống cả hai.")
        hours = [{"weekdays": _EVERY_DAY, "from": leaves, "to": returns}] if leaves and returns else []
        return {"person": self.person(take), "windows": hours, **self._journey(take)}

    def check(self, body: dict[str, Any]) -> list[str]:
        """Check a row as the form of the single application is checked."""
        faults = self.form_faults(ApplicationBody, body)
        if not faults and body["valid_until"] <= body["valid_from"]:
            return ["Đến ngày: phải từ “Từ ngày” trở đi."]
        return faults

    def key_of(self, body: dict[str, Any]) -> str:
        """Who, what and when: the same key is the same permit, in whichever file it stands."""
        person = body["person"]
        who = person.get("cccd") or person.get("cmnd") or person.get("passport") or person["full_name"]
        return derived_id(who, body["category"], body["valid_from"], body["valid_until"])

    def _journey(self, take: Take) -> dict[str, Any]:
        return {
            "commune_code": take("commune", self.remembered("commune", self.places.commune)),
            "category": take("category", self._category),
            "purpose": take("purpose", cells.text_of) or "",
            "employer": self._employer,
            "areas": take("areas", self.remembered("areas", self.places.areas)),
            "route": take("route", cells.text_of) or "",
            "plate": take("plate", values.plate) or None,
            "co_passengers": take("with", values.companions) or [],
            "valid_from": values.midnight(take("from", cells.day_of)),
            "valid_until": values.midnight(take("until", cells.day_of), days=1),
        }

    def _category(self, value: Any) -> str:
        code = self._categories.get(folded(cells.text_of(value)))
        if code is None:
            raise Unclear(
                "Không có nhóm này, hoặc nhóm không dành cho doanh nghiệp. Hãy chọn trong danh sách."
            )
        return code
