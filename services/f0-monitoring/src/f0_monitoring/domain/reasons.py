"""Why a risk is what it is: the criteria that fired, and those that still hold it up."""

from datetime import datetime

from f0_monitoring.domain.criteria import Finding
from f0_monitoring.domain.model import REASONS_CAP, Level, Reason, Risk


def of(findings: tuple[Finding, ...], at: datetime) -> tuple[Reason, ...]:
    """Return one reason per finding, measured *at*."""
    return tuple(
        Reason(
            criterion=f.criterion.code,
            value=f.value,
            threshold=f.criterion.threshold,
            document=f.criterion.document,
            level=f.level,
            is_confirmed=f.is_confirmed,
            at=at,
        )
        for f in findings
    )


def lasting(before: Risk, signs: Level, found: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Return the earlier reasons that still hold the level up while the calm period runs."""
    if signs is not before.signs or any(r.level is signs and r.is_confirmed for r in found):
        return ()
    return tuple(r for r in before.reasons if r.at is not None and r.is_confirmed and r.level is signs)


def together(*groups: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """
    Join reasons: each criterion once, worst first, capped.

    A milder reading of the same sign does not hide what still holds the level up; else the first group wins.
    """
    by_code: dict[str, Reason] = {}
    for group in groups:
        for reason in group:
            known = by_code.get(reason.criterion)
            if known is None or reason.level.rank > known.level.rank:
                by_code[reason.criterion] = reason
    ordered = sorted(by_code.values(), key=lambda r: (-r.level.rank, not r.is_confirmed, r.at is None))
    return tuple(ordered[:REASONS_CAP])
