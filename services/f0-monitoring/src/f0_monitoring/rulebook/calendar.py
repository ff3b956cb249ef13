"""
The calendar of the rules: no day without them, none twice, and nothing asked that the form does not ask.

Checked when the service starts and before a change is tried: a gap would be found at midnight otherwise.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from common.rules import Confidence, RuleBook, RuleFileInvalid
from f0_monitoring.domain.model import Consciousness, Level
from f0_monitoring.domain.signs import Measure

if TYPE_CHECKING:
    from f0_monitoring.rulebook import CourseFile, CriteriaFile, SignRow

CLASSIFICATION = "classification"
STATES = frozenset(state.value for state in Consciousness)
A_DAY = timedelta(days=1)


def refuse_gaps(criteria: "RuleBook[CriteriaFile]", course: "RuleBook[CourseFile]") -> None:
    """
    Refuse a calendar with a day on which a rule that was in force is replaced by nothing.

    Overlaps are refused by `RuleBook` itself. Raises `RuleFileInvalid`.
    """
    for earlier, later in pairwise(criteria.versions):
        if earlier.key == later.key and not _follows(earlier.effective_to, later.effective_from):
            raise RuleFileInvalid(f"nothing of {earlier.key!r} is in force before {later.version} begins")
    names = {file.version: file for file in criteria.versions}
    for file in criteria.versions:
        successor = names.get(file.replaced_by)
        if file.effective_to is not None and (
            successor is None or not _follows(file.effective_to, successor.effective_from)
        ):
            raise RuleFileInvalid(f"{file.version}: {file.replaced_by!r} does not begin the day after")
    first = min(file.effective_from for file in criteria.versions if file.key == CLASSIFICATION)
    if course.find(first) is None:
        raise RuleFileInvalid(f"no form of declaration is in force on {first}, the first day of the rules")


def _follows(ends: date | None, begins: date) -> bool:
    return ends is not None and begins == ends + A_DAY


def check_form(criteria: "RuleBook[CriteriaFile]", course: "RuleBook[CourseFile]") -> None:
    """Refuse criteria that the form in force with them could never meet. Raises `RuleFileInvalid`."""
    for day in sorted({file.effective_from for file in criteria.versions}):
        files = criteria.all_in_force(day)
        codes = Counter(row.code for file in files for row in (*file.people, *file.signs))
        if doubled := sorted(code for code, times in codes.items() if times > 1):
            raise RuleFileInvalid(f"criteria that are in force twice on {day}: {', '.join(doubled)}")
        form = course.find(day)
        for file in files:
            for fault in faults_of(file, form) if form else ():
                raise RuleFileInvalid(f"{file.version}: {fault}")


def faults_of(file: "CriteriaFile", form: "CourseFile") -> Iterator[str]:
    """Yield what is wrong with the criteria of *file*, held against the form that asks for them."""
    known = frozenset(word.code for word in form.symptoms)
    for sign in file.signs:
        yield from _faults_of_sign(sign, form, known)
    for row in (*file.people, *file.signs):
        if row.ages["from_months"] >= row.ages["below_months"]:
            yield f"{row.code}: is meant for nobody, look at the ages again"
        if row.confidence is not Confidence.VERIFIED and not file.to_be_confirmed:
            yield f"{row.code}: not verified, so the file must say to_be_confirmed: true"


def _faults_of_sign(row: "SignRow", form: "CourseFile", known: frozenset[str]) -> Iterator[str]:
    words = {Measure.SYMPTOM: known, Measure.CONSCIOUSNESS: STATES}.get(row.measure)
    if (words is not None) is not bool(row.any_of):
        yield f"{row.code}: any_of goes with symptom and consciousness, and only with them"
    if words is not None and (unknown := sorted(set(row.any_of) - words)):
        yield f"{row.code}: not on the form: {', '.join(unknown)}"
    bounds = form.bounds.get(row.measure.value)
    if bounds is not None and not bounds.lowest < row.comparison[1] < bounds.highest:
        yield f"{row.code}: no measurement can cross {row.comparison[1]:g}"
    if (row.level is Level.VERY_HIGH) is not row.is_danger_sign:
        yield f"{row.code}: danger signs, and only they, are very_high"
