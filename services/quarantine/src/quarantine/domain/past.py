"""A line about an earlier stay."""

from quarantine.domain.model import Case, PastStay
from quarantine.domain.standing import ending

PAST_KEPT = 5


def past_stays(case: Case) -> tuple[PastStay, ...]:
    """Return the lines about earlier stays, that of the present one added if it has ended."""
    stay, ended = case.stay, ending(case)
    if stay is None or ended is None:
        return case.past
    line = PastStay(
        stay.category, stay.place, stay.starts_on, stay.ends_on, stay.protocol, ended.outcome, ended.on
    )
    return (*case.past, line)[-PAST_KEPT:]
