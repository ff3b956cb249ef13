"""
How many fall ill, when and where: the real curve of Thái Nguyên, January 2022.

Daily new cases: national system (NCSC, province 12) and provincial bulletins. Shares of districts: F0
treated at home on 25/01/2022 (provincial bulletin). F1 per F0 fell from 11.6 (12/2021) to 3.2 (25/01/2022).
"""

from datetime import date, timedelta

import numpy as np

DAILY_CASES = dict(
    zip(
        (date(2022, 1, 1) + timedelta(days=n) for n in range(21)),
        (
            58,
            80,
            99,
            220,
            239,
            193,
            165,
            137,
            162,
            199,
            184,
            186,
            193,
            216,
            192,
            112,
            239,
            132,
            196,
            235,
            268,
        ),
        strict=True,
    )
)
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
HOUSEHOLD_F1_PER_F0 = 2.5
OTHER_F1_PER_F0 = 0.7
"""2.5 x 0.28 + 0.7 x 0.05 = 0.735 positives per F0, 23 % of 3.2 F1; observed 22.8 %."""
SHARE_FROM_F1 = 0.73


def cases_of_day(index: int, scale: float) -> int:
    """Return the number of new F0 on day *index* of the default week, scaled."""
    day = DEFAULT_WEEK[index % len(DEFAULT_WEEK)]
    return max(1, round(DAILY_CASES[day] * scale))


def draw_district(rng: np.random.Generator) -> str:
    """Draw the district of a new F0 in the shares of the bulletin."""
    codes = list(HOME_F0_BY_DISTRICT)
    weights = np.array(list(HOME_F0_BY_DISTRICT.values()), dtype=float)
    return str(rng.choice(codes, p=weights / weights.sum()))


def hour_of_report(rng: np.random.Generator, slot: int) -> float:
    """
    Return the local hour at which people declare, for slot 0 (morning) or 1 (evening).

    Two peaks, about 07:30 and 18:30, and some at any waking hour (assumption, no source).
    """
    if rng.random() < 0.15:
        return float(rng.uniform(6, 11.5) if slot == 0 else rng.uniform(14, 21.5))
    hour = rng.normal(7.5, 0.8) if slot == 0 else rng.normal(18.0, 1.0)
    low, high = (5.0, 11.5) if slot == 0 else (13.0, 21.5)
    return float(np.clip(hour, low, high))


SCANS_BY_HOUR = np.array(
    [1, 1, 1, 1, 1, 4, 9, 9, 5.5, 5.5, 5.5, 5.5, 5.5, 5.5, 5.5, 5.5, 8.5, 8.5, 5, 5, 2.5, 2.5, 1, 1],
    dtype=float,
)
"""Share of a day's vehicles by hour at the province's checkpoints (per cent, to be normalised)."""


def hour_of_passing(rng: np.random.Generator) -> float:
    """Return the local hour at which a vehicle passes."""
    hour = rng.choice(24, p=SCANS_BY_HOUR / SCANS_BY_HOUR.sum())
    return float(hour) + float(rng.random())
