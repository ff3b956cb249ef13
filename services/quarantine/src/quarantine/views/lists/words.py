"""What communes write for the kind of person, the place, and where somebody came from."""

import re
from collections.abc import Iterable
from typing import Any, Final

from common.mongo.folding import folded
from common.sheets.cells import Unclear, text_of
from quarantine.domain.model import Category, Origin, Place

CATEGORIES: Final = {
    Category.F1: "F1",
    Category.F2: "F2",
    Category.ENTRANT: "Về từ nơi khác",
    Category.SUSPECT: "Nghi mắc",
}
PLACES: Final = {Place.HOME: "Tại nhà", Place.FACILITY: "Tập trung"}
ORIGINS: Final = {
    Origin.ABROAD: "Nước ngoài",
    Origin.LOCKED_AREA: "Vùng phong tỏa",
    Origin.AFFECTED_AREA: "Nơi có dịch",
}
_CONTACT: Final = re.compile(r"\bf\s?([12])\b")
_ENTRANT: Final = ("ve tu", "nguoi ve", "nhap canh", "vung dich", "tinh khac", "ngoai tinh", "tro ve")
_SUSPECT: Final = ("nghi", "co trieu chung")
_HOME: Final = ("tai nha", "nha", "tai gia", "noi cu tru", "noi luu tru", "cu tru", "home")
_FACILITY: Final = ("tap trung", "khu cach ly", "kcl", "cltt", "khu tap trung", "facility")
_ABROAD: Final = ("nuoc ngoai", "nhap canh", "quoc te")
_LOCKED: Final = ("phong toa", "cap 4", "vung do", "cap do 4")
_YES: Final = frozenset(("x", "co", "1", "dung", "v", "yes"))
_UNDOSED: Final = frozenset(("", "chua", "chua tiem", "khong", "khong tiem", "-", "0"))
_DOSES: Final = re.compile(r"(?:mui|lieu|da tiem)?\s*(\d{1,2})\s*(?:mui|lieu)?")
_MOST_DOSES: Final = 10


def category_of(value: Any) -> Category | None:
    """Return the kind of person, or None when the cell is empty."""
    text = folded(text_of(value)).strip(" .")
    if not text:
        return None
    if text.startswith("f0"):
        raise Unclear("F0 không cách ly như F1. Hãy nhập ở trang tiếp nhận F0.")
    if found := _CONTACT.search(text):
        return Category.F1 if found[1] == "1" else Category.F2
    if _has(text, _ENTRANT):
        return Category.ENTRANT
    if _has(text, _SUSPECT):
        return Category.SUSPECT
    if re.fullmatch(r"f\s?\d", text):
        raise Unclear("chỉ quản lý F1 và F2. Hãy bỏ dòng này.")
    raise Unclear("ghi F1, F2, Về từ nơi khác hoặc Nghi mắc.")


def category_in(titles: Iterable[str]) -> Category | None:
    """Return the kind of person that the words above a list name, if they name exactly one."""
    found = set(_CONTACT.findall(folded(" ".join(titles))))
    return {"1": Category.F1, "2": Category.F2}[found.pop()] if len(found) == 1 else None


def place_of(value: Any) -> Place:
    """Return the place; empty means at home."""
    text = folded(text_of(value)).strip(" .")
    if _has(text, _FACILITY):
        return Place.FACILITY
    if not text or _has(text, _HOME):
        return Place.HOME
    raise Unclear("ghi Tại nhà hoặc Tập trung.")


def origin_of(value: Any) -> Origin:
    """Return where somebody came from; the name of a place means an affected area."""
    text = folded(text_of(value))
    if _has(text, _ABROAD):
        return Origin.ABROAD
    return Origin.LOCKED_AREA if _has(text, _LOCKED) else Origin.AFFECTED_AREA


def is_marked(value: Any) -> bool:
    """Return whether a cell says yes."""
    return folded(text_of(value)).strip(" .") in _YES


def doses(value: Any) -> int:
    """Return how many vaccine doses; `Unclear` for anything but a count."""
    text = folded(text_of(value)).strip(" .")
    if text in _UNDOSED:
        return 0
    found = _DOSES.fullmatch(text)
    if not found or int(found[1]) > _MOST_DOSES:
        raise Unclear("ghi số mũi đã tiêm: 0, 1, 2, 3.")
    return int(found[1])


def _has(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)
