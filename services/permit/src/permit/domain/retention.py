"""
What is left of a person's file when its time is over: which permit counted where and when, and nobody's name.

Nothing is decided by it, so the record of decisions stays as it is and its chain holds (ADR 0008): an entry
names officers and rules, and only commits to words.
"""

from dataclasses import replace
from datetime import date, datetime

from common.kernel.clock import local_day
from common.kernel.decision import Decision
from common.kernel.forgetting import Forget, forgotten
from permit.domain.listed import codes_until
from permit.domain.model import MACHINE, Appeal, Holder, Permit, Ruling, Terms
from permit.domain.review import Review


def over_since(holder: Holder) -> datetime | None:
    """
    Return when the last thing in a named file ended; None while anything is open, or nothing is named.

    A permit that was taken back early counts until the last of its codes ends: nothing goes too soon.
    """
    permits = holder.permits
    if not holder.sealed or not permits or any(each.is_open or each.open_appeal for each in permits):
        return None
    return max(instant for permit in permits for instant in _ends(permit))


def forget(holder: Holder | None, command: Forget, now: datetime) -> Decision[Holder]:
    """Forget who the file is about and what was written; an open file stays as it is."""
    ended = over_since(holder) if holder else None
    if holder is None or ended is None or ended >= command.before:
        return Decision(holder)
    permits = tuple(_nameless(permit, local_day(now)) for permit in holder.permits)
    return forgotten(replace(holder, sealed="", blind=(), permits=permits))


def _ends(permit: Permit) -> tuple[datetime, ...]:
    answers = (appeal.answer.at for appeal in permit.appeals if appeal.answer)
    return codes_until(permit), permit.applied_at, *answers


def _nameless(permit: Permit, today: date) -> Permit:
    if permit.forgotten_on is not None:
        return permit
    limits = permit.limits
    if limits and limits.granted:
        limits = replace(limits, granted=_without_plate(limits.granted))
    return replace(
        permit,
        details="",
        note="",
        terms=_without_plate(permit.terms),
        limits=limits,
        ruling=_without_words(permit.ruling),
        appeals=tuple(_silent(appeal) for appeal in permit.appeals),
        review=_unspoken(permit.review),
        forgotten_on=today,
    )


def _without_plate(terms: Terms) -> Terms:
    return replace(terms, plate="")


def _without_words(ruling: Ruling) -> Ruling:
    """Keep the sentences of policies; what an officer wrote to one person goes."""
    return ruling if ruling.by == MACHINE else replace(ruling, reason="")


def _silent(appeal: Appeal) -> Appeal:
    return replace(appeal, text="", answer=replace(appeal.answer, sentence="") if appeal.answer else None)


def _unspoken(review: Review) -> Review:
    questions = tuple(replace(question, text="", reply="") for question in review.questions)
    settlement = replace(review.settlement, note="", reason="") if review.settlement else None
    return replace(review, questions=questions, settlement=settlement)
