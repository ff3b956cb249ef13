"""From the rows of a list to declarations of F0: each row is either ready or says what to mend."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from common.geo import Units
from common.sheets import cells
from common.sheets.reading import Sheet, read_sheet
from common.sheets.residents import Office, ResidentClerk, day_text
from common.sheets.rows import Reading, Take
from f0_monitoring.domain.plausible import OLDEST_TEST_DAYS
from f0_monitoring.rulebook import Word
from f0_monitoring.views.lists import words
from f0_monitoring.views.lists.columns import LAYOUT
from f0_monitoring.views.requests import PatientBody

_COLUMN_OF: Final = {
    "commune_code": "commune",
    "tested_on": "tested",
    "onset_on": "onset",
    "vaccination_doses": "doses",
    "weight_kg": "weight",
}


def read_cases(
    data: bytes, units: Units, conditions: tuple[Word, ...], office: Office, today: date
) -> Reading:
    """
    Read and check a list of F0; *conditions* are the underlying diseases that the form knows.

    Takes seconds for thousands of rows: call it off the event loop. `UnreadableSheet` for a file that holds
    no list; what is wrong with single rows is said in the rows.
    """
    sheet = read_sheet(data, LAYOUT)
    return Clerk(sheet, units, conditions, office, today).read(sheet)


class Clerk(ResidentClerk):
    """Checks the rows of one list of F0."""

    layout = LAYOUT
    bare_columns = ("paper", "birth", "female_birth", "age", "phone", "address", "tested")
    column_of: Mapping[str, str] = _COLUMN_OF

    def __init__(
        self, sheet: Sheet, units: Units, conditions: tuple[Word, ...], office: Office, today: date
    ) -> None:
        super().__init__(sheet, units, office, today)
        self._diseases = words.Diseases(conditions)

    def body(self, take: Take, faults: list[str]) -> dict[str, Any]:
        """Return the declaration that a row makes."""
        address = take("address", cells.text_of) or ""
        take("result", words.check_positive)
        return {
            "person": self.person(take),
            "commune_code": self.commune(take, address, faults),
            "address": address,
            "tested_on": day_text(take("tested", self.past_day(OLDEST_TEST_DAYS))),
            "onset_on": day_text(take("onset", self.past_day(2 * OLDEST_TEST_DAYS))),
            "conditions": take("conditions", self.remembered("conditions", self._diseases)) or [],
            "pregnant": bool(take("pregnant", words.is_pregnant)),
            "vaccination_doses": take("doses", words.doses) or 0,
            "weight_kg": take("weight", words.kilograms),
        }

    def check(self, body: dict[str, Any]) -> list[str]:
        """Check a row as the form for one patient is checked."""
        faults = self.form_faults(PatientBody, body)
        if body["pregnant"] and body["person"].get("sex") == "male":
            faults.append("Mang thai: dòng ghi giới tính nam. Hãy xem lại hai ô này.")
        return faults
