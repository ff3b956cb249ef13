"""Every rule in every way, on the same people: sensitivity, false calls, and a digest of what went in."""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from f0_monitoring.domain.model import Level
from f0_monitoring.domain.rules import RuleSet
from f0_monitoring.rulebook import CriteriaFile, RiskRuleBooks, load_risk_rules
from f0_monitoring.rulebook.accuracy import Accuracy, Measured
from tests.load.accuracy import ways
from tests.load.accuracy.watched import DAYS, SEVERE_ADULT, WELL_ADULT, WELL_CHILD, Watched, draw

ROOT = Path(__file__).parents[3]
INPUTS = ("rules/risk/criteria/*.yaml", "rules/risk/course/*.yaml", "tests/load/province/course.py",
          "tests/load/accuracy/*.py")  # fmt: skip
SEED = 2022
WHOLE = {SEVERE_ADULT: 400, WELL_ADULT: 900, WELL_CHILD: 300}
QUICK = {SEVERE_ADULT: 12, WELL_ADULT: 24, WELL_CHILD: 10}
TOGETHER = (date(2021, 9, 10), date(2022, 2, 10), date(2022, 4, 1))
"""Days on which all rules in force are tried together: 3646 with 4038, 5525 with 261, 5525 with 604."""
BY_LEVEL = ("classification", "trend")
"""Rules that sort people: only their orange and red call a doctor. Of the others every sign is a warning."""
FOR_CHILDREN_ALONE = ("children",)
A_DAY = 1.0


def digest() -> str:
    """Return what tells whether the rules or the simulated illnesses have changed since."""
    told = hashlib.sha256()
    for pattern in INPUTS:
        for path in sorted(ROOT.glob(pattern)):
            if not path.name.startswith("test_"):
                told.update(path.name.encode() + b"\0" + path.read_bytes())
    return told.hexdigest()[:16]


def measure(whole: dict[str, int] = WHOLE) -> Accuracy:
    """Measure everything; the same rules and seed give the same figures."""
    books = load_risk_rules(ROOT / "rules")
    people = draw(SEED, whole)
    return Accuracy(
        inputs=digest(),
        seed=SEED,
        days=DAYS,
        severe=whole[SEVERE_ADULT],
        well=whole[WELL_ADULT],
        children=whole[WELL_CHILD],
        declarations=sum(not slot.is_missed for one in people for slot in one.slots),
        rows=tuple(_rows(books, people)),
        quick=tuple(_rows(books, draw(SEED, QUICK))),
    )


def quick() -> tuple[Measured, ...]:
    """Measure on few people: the same figures as in the file, as long as the rules work as they did."""
    return tuple(_rows(load_risk_rules(ROOT / "rules"), draw(SEED, QUICK)))


def _rows(books: RiskRuleBooks, people: list[Watched]) -> Iterator[Measured]:
    for file in books.criteria.versions:
        if file.signs:
            ruleset = _alone(books, file)
            least = Level.HIGH if file.key in BY_LEVEL else Level.MEDIUM
            adults = file.key not in FOR_CHILDREN_ALONE
            yield _row(file.version, "literal", ways.literal(ruleset, least), people, adults=adults)
            yield _row(file.version, "remeasured", ways.remeasured(ruleset, least), people, adults=adults)
    for day in TOGETHER:
        ruleset = books.on(day)
        for name, hears in (("service", True), ("unheard", False)):
            yield _row(ruleset.version, name, ways.service(ruleset, hears_silence=hears), people, adults=True)


def _alone(books: RiskRuleBooks, file: CriteriaFile) -> RuleSet:
    course = books.course.versions[-1].to_domain()
    return RuleSet(file.version, (), tuple(row.to_domain(file.document) for row in file.signs), course)


def _row(rules: str, way: str, calls: ways.Way, people: list[Watched], *, adults: bool) -> Measured:
    called = {id(one): list(calls(one)) for one in people}

    def of(kind: str) -> list[Watched]:
        return [one for one in people if one.kind == kind and (adults or kind == WELL_CHILD)]

    def days(one: Watched) -> list[float]:
        return [slot.day for slot in called[id(one)]]

    severe = of(SEVERE_ADULT)
    declaring = [one for one in severe if one.declares_mostly]
    in_time = [one for one in severe if any(day <= one.turn_day + A_DAY for day in days(one))]
    early = [one for one in declaring if any(day < one.turn_day for day in days(one))]

    def false(kind: str) -> tuple[float | None, float | None]:
        well = of(kind)
        if not well:
            return None, None
        told = sum(not slot.is_missed for one in well for slot in one.slots)
        alarms = sum(len(called[id(one)]) for one in well)
        return round(100 * alarms / told, 2), _share(sum(bool(called[id(one)]) for one in well), len(well))

    per_100, ever = false(WELL_ADULT)
    children_per_100, children_ever = false(WELL_CHILD)
    return Measured(
        rules=rules,
        way=way,
        sensitivity=_share(len(in_time), len(severe)),
        sensitivity_declaring=_share(sum(one.declares_mostly for one in in_time), len(declaring)),
        before_turn=_share(len(early), len(declaring)),
        false_per_100=per_100,
        well_ever=ever,
        children_false_per_100=children_per_100,
        children_ever=children_ever,
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None
