"""Finds communes, districts and the province by the names people write: no accents, P., TP, in any order."""

import re
from collections import defaultdict
from difflib import get_close_matches
from typing import Final

from common.geo import PROVINCE_CODE, Unit, Units
from common.mongo.folding import folded
from common.sheets.cells import Unclear

_KINDS: Final = re.compile(
    r"^(?:xa|phuong|thi tran|thi xa|thanh pho|huyen|quan|tinh|tp|tx|tt|p|x|h|t)(?:\.\s*|\s+)(?=\S)"
)
_MARKS: Final = re.compile(r"[^\w.]+")
_PROVINCE: Final = frozenset(("ca tinh", "toan tinh", "tinh thai nguyen", "trong tinh", "tat ca"))
_SEPARATORS: Final = re.compile(r"[;\n|+&]|\s+(?:va|và|VÀ)\s+", re.IGNORECASE)


class Gazetteer:
    """All units by the names people write for them."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._communes = _by_name(units.communes())
        self._districts = _by_name(units.districts())
        self._names = sorted({*self._communes, *self._districts})

    def commune(self, text: str) -> str:
        """Return the code of one commune; `Unclear` says what was meant or what must be added."""
        if text.isascii() and text.isdigit():
            return self._coded(text.zfill(5))
        parts = [part for part in re.split(r"[,()]|\s-\s|;", text) if part.strip()]
        found = self._found(parts)
        if len(found) == 1:
            return found[0].code
        if found:
            where = ", ".join(self._full(unit) for unit in found[:4])
            raise Unclear(f"Có {len(found)} nơi tên này: {where}. Hãy ghi thêm huyện.")
        raise Unclear(
            f"Không có xã, phường nào tên như vậy trong tỉnh.{self._hint(parts[0] if parts else '')}"
        )

    def areas(self, text: str) -> list[str]:
        """Return the codes of several places; a district after its own commune only says where that is."""
        codes: list[str] = []
        for part in _SEPARATORS.split(text):
            if part.strip():
                codes += self._places([word for word in part.split(",") if word.strip()])
        return list(dict.fromkeys(codes))

    def _places(self, words: list[str]) -> list[str]:
        units: list[Unit] = []
        for word in words:
            name = _bare(word)
            if name in _PROVINCE or _simple(word) in _PROVINCE:
                units.append(self._units.province())
                continue
            district = self._district(word)
            if district and units and units[-1].parent_code == district.code:
                continue
            units.append(district or self._one_commune(word, words))
        return [unit.code for unit in units]

    def _one_commune(self, word: str, words: list[str]) -> Unit:
        after = words[words.index(word) + 1 :][:1]
        unit = self._units.unit(self.commune(", ".join([word, *after]) if after else word))
        if unit is None:
            raise Unclear("Không rõ nơi được đi. Hãy chọn trong danh sách.")
        return unit

    def _district(self, word: str) -> Unit | None:
        """Return a district by its name; a bare name that is also a commune's is the commune."""
        found = self._districts.get(_simple(word), []) or (
            self._districts.get(_bare(word), []) if _bare(word) not in self._communes else []
        )
        return found[0] if found and not _is_commune_kind(word) else None

    def _found(self, parts: list[str]) -> list[Unit]:
        if not parts:
            return []
        exact = self._communes.get(_simple(parts[0]), [])
        found = exact or self._communes.get(_bare(parts[0]), [])
        if len(found) > 1 and len(parts) > 1:
            inside = {unit.code for part in parts[1:] for unit in self._districts.get(_bare(part), [])}
            return [unit for unit in found if unit.parent_code in inside] or found
        return found

    def _coded(self, code: str) -> str:
        unit = self._units.unit(code)
        if unit is None or unit.level != "commune":
            raise Unclear("Mã xã, phường này không có trong tỉnh. Hãy chọn trong danh sách.")
        return code

    def _full(self, unit: Unit) -> str:
        return full_name(unit, self._units)

    def _hint(self, word: str) -> str:
        near = get_close_matches(_bare(word), self._names, n=1, cutoff=0.75)
        units = (self._communes.get(near[0]) or self._districts.get(near[0])) if near else None
        return f" Có phải {self._full(units[0])}?" if units else " Hãy chọn trong danh sách của mẫu."


def full_name(unit: Unit, units: Units) -> str:
    """Return the name of a commune with its district, of others their own name."""
    if unit.level != "commune":
        return "Cả tỉnh" if unit.code == PROVINCE_CODE else unit.name
    return f"{unit.name}, {units.name_of(unit.parent_code)}"


def _by_name(units: tuple[Unit, ...]) -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        for name in dict.fromkeys((_simple(unit.name), _bare(unit.name))):
            found[name].append(unit)
    return dict(found)


def _simple(text: str) -> str:
    return _MARKS.sub(" ", folded(text)).strip(" .")


def _bare(text: str) -> str:
    """Drop what kind of place it is: `P. Quang Vinh` and `phường Quang Vinh` are `quang vinh`."""
    return _KINDS.sub("", _MARKS.sub(" ", folded(text)).strip()).strip(" .")


def _is_commune_kind(word: str) -> bool:
    return re.match(r"^(?:xa|phuong|thi tran|p|x|tt)[. ]", _MARKS.sub(" ", folded(word)).strip()) is not None
