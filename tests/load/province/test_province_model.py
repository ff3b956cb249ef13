"""The model against the published shares (facts of the simulator report, section 7)."""

from datetime import date

import numpy as np
import pytest

from tests.load.province import course, curve, people

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
    rng = np.random.default_rng(5)
    ages = [p.age_years for p, _ in draw(5, 8_000)]
    classes = [
        course.draw_course(
            course.Patient(a, 0, rng.random() < course.P_COMORBID[min(a // 10, 8)]), rng
        ).severity
        for a in ages
    ]
    severe = np.mean(np.array(classes) >= course.SEVERE)

    assert 0.068 < severe < 0.097  # 8.1 % of 25,648 patients, August 2021


def test_saturation_of_the_severe_first_falls_below_94_about_day_six() -> None:
    days = np.arange(-2, 21, 0.25)
    firsts = []
    for _, illness in draw(7, 12_000):
        if illness.severity >= course.SEVERE:
            low = [d for d in days if illness.spo2(float(d)) < 94]
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


def test_the_same_seed_gives_the_same_province() -> None:
    assert [(p.cccd, c.severity) for p, c in draw(9, 500)] == [(p.cccd, c.severity) for p, c in draw(9, 500)]


def test_the_default_week_is_the_real_one() -> None:
    assert [curve.cases_of_day(n, 1.0) for n in range(7)] == [192, 112, 239, 132, 196, 235, 268]
