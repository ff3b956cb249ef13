"""
How many fall ill, when and where: the real curve of Thái Nguyên, January 2022.

Daily new cases: national system (NCSC, province 12, as kept by haminh0307/tudtk-covid-project, data/case.csv);
their sum of 1-21/01 (3,705) fits the provincial bulletins (4,950 by 25/01). Shares of districts: F0 treated
at home on 25/01/2022 (bulletin, thainguyentv.vn 87937). F1 per F0 fell from 11.6 (06/12/2021) to 3.2 and F1
positivity rose from 7.5 to 22.8 % (25/01/2022, same bulletins).
"""

from datetime import date, timedelta

import numpy as np

_FIRST = date(2022, 1, 1)
_CASES = "58 80 99 220 239 193 165 137 162 199 184 186 193 216 192 112 239 132 196 235 268"
DAILY_CASES = {_FIRST + timedelta(days=n): int(cases) for n, cases in enumerate(_CASES.split())}
DEFAULT_WEEK = tuple(date(2022, 1, 15) + timedelta(days=n) for n in range(7))
"""15-21 January 2022: 192, 112, 239, 132, 196, 235, 268 new F0."""

HOME_F0_BY_DISTRICT = {
    "173": 727,  # Phú Bình
    "172": 581,  # Phổ Yên
    "165": 253,  # Sông Công
    "164": 218,  # TP Thái Nguyên
    "171": 140,  # Đại Từ
    "168": 80,  # Phú Lương
    "167": 42,  # Định Hóa
    "169": 29,  # Đồng Hỷ
    "170": 13,  # Võ Nhai
}
OTHER_F1_PER_F0 = 0.7
"""Besides the household (2.5 on average): 3.2 F1 per F0 (bulletin of 25/01/2022)."""
SHARE_OF_FACTORIES = 0.46
"""Of the cases until 21/12/2021: workers of the factory parks (bulletin, thainguyentv.vn 87616)."""

SCANS_BY_HOUR = np.array(
    [1, 1, 1, 1, 1, 4, 9, 9, 5.5, 5.5, 5.5, 5.5, 5.5, 5.5, 5.5, 5.5, 8.5, 8.5, 5, 5, 2.5, 2.5, 1, 1],
    dtype=float,
)
"""Share of a day's vehicles by hour at a checkpoint, per cent, to be normalised (assumption, no source)."""
PEAKS = (7.5, 18.5)
P_LATE = 0.12
LATE_MEDIAN_HOURS = 2.0
LATE_SPREAD = 0.914
"""Declarations after the deadline: median 2 h, 95 % within 9 h (assumption, no source)."""


def cases_of_day(index: int, scale: float) -> int:
    """Return the number of new F0 on day *index* of the default week, scaled."""
    day = DEFAULT_WEEK[index % len(DEFAULT_WEEK)]
    return max(1, round(DAILY_CASES[day] * scale))


def draw_district(rng: np.random.Generator) -> str:
    """Draw the district of a new F0 in the shares of the bulletin."""
    codes = list(HOME_F0_BY_DISTRICT)
    weights = np.array(list(HOME_F0_BY_DISTRICT.values()), dtype=float)
    return str(rng.choice(codes, p=weights / weights.sum()))


def hour_of_report(rng: np.random.Generator, opens: float, due: float) -> float:
    """
    Return the local hour at which somebody fills in the declaration owed from *opens* to *due*.

    Two peaks of the day, about 07:30 and 18:30, and some at any hour; one in eight is late, and may be so
    late that the hour is one of the next day (more than 24). Assumptions, no source.
    """
    if rng.random() < P_LATE:
        return due + LATE_MEDIAN_HOURS * float(np.exp(rng.normal(0, LATE_SPREAD)))
    if rng.random() < 0.15:
        return float(rng.uniform(opens, due))
    peak = next((peak for peak in PEAKS if opens < peak < due), (opens + due) / 2)
    return float(np.clip(rng.normal(peak, 0.9), opens, due - 0.05))


def hour_of_passing(rng: np.random.Generator) -> float:
    """Return the local hour at which a vehicle passes."""
    hour = rng.choice(24, p=SCANS_BY_HOUR / SCANS_BY_HOUR.sum())
    return float(hour) + float(rng.random())
