"""From the rows of a sheet to forms: each row is either ready or says what to mend."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from common.http.validation_vi import field_of, message_of
from common.mongo.folding import folded
from common.sheets import cells
from common.sheets.cells import Unclear
from common.sheets.layout import Layout, UnreadableSheet
from common.sheets.places import Gazetteer
from common.sheets.reading import Cells, Sheet

Take = Callable[[str, Callable[[Any], Any]], Any]
"""Reads one column of a row; notes what is wrong with it and goes on."""
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
_SHOWN_LETTERS: Final = 400
_PERSON_COLUMNS: Final = {
    "full_name": "name",
    "cccd": "paper",
    "cmnd": "paper",
    "passport": "paper",
    "birth_date": "birth",
    "birth_year": "birth",
    "sex": "sex",
    "phone": "phone",
}


@dataclass(frozen=True, slots=True)
class Row:
    """
    One row of a list: what it shows, and either the form it makes or what is wrong with it.

    A row without either (a total, a signature) is no person's. The same *key* is the same wish, in whichever
    file it stands.
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


class Clerk(ABC):
    """Checks the rows of one sheet; a kind of list says what form a row makes."""

    layout: Layout
    bare_columns: tuple[str, ...] = ("paper", "birth", "commune")
    """A row with none of these, whose first words are those of a footer, is about nobody."""
    youngest = 0
    column_of: Mapping[str, str] = {}
    """Which column a field of the form comes from, besides those of the person."""

    def __init__(self, sheet: Sheet, places: Gazetteer, today: date) -> None:
        self.places = places
        self.today = today
        self._columns = sheet.columns
        self._known: dict[tuple[str, str], Any] = {}

    @abstractmethod
    def body(self, take: Take, faults: list[str]) -> dict[str, Any]:
        """Return the form that a row makes."""

    @abstractmethod
    def check(self, body: dict[str, Any]) -> list[str]:
        """Return what is wrong with a form whose cells are all clear."""

    @abstractmethod
    def key_of(self, body: dict[str, Any]) -> str:
        """Return what two rows have in common that ask for the same thing."""

    def read(self, sheet: Sheet) -> Reading:
        """Check every row; `UnreadableSheet` for a list of nobody, or of too many."""
        seen: dict[str, int] = {}
        rows = [self.row(number, row, seen) for number, row in sheet.rows]
        _check_size(sum(row.is_person for row in rows), self.layout.rows_max)
        return Reading(sheet.name, sheet.above, rows)

    def row(self, number: int, row: Cells, seen: dict[str, int]) -> Row:
        """Check one row; *seen* remembers the keys of the rows above."""
        shown = [cells.text_of(value)[:_SHOWN_LETTERS] for value in row]
        while shown and not shown[-1]:
            shown.pop()
        if self._is_nobody(row, shown):
            return Row(number, shown)
        faults: list[str] = []
        body = self.body(self._taker(row, faults), faults)
        faults = faults or self.check(body)
        if faults:
            return Row(number, shown, faults=faults)
        key = self.key_of(body)
        repeats = seen.setdefault(key, number)
        return Row(number, shown, body, key, repeats=repeats if repeats != number else 0)

    def person(self, take: Take) -> dict[str, Any]:
        """Return who the row is about; a CCCD also says the birth year and the sex."""
        paper = take("paper", cells.paper_of) or {}
        person = {
            "full_name": take("name", cells.name_of),
            **paper,
            **(self.birth(take) or birth_by(paper)),
            "sex": self.sex(take) or sex_by(paper),
            "phone": take("phone", cells.phone_of),
        }
        return {name: value for name, value in person.items() if value is not None}

    def birth(self, take: Take) -> dict[str, Any]:
        """Return the birth date or year that the row says."""
        return take("birth", lambda value: cells.birth_of(value, self.today, self.youngest)) or {}

    def sex(self, take: Take) -> str | None:
        """Return the sex that the row says."""
        said: str | None = take("sex", cells.sex_of)
        return said

    def remembered(self, key: str, find: Callable[[str], Any]) -> Callable[[Any], Any]:
        """Find something once: the same few words fill a whole column."""

        def found(value: Any) -> Any:
            text = cells.text_of(value)
            if (key, text) not in self._known:
                self._known[key, text] = find(text)
            return self._known[key, text]

        return found

    def form_faults(self, form: type[BaseModel], body: dict[str, Any]) -> list[str]:
        """Check a row as the form for a single one is checked."""
        try:
            form.model_validate(body)
        except ValidationError as error:
            faults = error.errors(include_url=False, include_input=False)
            return [self._in_column(field_of(fault), message_of(fault)) for fault in faults]
        return []

    def _taker(self, row: Cells, faults: list[str]) -> Take:
        def take(key: str, read: Callable[[Any], Any]) -> Any:
            value = row[self._columns[key]] if key in self._columns else None
            column = self.layout.by_key[key]
            if column.is_required and not cells.text_of(value):
                faults.append(f"{column.title}: chưa điền.")
                return None
            try:
                return read(value)
            except Unclear as fault:
                faults.append(f"{column.title}: {fault}")
                return None

        return take

    def _is_nobody(self, row: Cells, shown: list[str]) -> bool:
        if folded(self._text(row, "stt")) == _EXAMPLE:
            return True
        is_bare = not any(self._text(row, key) for key in self.bare_columns)
        words = folded(next((text for text in shown if text), ""))
        named = folded(self._text(row, "name"))
        return is_bare and (words.startswith(_FOOTERS) or named.startswith(_FOOTERS) or not named)

    def _text(self, row: Cells, key: str) -> str:
        return cells.text_of(row[self._columns[key]]) if key in self._columns else ""

    def _in_column(self, place: str, message: str) -> str:
        names = [part for part in place.split(".") if not part.isdigit()]
        key = next(self._keys_of(reversed(names)), "")
        return f"{self.layout.by_key[key].title}: {message}" if key else message

    def _keys_of(self, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            key = self.column_of.get(name) or _PERSON_COLUMNS.get(name, name)
            if key in self.layout.by_key:
                yield key


def _check_size(people: int, most: int) -> None:
    if people > most:
        raise UnreadableSheet(
            f"Danh sách có {people} người; mỗi tệp nhận nhiều nhất {most}. Hãy chia thành nhiều tệp.",
            field="file",
        )
    if not people:
        raise UnreadableSheet("Danh sách chưa có ai dưới dòng tiêu đề. Hãy điền rồi gửi lại.", field="file")


def birth_by(paper: Mapping[str, str]) -> dict[str, Any]:
    """Return the birth year that the fourth to sixth digit of a CCCD say (Circular 07/2016/TT-BCA)."""
    number = paper.get("cccd")
    return {"birth_year": 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])} if number else {}


def sex_by(paper: Mapping[str, str]) -> str:
    """Return the sex that the fourth digit of a CCCD says; unknown without one."""
    number = paper.get("cccd")
    return ("male" if int(number[3]) % 2 == 0 else "female") if number else "unknown"
