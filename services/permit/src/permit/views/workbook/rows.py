"""From the rows of a sheet to applications: each row is either ready or says what to mend."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from common.geo import Units
from common.http.validation_vi import field_of, message_of
from common.kernel.ids import derived_id
from common.mongo.folding import folded
from permit.domain.errors import UnreadableSheet
from permit.views.requests import ApplicationBody
from permit.views.workbook import cells, values
from permit.views.workbook.cells import Unclear
from permit.views.workbook.columns import BY_KEY
from permit.views.workbook.places import Gazetteer
from permit.views.workbook.reading import ROWS_MAX, Cells, Sheet, read_sheet

Take = Callable[[str, Callable[[Any], Any]], Any]
"""Reads one column of a row; notes what is wrong with it and goes on."""
_EVERY_DAY: Final = [1, 2, 3, 4, 5, 6, 7]
_FOOTERS: Final = (
    "tong",
    "cong:",
    "nguoi lap",
    "giam doc",
    "ghi chu",
    "thai nguyen, ngay",
    "(ky",
    "xac nhan",
)
_EXAMPLE: Final = "vi du"
_COLUMN_OF: Final = {
    "full_name": "name",
    "cccd": "paper",
    "cmnd": "paper",
    "passport": "paper",
    "birth_date": "birth",
    "birth_year": "birth",
    "sex": "sex",
    "phone": "phone",
    "windows": "leaves",
    "valid_from": "from",
    "valid_until": "until",
    "co_passengers": "with",
}


@dataclass(frozen=True, slots=True)
class Row:
    """
    One row of a list: what it shows, and either the application it makes or what is wrong with it.

    A row without either (a total, a signature) is no person's. *key* is who, what and when: the same key is
    the same permit, in whichever file it stands.
    """

    number: int
    shown: list[str]
    body: dict[str, Any] | None = None
    key: str = ""
    faults: list[str] = field(default_factory=list)
    repeats: int = 0
    """Number of the earlier row of this sheet with the same key."""

    @property
    def is_person(self) -> bool:
        """Tell whether this row is about somebody."""
        return self.body is not None or bool(self.faults)


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole list, read and checked."""

    name: str
    above: list[list[str]]
    rows: list[Row]


def read_list(
    data: bytes, units: Units, categories: Mapping[str, str], employer: str, today: date
) -> Reading:
    """
    Read and check a staff list; *categories* are the titles of those an employer may ask for, by code.

    Takes seconds for thousands of rows: call it off the event loop. `UnreadableSheet` for a file that
    holds no list; what is wrong with single rows is said in the rows.
    """
    sheet, places = read_sheet(data), Gazetteer(units)
    clerk = Clerk(sheet, places, categories, employer, today)
    seen: dict[str, int] = {}
    rows = [clerk.row(number, row, seen) for number, row in sheet.rows]
    people = sum(row.is_person for row in rows)
    if people > ROWS_MAX:
        raise UnreadableSheet(
            f"Danh sách có {people} người; mỗi tệp nhận nhiều nhất {ROWS_MAX}. Hãy chia thành nhiều tệp.",
            field="file",
        )
    if not people:
        raise UnreadableSheet("Danh sách chưa có ai dưới dòng tiêu đề. Hãy điền rồi gửi lại.", field="file")
    return Reading(sheet.name, sheet.above, rows)


