"""A rule file that is not in force: read from what somebody typed, as strictly as those on disk."""

import yaml
from pydantic import ValidationError
from yaml.events import AliasEvent

from alerting.rulebook import ResponseRules
from common.rules import RuleFileInvalid

LONGEST = 64_000
"""Characters of a file; the one of today has 15,000."""
FAULTS_SHOWN = 6


def read_candidate(text: str) -> ResponseRules:
    """
    Read the text of a rule file.

    Raises `RuleFileInvalid`. References to other parts are refused: a few lines of them unfold to gigabytes.
    """
    try:
        if any(isinstance(event, AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            raise RuleFileInvalid("references (*name) are not allowed in a rule file")
        return ResponseRules.model_validate(yaml.safe_load(text))
    except ValidationError as fault:
        raise RuleFileInvalid(_named(fault)) from None
    except (yaml.YAMLError, RecursionError, ValueError) as fault:
        raise RuleFileInvalid(" ".join(str(fault).split())) from None


def _named(fault: ValidationError) -> str:
    faults = [f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in fault.errors()]
    more = [f"(+{len(faults) - FAULTS_SHOWN})"] if len(faults) > FAULTS_SHOWN else []
    return "; ".join([*faults[:FAULTS_SHOWN], *more])
