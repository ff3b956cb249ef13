"""
The duty plan ahead (lịch trực những ngày tới): who will be on duty when, and where a doctor will be missing.

A look ahead, not a decision: it says what the roster will be if nobody comes or goes by hand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from common.kernel.areas import Area
from f0_monitoring.domain.roster import DOCTOR, Doctor
from f0_monitoring.domain.shifts import Shift

DAYS_MOST = 14
"""As far as a look ahead goes; plans reach five weeks at most."""


class GapKind(StrEnum):
    """How bad it is: patients go to doctors of other districts, or there is no doctor at all."""

    ELSEWHERE = "elsewhere"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Gap:
    """Communes of one district that have no doctor of their own from an instant until another."""

    district_code: str
    commune_codes: tuple[str, ...]
    from_at: datetime
    until_at: datetime
    kind: GapKind
    is_whole_district: bool


@dataclass(frozen=True, slots=True)
class _Hole:
    """One commune without a doctor."""

    area: Area
    from_at: datetime
    until_at: datetime
    kind: GapKind


def on_duty_at(doctor: Doctor, at: datetime, now: datetime) -> bool:
    """
    Tell whether *doctor* will be on duty at *at*, which is not before *now*.

    A period puts on duty and its end takes off; before the first change things stay as they are, so who
    left a period early is back only with the next one.
    """
    present = _shift_at(doctor, at)
    if present is not None:
        return doctor.on_duty if present.shift_id == doctor.shift_id else True
    has_ended = any(now < shift.until_at <= at for shift in doctor.shifts)
    return False if has_ended else doctor.on_duty


def areas_at(doctor: Doctor, at: datetime) -> frozenset[str]:
    """Return the communes and districts that *doctor* covers at *at* when on duty."""
    shift = _shift_at(doctor, at)
    if shift is not None and (shift.commune_codes or shift.district_codes):
        return frozenset((*shift.commune_codes, *shift.district_codes))
    return frozenset((*doctor.commune_codes, *doctor.district_codes))


def gaps(doctors: Iterable[Doctor], areas: Iterable[Area], now: datetime, until: datetime) -> tuple[Gap, ...]:
    """
    Return where the doctors of the commune or its district will be missing between *now* and *until*.

    The first to come is the first; communes of one district with the same hours are one gap.
    """
    able = [doctor for doctor in doctors if doctor.profession == DOCTOR]
    places = list(areas)
    holes: dict[str, list[_Hole]] = {area.commune_code: [] for area in places}
    for from_at, until_at in _stretches(able, now, until):
        present = [doctor for doctor in able if on_duty_at(doctor, from_at, now)]
        covered = frozenset[str]().union(*(areas_at(doctor, from_at) for doctor in present))
        kind = GapKind.ELSEWHERE if present else GapKind.NOBODY
        for area in places:
            if not covered & area.codes():
                _add(holes[area.commune_code], _Hole(area, from_at, until_at, kind))
    return _together([hole for found in holes.values() for hole in found], places)


def _shift_at(doctor: Doctor, at: datetime) -> Shift | None:
    return next((shift for shift in doctor.shifts if shift.holds(at)), None)


def _stretches(doctors: list[Doctor], now: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """Cut the time ahead where somebody comes or goes: between two cuts nothing changes."""
    changes = {at for doctor in doctors for shift in doctor.shifts for at in (shift.from_at, shift.until_at)}
    cuts = [now, *sorted(at for at in changes if now < at < until), until]
    return list(pairwise(cuts))


def _add(found: list[_Hole], hole: _Hole) -> None:
    last = found[-1] if found else None
    if last is not None and last.until_at == hole.from_at and last.kind is hole.kind:
        found[-1] = _Hole(hole.area, last.from_at, hole.until_at, hole.kind)
    else:
        found.append(hole)


def _together(holes: list[_Hole], places: list[Area]) -> tuple[Gap, ...]:
    sizes: dict[str, int] = {}
    for area in places:
        sizes[area.district_code] = sizes.get(area.district_code, 0) + 1
    groups: dict[tuple[datetime, datetime, str, GapKind], list[str]] = {}
    for hole in holes:
        key = (hole.from_at, hole.until_at, hole.area.district_code, hole.kind)
        groups.setdefault(key, []).append(hole.area.commune_code)
    return tuple(
        Gap(district, tuple(sorted(codes)), from_at, until_at, kind, len(codes) == sizes[district])
        for (from_at, until_at, district, kind), codes in sorted(groups.items())
    )
