"""The model against the published shares (facts of the simulator report, section 7)."""

from datetime import date

import numpy as np
import pytest

from tests.load.province import course, curve, people, slips

TODAY = date(2022, 1, 21)
COMMUNES = {code: [(f"{code}-{n}", 5000 + 100 * n) for n in range(10)] for code in curve.HOME_F0_BY_DISTRICT}


def draw(seed: int, n: int) -> list[tuple[people.Person, course.Course]]:
    rng = np.random.default_rng(seed)
    drawn = people.People(COMMUNES, TODAY, rng)
    members: list[people.Person] = []
    while len(members) < n:
        members += drawn.household(drawn.commune())
    return [
        (p, course.draw_course(course.Patient(p.age_years, p.doses, bool(p.conditions)), rng))
        for p in members
    ]


def illness(age: int, doses: int, rng: np.random.Generator) -> course.Course:
    comorbid = rng.random() < course.P_COMORBID[min(age // 10, 8)]
    return course.draw_course(course.Patient(age, doses, comorbid), rng)


@pytest.mark.parametrize("seed", range(3))
def test_outcome_shares_lie_in_the_published_bands(seed: int) -> None:
    drawn = draw(seed, 12_000)
    shares = np.bincount([c.severity for _, c in drawn], minlength=5) / len(drawn)

    assert 0.395 < shares[course.ASYMPTOMATIC] < 0.46
    assert 0.51 < shares[course.MILD] < 0.56
    assert 0.013 < shares[course.MODERATE] < 0.022
    assert 0.014 < shares[course.SEVERE] + shares[course.CRITICAL] < 0.024
    assert sum(c.dies for _, c in drawn) / len(drawn) < 0.004


def test_the_unvaccinated_of_summer_2021_fare_as_the_ministry_counted() -> None:
    """Column B of the table; the ministry counted 8.1 % severe or critical of 25,648 patients, August 2021."""
    rng = np.random.default_rng(5)
    ages = [p.age_years for p, _ in draw(5, 8_000)]
    drawn = [illness(age, 0, rng) for age in ages]
    shares = np.bincount([c.severity for c in drawn], minlength=5) / len(drawn)

    assert shares[course.ASYMPTOMATIC] == pytest.approx(0.352, abs=0.02)
    assert shares[course.MILD] == pytest.approx(0.491, abs=0.02)
    assert shares[course.MODERATE] == pytest.approx(0.076, abs=0.01)
    assert 0.068 < shares[course.SEVERE] + shares[course.CRITICAL] < 0.097
    assert sum(c.dies for c in drawn) / len(drawn) == pytest.approx(0.0113, abs=0.004)


@pytest.mark.parametrize(
    ("ages", "doses", "expected"),
    [
        ((18, 49), 0, (35.4, 53.4, 7.1, 3.8, 0.2)),
        ((18, 49), 2, (45.7, 53.0, 0.8, 0.4, 0.0)),
        ((50, 64), 1, (30.7, 54.1, 6.7, 6.9, 1.5)),
        ((65, 79), 2, (32.0, 57.3, 3.6, 4.6, 2.5)),
    ],
)
def test_the_worst_class_by_age_and_doses_is_that_of_the_table(
    ages: tuple[int, int], doses: int, expected: tuple[float, ...]
) -> None:
    rng = np.random.default_rng(6)
    drawn = people.People(COMMUNES, TODAY, rng)
    found = [drawn.age_within(*ages) for _ in range(4_000)]
    classes = [illness(age, doses, rng).severity for age in found]
    shares = 100 * np.bincount(classes, minlength=5) / len(classes)

    assert list(shares) == [pytest.approx(share, abs=max(2.6, share * 0.06)) for share in expected]


def test_one_in_fifty_ever_falls_below_94_per_cent() -> None:
    days = np.arange(-2, 25, 0.5)
    drawn = [c for _, c in draw(8, 8_000)]
    ill = [c for c in drawn if c.severity >= course.MODERATE]
    below = sum(any(c.spo2(float(day)) < 94 for day in days) for c in ill)

    assert 0.012 < below / len(drawn) < 0.028  # 1.85-2.1 % in twenty runs of 20,000


def test_saturation_of_the_severe_first_falls_below_94_about_day_six() -> None:
    days = np.arange(-2, 21, 0.25)
    firsts = []
    for _, drawn in draw(7, 12_000):
        if drawn.severity >= course.SEVERE:
            low = [d for d in days if drawn.spo2(float(d)) < 94]
            firsts += low[:1]

    assert 5.0 < np.median(firsts) < 7.4


def test_declarations_follow_the_response_rates_of_the_studies() -> None:
    rng = np.random.default_rng(2)
    members = [p for p, _ in draw(2, 8_000)]
    for day, expected in ((0, 0.76), (6, 0.72), (13, 0.66)):
        share = np.mean([people.reports_today(p, day, 97, rng) for p in members])
        assert abs(share - expected) < 0.02


def test_households_have_the_census_size_and_papers_that_agree_with_them() -> None:
    rng = np.random.default_rng(3)
    drawn = people.People(COMMUNES, TODAY, rng)
    homes = [drawn.household(drawn.commune("173")) for _ in range(3000)]
    sizes = [len(home) for home in homes]

    assert abs(np.mean(sizes) - 3.51) < 0.08
    assert abs(np.mean([2 <= s <= 4 for s in sizes]) - 0.655) < 0.03
    for person in (p for home in homes for p in home):
        assert person.cccd[4:6] == f"{person.birth_date.year % 100:02d}"
        assert int(person.cccd[3]) % 2 == (person.sex == "female")


def test_one_declaration_in_eight_is_late_and_most_are_filled_in_at_the_two_peaks() -> None:
    rng = np.random.default_rng(11)
    hours = np.array([curve.hour_of_report(rng, 5, 10) for _ in range(4_000)])

    assert np.mean(hours > 10) == pytest.approx(0.12, abs=0.02)
    assert np.median(hours[hours > 10] - 10) == pytest.approx(2.0, abs=0.3)
    assert 7 < np.median(hours[hours <= 10]) < 8


def test_slips_are_as_rare_as_counted_and_always_change_what_was_measured() -> None:
    rng = np.random.default_rng(12)
    body: dict[str, object] = {"spo2_percent": 97, "pulse_per_minute": 81, "temperature_celsius": 36.8}
    wrong = [slip for _ in range(8_000) if (slip := slips.mistyped(body, rng)) is not None]

    assert len(wrong) / 8_000 == pytest.approx(slips.P_SLIP, abs=0.008)
    assert all(slip != body for slip in wrong)
    assert {str(slip["spo2_percent"]) for slip in wrong} == {"97", "79", "9", "979", "81", "97%"}


def test_the_same_seed_gives_the_same_province() -> None:
    assert [(p.cccd, c.severity) for p, c in draw(9, 500)] == [(p.cccd, c.severity) for p, c in draw(9, 500)]


def test_the_default_week_is_the_real_one() -> None:
    assert [curve.cases_of_day(n, 1.0) for n in range(7)] == [192, 112, 239, 132, 196, 235, 268]
