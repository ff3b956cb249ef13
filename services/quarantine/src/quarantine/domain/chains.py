"""
Chuỗi lây: F0 -> F1 -> F2, as far as contacts were recorded.

How far somebody is from an F0 is derived from what the files say today: when an F1 becomes an F0, their
contacts are F1 without anybody writing it down. What follows from that for an order is proposed, never done.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from quarantine.domain.contacts import Closeness, Contact
from quarantine.domain.model import Case, Category, Outcome
from quarantine.domain.standing import ending, is_open

DEEPEST = 3


class Reached(StrEnum):
    """What became of a contact: to be reached, declined, in quarantine, over, or an F0 now."""

    TO_REACH = "to_reach"
    DECLINED = "declined"
    ORDERED = "ordered"
    ENDED = "ended"
    BECAME_F0 = "became_f0"


class Proposal(StrEnum):
    """What an officer is asked to decide: a first order, or an F2 who is an F1 by now."""

    ORDER = "order"
    RAISE_TO_F1 = "raise_to_f1"


@dataclass(frozen=True, slots=True)
class Node:
    """A contact in the chain; *degree* counts from the nearest F0 above: 1 is F1."""

    contact: Contact
    degree: int
    reached: Reached
    proposal: Proposal | None
    below: tuple["Node", ...] = field(default=())


def is_f0(case: Case | None) -> bool:
    """Tell whether the person is or, in this stay, became an F0."""
    if case is None:
        return False
    ended = ending(case)
    return case.infection.is_under_care or (ended is not None and ended.outcome is Outcome.BECAME_F0)


def reached(contact: Contact, case: Case | None) -> Reached:
    """Return what became of *contact*, whose file is *case*."""
    if is_f0(case):
        return Reached.BECAME_F0
    if is_open(case):
        return Reached.ORDERED
    ended = ending(case)
    if ended is not None and ended.on >= contact.meeting.met_on and ended.outcome is not Outcome.WRONG_ENTRY:
        return Reached.ENDED
    return Reached.DECLINED if contact.declined else Reached.TO_REACH


def proposal(contact: Contact, degree: int, case: Case | None) -> Proposal | None:
    """Return what is proposed for *contact*; nobody farther away than an F1's distance is one."""
    now, is_first = reached(contact, case), degree == 1 and contact.meeting.closeness is not Closeness.FARTHER
    if now in (Reached.TO_REACH, Reached.DECLINED):
        return Proposal.ORDER
    stay = case.stay if case else None
    if is_first and now is Reached.ORDERED and stay and stay.category is Category.F2:
        return Proposal.RAISE_TO_F1
    return None


def chain(
    root: str,
    contacts: Mapping[str, Sequence[Contact]],
    cases: Mapping[str, Case],
    *,
    depth: int,
) -> tuple[Node, ...]:
    """
    Build the chain below *root*: *contacts* by index person, *cases* by person, by ids as they are read.

    People who met each other appear once on each way, never below themselves.
    """
    return tuple(_nodes(root, 0, (root,), contacts, cases, depth))


def _nodes(
    index: str,
    above: int,
    way: tuple[str, ...],
    contacts: Mapping[str, Sequence[Contact]],
    cases: Mapping[str, Case],
    depth: int,
) -> Iterator[Node]:
    degree = above + 1
    for contact in contacts.get(index, ()):
        who = contact.person_id
        if who and who in way:
            continue
        case = cases.get(who) if who else None
        from_here = 0 if is_f0(case) else degree
        below = _nodes(who, from_here, (*way, who), contacts, cases, depth - 1) if who and depth > 1 else ()
        yield Node(contact, degree, reached(contact, case), proposal(contact, degree, case), tuple(below))
