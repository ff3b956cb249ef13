"""
Xét hồ sơ: what officers did about a queued application before anything of it counts.

None of it changes how the permit stands: a signed decision is not in force, and told to nobody, before its
seconds to think again are over. So no checkpoint ever sees a permit that flips.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

KEPT = 3
"""Questions kept with an application; the record of decisions knows them all."""


@dataclass(frozen=True, slots=True)
class Question:
    """Hỏi thêm: what an officer asks before deciding, and what the applicant says; both texts are sealed."""

    question_id: str
    text: str
    asked_by: str
    asked_at: datetime
    reply: str = ""
    replied_by: str = ""
    replied_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether the applicant has still to answer."""
        return self.replied_at is None


@dataclass(frozen=True, slots=True)
class Signature:
    """The first of two signatures under an approval."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Settlement:
    """What was decided, and can be taken back until *counts_at*; *note* is sealed."""

    is_approval: bool
    reason: str
    note: str
    by: str
    counts_at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """How far the review of one application is."""

    questions: tuple[Question, ...] = ()
    paused: timedelta = timedelta()
    """How long the answer time stood still because the applicant was asked."""
    first: Signature | None = None
    settlement: Settlement | None = None

    @property
    def question(self) -> Question | None:
        """Return the question that waits for the applicant."""
        return next((each for each in self.questions if each.is_open), None)

    @property
    def is_waiting(self) -> bool:
        """Tell whether it is an officer's turn: nothing is asked and nothing decided."""
        return self.question is None and self.settlement is None

    def asked(self, question: Question) -> "Review":
        """Return the review with one more question."""
        return replace(self, questions=(*self.questions, question)[-KEPT:])

    def replied(self, reply: str, by: str, now: datetime) -> "Review":
        """Return the review with the open question answered and the answer time running again."""
        questions, paused = self.questions, self.paused
        if (found := self.question) is not None:
            answered = replace(found, reply=reply, replied_by=by, replied_at=now)
            questions = tuple(answered if each is found else each for each in questions)
            paused += now - found.asked_at
        return replace(self, questions=questions, paused=paused)


UNTOUCHED = Review()
"""Nobody did anything yet."""
