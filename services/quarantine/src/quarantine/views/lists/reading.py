"""From the rows of a list to orders of quarantine: each row is either ready or says what to mend."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from common.geo import Units
from common.kernel.ids import derived_id
from common.mongo.folding import folded
from common.sheets import cells
from common.sheets.reading import Sheet, read_list
from common.sheets.residents import Office, ResidentClerk, day_text
from common.sheets.rows import Reading, Take
from quarantine.domain.model import Category
from quarantine.domain.orders import OLDEST_START
from quarantine.views.lists import words
from quarantine.views.lists.columns import LAYOUT
from quarantine.views.requests import QuarantineOrderBody

_OLDEST_EXPOSURE: Final = OLDEST_START + timedelta(days=30)
_OLDEST_DOSE_DAYS: Final = 5 * 366
_HOUSEHOLD_ID: Final = re.compile(r"h-[0-9a-f-]{13}")
_COLUMN_OF: Final = {
    "commune_code": "commune",
    "last_exposure_on": "exposure",
    "starts_on": "start",
    "arrived_from": "origin",
    "vaccination_doses": "doses",
    "last_dose_on": "last_dose",
    "order": "order",
    "household_id": "household",
}


def read_stays(data: bytes, units: Units, office: Office, today: date) -> Reading:
    """
    Read and check a list of people in quarantine, from Excel or CSV.

    Takes seconds for thousands of rows: call it off the event loop. `UnreadableSheet` for a file that holds
    no list; what is wrong with single rows is said in the rows.
    """
    sheet = read_list(data, LAYOUT)
    return Clerk(sheet, units, office, today).read(sheet)


class Clerk(ResidentClerk):
    """Checks the rows of one list of people in quarantine."""

    layout = LAYOUT
    bare_columns = ("paper", "birth", "female_birth", "age", "phone", "address", "exposure")
    column_of: Mapping[str, str] = _COLUMN_OF

    def __init__(self, sheet: Sheet, units: Units, office: Office, today: date) -> None:
        super().__init__(sheet, units, office, today)
        self._category = words.category_in(
            [sheet.name, *(text for line in sheet.above[:-1] for text in line)]
        )

    def body(self, take: Take, faults: list[str]) -> dict[str, Any]:
        """Return the order that a row makes."""
        address = take("address", cells.text_of) or ""
        commune = self.commune(take, address, faults)
        category = take("category", self.remembered("category", words.category_of)) or self._category
        if category is None and not any(fault.startswith("Đối tượng") for fault in faults):
            faults.append("Đối tượng: chưa điền. Ghi F1, F2, Về từ nơi khác hoặc Nghi mắc.")
        return {
            "person": self.person(take),
            "commune_code": commune,
            "address": address,
            "category": category,
            "place": take("place", self.remembered("place", words.place_of)),
            "last_exposure_on": day_text(take("exposure", self.past_day(_OLDEST_EXPOSURE.days))),
            "starts_on": day_text(take("start", self.past_day(OLDEST_START.days))),
            **self._travelled(take, category),
            "vaccination_doses": take("doses", words.doses) or 0,
            "last_dose_on": day_text(take("last_dose", self.past_day(_OLDEST_DOSE_DAYS))),
            "order": self._paper(take),
            "household_id": self._household(take("household", cells.text_of), address, commune),
            "confirm": bool(take("confirm", words.is_marked)),
        }

    def check(self, body: dict[str, Any]) -> list[str]:
        """Check a row as the form for one person is checked, and its days against each other."""
        faults = self.form_faults(QuarantineOrderBody, body)
        begun = body["starts_on"] or self.today.isoformat()
        if not faults and begun < body["last_exposure_on"]:
            faults.append("Ngày bắt đầu cách ly: trước ngày tiếp xúc cuối. Hãy xem lại hai ngày này.")
        return faults

    def _travelled(self, take: Take, category: Category | None) -> dict[str, Any]:
        return {"arrived_from": take("origin", words.origin_of)} if category is Category.ENTRANT else {}

    def _paper(self, take: Take) -> dict[str, Any] | None:
        number, signed = take("order", cells.text_of), take("signed", self.past_day(2 * OLDEST_START.days))
        return {"number": number, "signed_on": day_text(signed)} if number else None

    @staticmethod
    def _household(label: str | None, address: str, commune: str | None) -> str | None:
        """
        Return the household that a label means: one of a commune, an address and a label.

        The label alone would join strangers (household 12 of every hamlet), and people of one household
        may declare for each other.
        """
        if not label or not commune:
            return None
        if _HOUSEHOLD_ID.fullmatch(label):
            return label
        return f"h-{derived_id('household', commune, folded(address), folded(label))[:13]}"
