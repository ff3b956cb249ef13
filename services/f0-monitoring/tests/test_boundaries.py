"""
Every limit of every rule file, tried just below, at, and just above, and at both ends of its ages.

The numbers come from the YAML, not from here: a criterion that is added or changed is tried too. What
each number should be is said by the tables of `test_criteria.py`, against the documents.
"""

from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from common.rules import load_rules
from f0_monitoring.domain import criteria, news2, risk
from f0_monitoring.domain.criteria import Seen
from f0_monitoring.domain.model import Consciousness, Profile, Vitals
from f0_monitoring.domain.signs import OLDEST_MONTHS, Measure
from f0_monitoring.rulebook import CriteriaFile, RiskRuleBooks

FOLDER = Path(__file__).parents[3] / "rules" / "risk" / "criteria"
FILES = load_rules(FOLDER, CriteriaFile).versions
SIGNS = [(file, row) for file in FILES for row in file.signs]
PEOPLE = [(file, row) for file in FILES for row in file.people]
FIRST_DAY = date(2021, 8, 21)
FIRST_SPO2 = 98
STEP = {Measure.TEMPERATURE: 0.1}
BY_NEWS2 = (Measure.NEWS2_TOTAL, Measure.NEWS2_HIGHEST, Measure.NEWS2_RISE)
WORDS = (Measure.SYMPTOM, Measure.CONSCIOUSNESS)
NUMBERED = [(f, r) for f, r in SIGNS if r.measure not in (*WORDS, Measure.MISSED)]


def named(case) -> str:
    return f"{case[0].version}:{case[1].code}"


def day_of(file: CriteriaFile) -> date:
    return max(file.effective_from, FIRST_DAY) if file.effective_to is None else file.effective_from


def someone(row, **changes) -> Profile:
    """Somebody whom the criterion is meant for."""
    months = min(max(row.ages["from_months"], 30 * 12), row.ages["below_months"] - 1)
    return Profile(**{"age_months": months, "vaccination_doses": 2, **changes})


def scoring(measure: Measure, points: int) -> Vitals:
    """Vitals with which NEWS2 gives *points* in all, or in its worst part."""
    choices = {"breaths_per_minute": (15, 9, 22, 26), "pulse_per_minute": (70, 100, 120, 140),
               "systolic_mmhg": (120, 105, 95, 85), "temperature_celsius": (37.0, 38.5, 39.5)}  # fmt: skip
    for values in product(*choices.values()):
        vitals = Vitals(spo2_percent=98, **dict(zip(choices, values, strict=True)))
        score = news2.score(vitals, 98)
        if points == (score.highest_part if measure is Measure.NEWS2_HIGHEST else score.total):
            return vitals
    raise AssertionError(f"no vitals score {points}")


def seen(row, value: float, profile: Profile) -> Seen:
    """Somebody in whom *value* is what the criterion looks at."""
    if row.measure is Measure.SPO2:
        return Seen(profile, Vitals(spo2_percent=int(value)))
    if row.measure is Measure.SPO2_FALL:
        return Seen(profile, Vitals(spo2_percent=FIRST_SPO2 - int(value)), first_spo2_percent=FIRST_SPO2)
    if row.measure in BY_NEWS2:
        vitals = scoring(row.measure, int(value))
        return Seen(profile, vitals, lowest_news2=0 if row.measure is Measure.NEWS2_RISE else None)
    return Seen(profile, Vitals(**{row.measure.value: value}))


def fires(books: RiskRuleBooks, file: CriteriaFile, row, value: float, profile: Profile) -> bool:
    found = criteria.find(books.on(day_of(file)), seen(row, value, profile))
    return row.code in {finding.criterion.code for finding in found}


@pytest.mark.parametrize("case", NUMBERED, ids=named)
def test_it_fires_on_the_right_side_of_its_limit(books, case) -> None:
    file, row = case
    comparison, limit = row.comparison
    step, profile = STEP.get(row.measure, 1), someone(row)
    expected = {"at_least": (False, True, True), "above": (False, False, True),
                "at_most": (True, True, False), "below": (True, False, False)}[comparison.value]  # fmt: skip
    around = [round(limit + offset, 1) for offset in (-step, 0, step)]
    if row.measure is Measure.NEWS2_HIGHEST:
        around, expected = around[:2], expected[:2]  # the chart has no part above 3
    assert tuple(fires(books, file, row, value, profile) for value in around) == expected


@pytest.mark.parametrize("case", [(f, r) for f, r in SIGNS if r.measure is not Measure.MISSED], ids=named)
def test_it_is_meant_for_its_ages_and_nobody_else(books, case) -> None:
    file, row = case
    first, beyond = row.ages["from_months"], row.ages["below_months"]
    if row.measure in BY_NEWS2:
        first = max(first, news2.YOUNGEST_MONTHS)
    ages = {first - 1: False, first: True, beyond - 1: True, beyond: False}
    for months, expected in ages.items():
        if 0 <= months < OLDEST_MONTHS:
            assert fires_at_all(books, file, row, someone(row, age_months=months)) is expected, months


