"""From the rows of a list to declarations of F0: each row is either ready or says what to mend."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from common.geo import Units
from common.kernel.ids import derived_id
from common.sheets import cells, rows
from common.sheets.cells import Unclear
from common.sheets.places import Gazetteer
from common.sheets.reading import Sheet, read_sheet
from common.sheets.rows import Reading, Take
from f0_monitoring.domain.plausible import OLDEST_TEST_DAYS
from f0_monitoring.rulebook import Word
from f0_monitoring.views.lists import words
from f0_monitoring.views.lists.columns import LAYOUT
from f0_monitoring.views.requests import PatientBody

_OLDEST_YEARS: Final = 125
_COLUMN_OF: Final = {
    "commune_code": "commune",
    "tested_on": "tested",
    "onset_on": "onset",
    "vaccination_doses": "doses",
    "weight_kg": "weight",
}


@dataclass(frozen=True, slots=True)
class Office:
    """
    Where the officer works: codes of the areas, and the one commune that rows without a commune mean.

    *commune_code* is empty where the officer serves more than one.
    """

    area_codes: tuple[str, ...]
    commune_code: str = ""


def office_of(area_codes: Collection[str], units: Units) -> Office:
    """Return the office of somebody who serves these areas."""
    codes = tuple(sorted(area_codes))
    only = units.unit(codes[0]) if len(codes) == 1 else None
    return Office(codes, only.code if only and only.level == "commune" else "")


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


class Clerk(rows.Clerk):
    """Checks the rows of one list of F0."""

    layout = LAYOUT
    bare_columns = ("paper", "birth", "female_birth", "age", "phone", "address", "tested")
    column_of: Mapping[str, str] = _COLUMN_OF

    def __init__(
        self, sheet: Sheet, units: Units, conditions: tuple[Word, ...], office: Office, today: date
    ) -> None:
        super().__init__(sheet, Gazetteer(units), today)
        self._units = units
        self._office = office
        self._diseases = words.Diseases(conditions)
        self._has_two_births = "female_birth" in sheet.columns

    def body(self, take: Take, faults: list[str]) -> dict[str, Any]:
        """Return the declaration that a row makes."""
        address = take("address", cells.text_of) or ""
        take("result", words.check_positive)
        return {
            "person": self.person(take),
            "commune_code": self._commune(take, address, faults),
            "address": address,
            "tested_on": _text(take("tested", self._past_day(OLDEST_TEST_DAYS))),
            "onset_on": _text(take("onset", self._past_day(2 * OLDEST_TEST_DAYS))),
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

    def key_of(self, body: dict[str, Any]) -> str:
        """Who it is: nobody is declared twice, however often a list names them."""
        person = body["person"]
        paper = person.get("cccd") or person.get("cmnd") or person.get("passport")
        born = person.get("birth_date") or person.get("birth_year")
        return derived_id(paper or f"{person['full_name']}|{born}|{person.get('phone')}")

    def birth(self, take: Take) -> dict[str, Any]:
        """Return the birth date or year; by the age when only that is known."""
        said = super().birth(take) or take("female_birth", self._birth_of) or {}
        return said or take("age", self._by_age) or {}

    def sex(self, take: Take) -> str | None:
        """Return the sex; a year in the column of women or of men says it too."""
        said = super().sex(take)
        if said or not self._has_two_births:
            return said
        if take("female_birth", cells.text_of):
            return "female"
        return "male" if take("birth", cells.text_of) else None

    def _birth_of(self, value: Any) -> dict[str, Any]:
        return cells.birth_of(value, self.today, self.youngest)

    def _by_age(self, value: Any) -> dict[str, Any]:
        text = cells.text_of(value)
        if not text:
            return {}
        if not re.fullmatch(r"\d{1,3}", text) or int(text) > _OLDEST_YEARS:
            raise Unclear("ghi số tuổi, hoặc tốt hơn là ngày sinh.")
        return {"birth_year": self.today.year - int(text)}

    def _past_day(self, oldest_days: int) -> Callable[[Any], date | None]:
        def day(value: Any) -> date | None:
            found = cells.day_of(value)
            if found and found > self.today:
                raise Unclear(f"{found:%d/%m/%Y} ở tương lai. Hãy xem lại ngày, tháng.")
            if found and found < self.today - timedelta(days=oldest_days):
                raise Unclear(f"{found:%d/%m/%Y} đã quá {oldest_days} ngày. Hãy xem lại năm.")
            return found

        return day

    def _commune(self, take: Take, address: str, faults: list[str]) -> str | None:
        """Return the commune that is named, that the address ends with, or that is the officer's only one."""
        title = self.layout.by_key["commune"].title
        named: str | None = take("commune", self._named)
        code = named or self._in_address(address) or self._office.commune_code
        if not code:
            if not any(fault.startswith(title) for fault in faults):
                faults.append(f"{title}: chưa điền, và địa chỉ không ghi xã, phường nào.")
            return None
        if not self._units.area_of(code).codes() & set(self._office.area_codes):
            faults.append(f"{title}: {self._units.name_of(code)} ngoài địa bàn. Hãy gửi trạm y tế ở đó.")
        return code

    def _named(self, value: Any) -> str | None:
        find = self.remembered("commune", self.places.commune)
        code: str | None = find(value) if cells.text_of(value) else None
        return code

    def _in_address(self, address: str) -> str | None:
        parts = [part.strip() for part in re.split(r"[,;]|\s-\s", address) if part.strip()]
        for at in range(1, len(parts)):
            try:
                return str(self.remembered("commune", self.places.commune)(", ".join(parts[at:])))
            except Unclear:
                continue
        return None


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
