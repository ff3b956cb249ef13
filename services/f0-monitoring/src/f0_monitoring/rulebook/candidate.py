"""A rule file that is not in force yet: read from what somebody typed, put into the calendar to try it."""

from datetime import date

import yaml
from pydantic import ValidationError
from yaml.events import AliasEvent

from common.rules import RuleBook, RuleFileInvalid
from f0_monitoring.rulebook import CriteriaFile, RiskRuleBooks

LONGEST = 64_000
"""Characters of a file; the longest of today has 11,000."""
FAULTS_SHOWN = 6


def read_candidate(text: str) -> CriteriaFile:
    """
    Read the text of a rule file, as strictly as those on disk.

    Raises `RuleFileInvalid`. References to other parts are refused: a few lines of them unfold to gigabytes.
    """
    try:
        if any(isinstance(event, AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            raise RuleFileInvalid("references (*name) are not allowed in a rule file")
        return CriteriaFile.model_validate(yaml.safe_load(text))
    except ValidationError as fault:
        raise RuleFileInvalid(_named(fault)) from None
    except (yaml.YAMLError, RecursionError, ValueError) as fault:
        raise RuleFileInvalid(" ".join(str(fault).split())) from None


def _named(fault: ValidationError) -> str:
    faults = [f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in fault.errors()]
    more = [f"(+{len(faults) - FAULTS_SHOWN})"] if len(faults) > FAULTS_SHOWN else []
    return "; ".join([*faults[:FAULTS_SHOWN], *more])


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