class Clerk:
    """Checks the rows of one sheet."""

    def __init__(
        self, sheet: Sheet, places: Gazetteer, categories: Mapping[str, str], employer: str, today: date
    ) -> None:
        self._columns = sheet.columns
        self._places = places
        self._categories = {folded(title): code for code, title in categories.items()}
        self._categories |= {code: code for code in categories}
        self._employer = employer
        self._today = today
        self._known: dict[tuple[str, str], Any] = {}

    def row(self, number: int, row: Cells, seen: dict[str, int]) -> Row:
        """Check one row; *seen* remembers the keys of the rows above."""
        shown = [cells.text_of(value)[:400] for value in row]
        while shown and not shown[-1]:
            shown.pop()
        if self._is_nobody(row, shown):
            return Row(number, shown)
        faults: list[str] = []
        body = self._body(row, faults)
        if faults:
            return Row(number, shown, faults=faults)
        faults += _form_faults(body)
        if faults:
            return Row(number, shown, faults=faults)
        key = _key_of(body)
        repeats = seen.setdefault(key, number)
        return Row(number, shown, body, key, repeats=repeats if repeats != number else 0)

    def _is_nobody(self, row: Cells, shown: list[str]) -> bool:
        if folded(self._text(row, "stt")) == _EXAMPLE:
            return True
        is_bare = not any(self._text(row, key) for key in ("paper", "birth", "commune"))
        words = folded(next((text for text in shown if text), ""))
        named = folded(self._text(row, "name"))
        return is_bare and (words.startswith(_FOOTERS) or named.startswith(_FOOTERS) or not named)

    def _body(self, row: Cells, faults: list[str]) -> dict[str, Any]:
        def take(key: str, read: Callable[[Any], Any]) -> Any:
            value = row[self._columns[key]] if key in self._columns else None
            if BY_KEY[key].is_required and not cells.text_of(value):
                faults.append(f"{BY_KEY[key].title}: chưa điền.")
                return None
            try:
                return read(value)
            except Unclear as fault:
                faults.append(f"{BY_KEY[key].title}: {fault}")
                return None

        leaves, returns = take("leaves", cells.clock_of), take("returns", cells.clock_of)
        if bool(leaves) != bool(returns):
            faults.append("Giờ đi, Giờ về: điền cả hai ô, hoặc bỏ trống cả hai.")
        hours = [{"weekdays": _EVERY_DAY, "from": leaves, "to": returns}] if leaves and returns else []
        return {"person": self._person(take), "windows": hours, **self._journey(take)}

    def _person(self, take: Take) -> dict[str, Any]:
        paper = take("paper", cells.paper_of) or {}
        birth = take("birth", lambda value: cells.birth_of(value, self._today))
        person = {
            "full_name": take("name", cells.name_of),
            **paper,
            **(birth or values.birth_by(paper)),
            "sex": take("sex", cells.sex_of) or values.sex_by(paper),
            "phone": take("phone", cells.phone_of),
        }
        return {name: value for name, value in person.items() if value is not None}

    def _journey(self, take: Take) -> dict[str, Any]:
        return {
            "commune_code": take("commune", self._remembered("commune", self._places.commune)),
            "category": take("category", self._category),
            "purpose": take("purpose", cells.text_of) or "",
            "employer": self._employer,
            "areas": take("areas", self._remembered("areas", self._places.areas)),
            "route": take("route", cells.text_of) or "",
            "plate": take("plate", values.plate) or None,
            "co_passengers": take("with", values.companions) or [],
            "valid_from": values.midnight(take("from", cells.day_of)),
            "valid_until": values.midnight(take("until", cells.day_of), days=1),
        }

    def _text(self, row: Cells, key: str) -> str:
        return cells.text_of(row[self._columns[key]]) if key in self._columns else ""

    def _remembered(self, key: str, find: Callable[[str], Any]) -> Callable[[Any], Any]:
        """Find a place once: the same few names fill the whole column."""

        def found(value: Any) -> Any:
            text = cells.text_of(value)
            if (key, text) not in self._known:
                self._known[key, text] = find(text)
            return self._known[key, text]

        return found

    def _category(self, value: Any) -> str:
        code = self._categories.get(folded(cells.text_of(value)))
        if code is None:
            raise Unclear(
                "Không có nhóm này, hoặc nhóm không dành cho doanh nghiệp. Hãy chọn trong danh sách."
            )
        return code


def _form_faults(body: dict[str, Any]) -> list[str]:
    """Check a row as the form of the single application is checked."""
    try:
        ApplicationBody.model_validate(body)
    except ValidationError as error:
        return [
            _in_column(field_of(fault), message_of(fault))
            for fault in error.errors(include_url=False, include_input=False)
        ]
    if body["valid_until"] <= body["valid_from"]:
        return ["Đến ngày: phải từ “Từ ngày” trở đi."]
    return []


def _in_column(place: str, message: str) -> str:
    names = [part for part in place.split(".") if not part.isdigit()]
    key = next(
        (_COLUMN_OF.get(name, name) for name in reversed(names) if _COLUMN_OF.get(name, name) in BY_KEY), ""
    )
    return f"{BY_KEY[key].title}: {message}" if key else message


def _key_of(body: dict[str, Any]) -> str:
    person = body["person"]
    who = person.get("cccd") or person.get("cmnd") or person.get("passport") or person["full_name"]
    return derived_id(who, body["category"], body["valid_from"], body["valid_until"])
