"""Turns "the file was so, now it is so" into the entries of the chained record of decisions."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from common.kernel.areas import Area
from common.kernel.trail import Entry, chained, commitment
from permit.domain.facts import Why
from permit.domain.model import MACHINE, Appeal, Holder, Limits, Outcome, Permit, Ruling, Status
from permit.domain.review import UNTOUCHED

HOLDER_HIMSELF = "holder"
"""Who acted, where it was the holder: the record names officials, not citizens."""
_NOT_NOW = "not-now"
"""What the record says of other services' news: as little as holders, employers and officers are told."""
_RULED = {Outcome.APPROVED: "approved", Outcome.REFUSED: "refused", Outcome.QUEUED: "queued"}


@dataclass(frozen=True, slots=True)
class Act:
    """Who did something to a file, and why; *note* is the sealed reason, to which the record commits."""

    why: Why
    by: str = MACHINE
    note: str = ""


@dataclass(frozen=True, slots=True)
class DecisionRecorded:
    """One entry of the record is to be filed."""

    entry: Entry

    @property
    def subject(self) -> str:
        """Entries of one chain stay in order."""
        return self.entry.chain_id


def recorded(
    before: Holder, after: Holder, act: Act, key: bytes, now: datetime
) -> tuple[Holder, tuple[DecisionRecorded, ...]]:
    """Append what was decided between two states of a file to its record."""
    found = (body for permit in after.permits for body in _of_permit(before, after, permit, act, key))
    bodies = [{name: value for name, value in body.items() if value} for body in found]
    if not bodies:
        return after, ()
    trail, entries = chained(after.trail, after.person_id, bodies, key, now)
    return replace(after, trail=trail), tuple(DecisionRecorded(entry) for entry in entries)


def area_codes(area: Area) -> list[str]:
    """Return the codes by which an entry is counted."""
    return [area.commune_code, area.district_code, area.province_code]


def _of_permit(
    before: Holder, after: Holder, permit: Permit, act: Act, key: bytes
) -> Iterator[dict[str, Any]]:
    earlier = before.permit(permit.permit_id)
    was = before.status_of(earlier) if earlier else ""
    common = {
        "permit_id": permit.permit_id,
        "area_codes": area_codes(permit.area),
        "category": permit.terms.category,
        "from_status": str(was),
        "to_status": str(after.status_of(permit)),
        "because": commitment(act.note, key),
    }
    for step in _of_review(earlier, permit, act.by):
        yield {**common, **step}
    old_appeals = earlier.appeals if earlier else ()
    for appeal in permit.appeals:
        if appeal not in old_appeals:
            yield {**common, **_of_appeal(appeal, key)}
    if earlier is None or earlier.ruling != permit.ruling:
        yield {**common, **_of_ruling(permit.ruling)}
    elif earlier.holds != permit.holds or (was != after.status_of(permit) and _is_told(permit)):
        is_new = permit.is_issued and not earlier.is_issued
        yield {**common, **_of_change(permit, act, "issued" if is_new else _act(after.status_of(permit)))}
    elif earlier.limits != permit.limits:
        yield {**common, **_of_limits(permit.limits), "by": act.by}


def _of_review(was: Permit | None, permit: Permit, by: str) -> Iterator[dict[str, Any]]:
    """Questions, answers, the first of two signatures, and what was taken back before it counted."""
    old, review = was.review if was else UNTOUCHED, permit.review
    known = {question.question_id: question for question in old.questions}
    for question in review.questions:
        if question.question_id not in known:
            yield {"act": "asked", "rule": "review", "by": by}
        elif known[question.question_id].is_open and not question.is_open:
            yield {"act": "answered", "rule": "review", "by": by}
    if review.first is not None and old.first is None:
        yield {"act": "signed", "rule": "review", "by": by}
    is_decided = was is not None and was.ruling != permit.ruling
    is_gone = (old.first and not review.first) or (old.settlement and not review.settlement)
    if is_gone and not is_decided and permit.is_open:
        yield {"act": "withdrawn", "rule": "review", "by": by}


def _act(status: Status) -> str:
    return "reinstated" if status is Status.ISSUED else str(status)


def _of_ruling(ruling: Ruling) -> dict[str, Any]:
    ruled = {"act": _RULED[ruling.outcome], "policy": ruling.policy, "rule": ruling.rule}
    return {**ruled, "by": ruling.by}


def _of_limits(limits: Limits | None) -> dict[str, Any]:
    if limits is None:
        return {"act": "unlimited"}
    return {"act": "limited", "policy": limits.policy, "rule": limits.rule}


def _is_told(permit: Permit) -> bool:
    """What was never in force only waits: nothing is decided when its holder is barred or free again."""
    return permit.is_issued or permit.ending is not None


def _of_change(permit: Permit, act: Act, what: str) -> dict[str, Any]:
    limits = permit.limits if act.why is Why.DIRECTIVE else None
    return {
        "act": what,
        "policy": limits.policy if limits else permit.ruling.policy,
        "rule": limits.rule if limits else _NOT_NOW if act.why is Why.STANDING else str(act.why),
        "by": act.by,
    }


def _of_appeal(appeal: Appeal, key: bytes) -> dict[str, Any]:
    answer = appeal.answer
    if answer is None:
        filed = {"act": "appealed", "rule": "appeal", "policy": "", "by": appeal.filed_by}
        return {**filed, "because": commitment(appeal.text, key)}
    return {
        "act": str(answer.verdict),
        "rule": "appeal",
        "policy": "",
        "by": answer.by,
        "because": commitment(answer.sentence, key),
    }
