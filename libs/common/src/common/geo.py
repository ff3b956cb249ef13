"""
The province's units (địa bàn): communes, districts, their names, who covers whom, how many people.

Read once from `geo/` at the root of the installation; see geo/README.md for sources and for why
commune populations are apportioned.
"""

import csv
import os
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from common.kernel.areas import Area
from common.kernel.errors import Invalid

PROVINCE_CODE: Final = "19"
PROVINCE_NAME: Final = "Tỉnh Thái Nguyên"
_FOLDER_VARIABLE: Final = "LACHAN_DATA_FOLDER"


class UnknownCommune(Invalid):
    """No commune of the province has this code."""

    slug: ClassVar[str] = "unknown-commune"
    title: ClassVar[str] = "Không có xã, phường này"


@dataclass(frozen=True, slots=True)
class Unit:
    """
    A commune, a district or the province.

    *population* is the 2019 census for districts and the province, apportioned for communes.
    """

    code: str
    name: str
    level: str
    kind: str
    parent_code: str
    population: int

    @property
    def is_apportioned(self) -> bool:
        """Tell whether the population is an estimate rather than a count."""
        return self.level == "commune"


class Units:
    """All units of the province, by code."""

    def __init__(self, units: list[Unit]) -> None:
        self._units = {unit.code: unit for unit in units}
        self._areas = {
            unit.code: Area(unit.code, unit.parent_code, PROVINCE_CODE)
            for unit in units
            if unit.level == "commune"
        }

    @classmethod
    def load(cls, folder: Path | None = None) -> "Units":
        """Read the list in force from *folder* (the one that holds `geo/`); FileNotFoundError without it."""
        geo = data_folder(folder) / "geo"
        rows = _read(geo / "units-2021.csv")
        apportioned = _numbers(geo / "communes-apportioned.csv", "commune_code", "population_apportioned")
        counted = _numbers(geo / "districts-2019.csv", "district_code", "population")
        districts = {row["district_code"]: row["district"] for row in rows}
        units = [Unit(PROVINCE_CODE, PROVINCE_NAME, "province", "tỉnh", "", sum(counted.values()))]
        for code, name in sorted(districts.items()):
            units.append(Unit(code, name, "district", _kind(name), PROVINCE_CODE, counted[code]))
        for row in rows:
            code = row["commune_code"]
            place = Unit(
                code, row["commune"], "commune", row["type"], row["district_code"], apportioned[code]
            )
            units.append(place)
        return cls(units)

    def area_of(self, commune_code: str, *, field: str = "commune_code") -> Area:
        """Return the commune with its district and province; `UnknownCommune` for any other code."""
        area = self._areas.get(commune_code)
        if area is None:
            raise UnknownCommune(
                "Mã xã, phường không có trong danh mục của tỉnh. Hãy chọn lại từ danh sách.", field=field
            )
        return area

    def name_of(self, code: str) -> str:
        """Return the Vietnamese name of any unit; the code itself if it is unknown (old records)."""
        unit = self._units.get(code)
        return unit.name if unit else code

    def unit(self, code: str) -> Unit | None:
        """Return the unit *code*, of whatever level, or None."""
        return self._units.get(code)

    def communes(self, district_code: str | None = None) -> tuple[Unit, ...]:
        """Return all communes, or those of one district, by code."""
        return tuple(
            unit
            for unit in self._units.values()
            if unit.level == "commune" and district_code in (None, unit.parent_code)
        )

    def districts(self) -> tuple[Unit, ...]:
        """Return all districts by code."""
        return tuple(unit for unit in self._units.values() if unit.level == "district")

    def province(self) -> Unit:
        """Return the province itself."""
        return self._units[PROVINCE_CODE]


def data_folder(folder: Path | None = None) -> Path:
    """
    Return the folder that holds `geo/` and `rules/`.

    *folder* if given, else LACHAN_DATA_FOLDER, else the nearest one above the working folder or above
    this file. FileNotFoundError says where it was looked for.
    """
    chosen = folder or (Path(named) if (named := os.environ.get(_FOLDER_VARIABLE)) else None)
    if chosen is not None:
        candidates = [chosen]
    else:
        here, there = Path.cwd(), Path(__file__).resolve()
        candidates = [here, *here.parents, *there.parents]
    for candidate in candidates:
        if (candidate / "geo" / "units-2021.csv").is_file():
            return candidate
    raise FileNotFoundError(
        f"geo/units-2021.csv not found in {candidates[0]} or above; set {_FOLDER_VARIABLE}"
    )


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _numbers(path: Path, key: str, value: str) -> dict[str, int]:
    return {row[key]: int(row[value]) for row in _read(path)}


def _kind(district: str) -> str:
    return next(kind for kind in ("thành phố", "thị xã", "huyện") if district.lower().startswith(kind))