def fires_at_all(books: RiskRuleBooks, file: CriteriaFile, row, profile: Profile) -> bool:
    """With a value that is well past the limit."""
    if row.measure in WORDS:
        return any(code in words for code, words in said(books, file, row, profile))
    comparison, limit = row.comparison
    past = {"at_least": limit, "above": limit + 1, "at_most": limit, "below": limit - 1}[comparison.value]
    return fires(books, file, row, past, profile)


def said(books: RiskRuleBooks, file: CriteriaFile, row, profile: Profile):
    for word in row.any_of:
        is_symptom = row.measure is Measure.SYMPTOM
        vitals = Vitals() if is_symptom else Vitals(consciousness=Consciousness(word))
        found = criteria.find(books.on(day_of(file)), Seen(profile, vitals, (word,) if is_symptom else ()))
        yield row.code, {finding.criterion.code for finding in found}


@pytest.mark.parametrize("case", [(f, r) for f, r in SIGNS if r.measure in WORDS], ids=named)
def test_each_word_of_it_fires_and_no_other_does(books, case) -> None:
    file, row = case
    profile = someone(row)
    assert all(code in found for code, found in said(books, file, row, profile))
    if row.measure is Measure.SYMPTOM:
        for other in books.on(day_of(file)).course.symptoms - set(row.any_of):
            found = criteria.find(books.on(day_of(file)), Seen(profile, Vitals(), (other,)))
            assert row.code not in {finding.criterion.code for finding in found}


@pytest.mark.parametrize("case", [c for c in NUMBERED if c[1].spo2_at_most is not None], ids=named)
def test_a_fall_counts_up_to_its_highest_saturation(books, case) -> None:
    file, row = case
    for spo2, expected in ((row.spo2_at_most, True), (row.spo2_at_most + 1, False)):
        fallen = Seen(
            someone(row), Vitals(spo2_percent=spo2), first_spo2_percent=spo2 + int(row.comparison[1])
        )
        found = criteria.find(books.on(day_of(file)), fallen)
        assert (row.code in {f.criterion.code for f in found}) is expected


@pytest.mark.parametrize("case", [c for c in SIGNS if c[1].unconfirmed_level is not None], ids=named)
def test_one_measurement_counts_for_less_and_a_second_confirms_it(books, case) -> None:
    file, row = case
    comparison, limit = row.comparison
    past = {"at_least": limit, "above": limit + 1, "at_most": limit, "below": limit - 1}[comparison.value]
    once = seen(row, past, someone(row))
    rules = books.on(day_of(file))

    def found(look: Seen):
        return next(f for f in criteria.find(rules, look) if f.criterion.code == row.code)

    assert (found(once).is_confirmed, found(once).level) == (False, row.unconfirmed_level)
    twice = Seen(once.profile, once.vitals, (), once.first_spo2_percent, (row.code,), once.lowest_news2)
    assert (found(twice).is_confirmed, found(twice).level) == (True, row.level)


@pytest.mark.parametrize("case", [c for c in SIGNS if c[1].measure is Measure.MISSED], ids=named)
def test_silence_raises_at_its_count_and_after_its_level(books, diary, at, case) -> None:
    file, row = case
    limit = int(row.comparison[1])
    patient = diary.declare(at(10, 7))
    rules = books.on(day_of(file))
    for level in type(row.level):
        for missed in range(limit + 2):
            silent = replace(patient, missed_in_a_row=missed, risk=replace(patient.risk, signs=level))
            after = risk.raise_for_silence(silent, rules, at(10, 22))
            rises = missed >= limit and level.rank >= row.after_level.rank and row.level.rank > level.rank
            assert (row.code in {r.criterion for r in after.risk.reasons}) is rises, (level, missed)


def fitting(row, months: int) -> Profile:
    return Profile(
        age_months=months,
        conditions=("diabetes",) if row.has_condition else (),
        vaccination_doses=2 if row.is_fully_vaccinated is not False else 1,
        pregnant=bool(row.pregnant),
    )


@pytest.mark.parametrize("case", PEOPLE, ids=named)
def test_who_somebody_is_fires_at_its_ages_and_with_all_its_parts(books, case) -> None:
    file, row = case
    rules = books.on(day_of(file))

    def fired(profile: Profile) -> bool:
        return row.code in {c.code for c in rules.baseline_of(profile)}

    first, beyond = row.ages["from_months"], row.ages["below_months"]
    for months, expected in {first - 1: False, first: True, beyond - 1: True, beyond: False}.items():
        if 0 <= months < OLDEST_MONTHS:
            assert fired(fitting(row, months)) is expected, months
    fits = fitting(row, first)
    for name, asked, other in (
        ("conditions", row.has_condition, () if row.has_condition else ("diabetes",)),
        ("vaccination_doses", row.is_fully_vaccinated, 1 if row.is_fully_vaccinated else 2),
        ("pregnant", row.pregnant, not row.pregnant),
    ):
        assert fired(replace(fits, **{name: other})) is (asked is None), name
