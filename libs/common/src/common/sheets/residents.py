"""Lists of inhabitants as communes keep them: who somebody is, and in which commune they are."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from common.geo import Units
from common.kernel.ids import derived_id
from common.sheets import cells, rows
from common.sheets.cells import Unclear
from common.sheets.layout import PAPER_TITLES, Column
from common.sheets.places import Gazetteer
from common.sheets.reading import Sheet
from common.sheets.rows import Take

_OLDEST_YEARS: Final = 125
PERSON_COLUMNS: Final = (
    Column("stt", "STT", ("stt", "tt", "so tt", "no"), 6, "VÍ DỤ", "Số thứ tự, không bắt buộc."),
    Column(
        "name",
        "Họ và tên",
        ("ho va ten", "ho ten", "ho va ten nguoi benh", "ho va ten f0", "ten benh nhan", "benh nhan", "ten"),
        26,
        "Nguyễn Văn Mẫu",
        "Như trên giấy tờ.",
        is_required=True,
    ),
    Column(
        "birth",
        "Ngày sinh",
        ("ngay sinh", "nam sinh", "ngay thang nam sinh", "sinh ngay", "sinh nam"),
        13,
        "15/01/1984",
        "Ngày/tháng/năm, hoặc chỉ năm. Trẻ dưới 5 tuổi: ghi đủ ngày. Bỏ trống nếu có CCCD.",
    ),
    Column(
        "female_birth",
        "Năm sinh nữ",
        ("nu",),
        8,
        "",
        "Nhiều sổ ghi năm sinh ở hai cột Nam, Nữ: máy hiểu.",
        is_offered=False,
    ),
    Column("age", "Tuổi", ("tuoi",), 8, "", "Chỉ dùng khi không có ngày sinh.", is_offered=False),
    Column("sex", "Giới tính", ("gioi tinh", "gioi", "nam nu", "phai"), 10, "Nam", "Bỏ trống nếu có CCCD."),
    Column(
        "paper",
        "Số CCCD, CMND hoặc hộ chiếu",
        PAPER_TITLES,
        22,
        "019084000999",
        "CCCD 12 chữ số, CMND 9 chữ số. Không có giấy tờ thì ghi điện thoại người thân.",
    ),
    Column(
        "phone",
        "Điện thoại",
        ("dien thoai", "so dien thoai", "sdt", "so dt", "di dong", "dien thoai lien he"),
        15,
        "0912 345 678",
        "Của người đó, hoặc người thân nếu là trẻ em.",
    ),
    Column(
        "address",
        "Địa chỉ",
        (
            "dia chi",
            "thon xom",
            "thon",
            "xom",
            "to dan pho",
            "so nha",
            "noi o",
            "noi o hien nay",
            "cho o",
            "noi cu tru",
        ),
        28,
        "Tổ 1",
        "Số nhà, thôn, xóm, tổ: nơi người đó đang ở.",
        is_required=True,
    ),
    Column(
        "commune",
        "Xã, phường",
        ("xa phuong", "xa", "phuong", "xa phuong noi o", "noi theo doi", "xa phuong thi tran"),
        36,
        "Phường Quang Vinh, Thành phố Thái Nguyên",
        "Bỏ trống được nếu địa chỉ đã ghi xã, hoặc tài khoản chỉ phụ trách một xã.",
    ),
)
"""Who it is and where, under the titles that communes use."""


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


class ResidentClerk(rows.Clerk):
    """Checks the rows of one list of inhabitants."""

    def __init__(self, sheet: Sheet, units: Units, office: Office, today: date) -> None:
        super().__init__(sheet, Gazetteer(units), today)
        self._units = units
        self._office = office
        self._has_two_births = "female_birth" in sheet.columns

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

    def past_day(self, oldest_days: int) -> Callable[[Any], date | None]:
        """Return a reader of days that are not in the future, nor older than *oldest_days*."""

        def day(value: Any) -> date | None:
            found = cells.day_of(value)
            if found and found > self.today:
                raise Unclear(f"{found:%d/%m/%Y} ở tương lai. Hãy xem lại ngày, tháng.")
            if found and found < self.today - timedelta(days=oldest_days):
                raise Unclear(f"{found:%d/%m/%Y} đã quá {oldest_days} ngày. Hãy xem lại năm.")
            return found

        return day

    def commune(self, take: Take, address: str, faults: list[str]) -> str | None:
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


def day_text(day: date | None) -> str | None:
    """Return a day as a form carries it."""
    return day.isoformat() if day else None
