"""A rule file that is not in force yet, put into the calendar to try it."""

from datetime import date

from common.rules import RuleBook
from f0_monitoring.rulebook import CriteriaFile, RiskRuleBooks

LONGEST = 64_000
"""Characters of a file; the longest of today has 11,000."""


def from_day(file: CriteriaFile, day: date) -> CriteriaFile:
    """Return *file* as if it came into force on *day*, for good."""
    return file.model_copy(update={"effective_from": day, "effective_to": None, "replaced_by": ""})


def adopting(books: RiskRuleBooks, file: CriteriaFile, day: date) -> RiskRuleBooks:
    """
    Return what would be in force from *day* on with *file* in it, checked as a whole.

    It takes the place of the rule of its key, and of those that name it as what replaces them (604
    replaced 261 and the children's 528). The calendar in use stays as it is. Raises `RuleFileInvalid`.
    """
    named = {version.key for version in books.criteria.versions if version.replaced_by == file.version}
    kept = (version for version in books.criteria.all_in_force(day) if version.key not in named | {file.key})
    files = [
        version.model_copy(update={"effective_to": None, "replaced_by": ""}) for version in (*kept, file)
    ]
    return RiskRuleBooks(RuleBook(files), books.course)
