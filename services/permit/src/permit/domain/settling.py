"""Turns "the file was so, now it is so" into what happened to each permit."""

from dataclasses import replace
from datetime import datetime

from common.kernel.decision import Fact
from permit.domain.facts import (
    PermitExpired,
    PermitIssued,
    PermitReinstated,
    PermitRevoked,
    PermitSuspended,
    Why,
)
from permit.domain.model import Holder, Permit, Status

_CHANGES = {
    Status.ISSUED: PermitReinstated,
    Status.SUSPENDED: PermitSuspended,
    Status.REVOKED: PermitRevoked,
    Status.EXPIRED: PermitExpired,
}


def settled(before: Holder, after: Holder, why: Why, now: datetime) -> tuple[Holder, tuple[Fact, ...]]:
    """
    Put into force what may be in force and tell each change of an issued permit.

    Facts are differences between two states, so a permit that is suspended twice and reinstated once
    can never be told wrongly, and totals are a sum of from and to.
    """
    permits: list[Permit] = []
    facts: list[Fact] = []
    for permit in after.permits:
        settled_permit, fact = _settled_one(before, after, permit, why, now)
        permits.append(settled_permit)
        if fact is not None:
            facts.append(fact)
    return replace(after, permits=tuple(permits)), tuple(facts)


def _settled_one(
    before: Holder, after: Holder, permit: Permit, why: Why, now: datetime
) -> tuple[Permit, Fact | None]:
    if not permit.is_issued:
        issued = replace(permit, is_issued=True)
        if permit.terms.valid_until <= now or after.status_of(issued) is not Status.ISSUED:
            return permit, None
        fact = PermitIssued(
            permit.permit_id, after.person_id, permit.area, permit.ruling.policy, permit.terms
        )
        return issued, fact
    earlier = before.permit(permit.permit_id)
    from_status = before.status_of(earlier) if earlier else Status.ISSUED
    to_status = after.status_of(permit)
    if from_status is to_status:
        return permit, None
    change = _CHANGES[to_status]
    return permit, change(permit.permit_id, after.person_id, permit.area, from_status, to_status, why)
