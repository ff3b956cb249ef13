"""The pure middle of the unit of work: stored aggregates and errands in, changes and results out."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Generic, TypeVar, cast

from common.kernel.decision import Decision, Fact, Timer, TimerFired
from common.kernel.errors import DomainError
from common.kernel.ids import derived_id
from common.work import inbox
from common.work.model import (
    Cause,
    Change,
    Errand,
    Heart,
    OutboxEntry,
    Outcome,
    Payload,
    Result,
    Stored,
)

S = TypeVar("S")
R = TypeVar("R")


@dataclass(slots=True)
class Draft(Generic[S]):
    """What one aggregate becomes while the errands of a batch are decided one after another."""

    aggregate_id: str
    before: Stored[S] | None
    stored: Stored[S] | None = field(init=False)
    outbox: list[OutboxEntry] = field(default_factory=list)
    changed: bool = False

    def __post_init__(self) -> None:
        self.stored = self.before

    @property
    def expected_version(self) -> int:
        """The version that the write must find."""
        return self.before.version if self.before else 0

    def change(self) -> Change[S]:
        """Return the write that turns the stored aggregate into this draft."""
        if self.stored is None:
            raise ValueError("nothing to save")
        outbox = tuple(self.outbox)
        return Change(self.aggregate_id, self.stored, self.expected_version, outbox, self.before)


def by_aggregate(errands: Iterable[tuple[int, Errand]]) -> dict[str, list[tuple[int, Errand]]]:
    """Group numbered errands by the aggregate they address, keeping their order."""
    groups: dict[str, list[tuple[int, Errand]]] = defaultdict(list)
    for number, errand in errands:
        groups[errand.command.aggregate_id].append((number, errand))
    return groups


def decide_errand(heart: Heart[S, R], rules: R, draft: Draft[S], errand: Errand, now: datetime) -> Result:
    """Decide one errand on *draft*, which takes the new state; a refusal leaves it untouched."""
    stored = draft.stored
    if stored is not None:
        answer = inbox.first_answer(stored, errand.cause)
        if answer is not None:
            return Result(Outcome.DUPLICATE, answer)
    command = errand.command
    timers = stored.timers if stored else ()
    if isinstance(command, TimerFired):
        if not _is_pending(timers, command):
            return Result(Outcome.DUPLICATE)
        timers = tuple(t for t in timers if t.name != command.name)
    try:
        decision = heart.decide(stored.state if stored else None, command, rules, now)
        entries = to_outbox(heart, decision.facts, errand.cause, stored, now)
    except DomainError as refusal:
        return Result(Outcome.REFUSED, error=refusal)
    except Exception as fault:  # noqa: BLE001 - one broken decision must not block its batch
        return Result(Outcome.REFUSED, error=fault)
    _take(draft, decision, errand, timers, entries)
    return Result(Outcome.APPLIED, decision.answer)


def _is_pending(timers: tuple[Timer, ...], fired: TimerFired) -> bool:
    return any(t.name == fired.name and t.due_at == fired.due_at for t in timers)


def _take(
    draft: Draft[S],
    decision: Decision[S],
    errand: Errand,
    timers: tuple[Timer, ...],
    entries: list[OutboxEntry],
) -> None:
    before = draft.stored
    if decision.state is None:
        return
    is_timer = isinstance(errand.command, TimerFired)
    untouched = before is not None and decision.state is before.state and not entries
    if untouched and decision.timers is None and not is_timer and not decision.answer:
        return
    base = _base(before, decision)
    kept = inbox.Inbox(base.marks, base.results, base.recent)
    if not is_timer:
        kept = inbox.remember(base, errand.cause, decision.answer)
    told = {entry.subject: entry.sequence for entry in entries}
    draft.stored = Stored(
        state=decision.state,
        version=draft.expected_version + 1,
        marks=kept.marks,
        results=kept.results,
        recent=kept.recent,
        timers=timers if decision.timers is None else decision.timers,
        sequences={**base.sequences, **told} if told else base.sequences,
    )
    draft.outbox.extend(entries)
    draft.changed = True


def _base(before: Stored[S] | None, decision: Decision[S]) -> Stored[S]:
    if before is None:
        return Stored(state=cast("S", decision.state))
    return replace(before, results=()) if decision.forgets else before


def to_outbox(
    heart: Heart[S, R],
    facts: tuple[Fact, ...],
    cause: Cause,
    stored: Stored[S] | None,
    now: datetime,
) -> list[OutboxEntry]:
    """Turn facts into outbox entries with deterministic ids and a gapless sequence per subject."""
    if not facts:
        return []
    sequences = dict(stored.sequences) if stored else {}
    entries = []
    for index, fact in enumerate(facts):
        event = heart.to_event(fact)
        sequences[fact.subject] = sequences.get(fact.subject, 0) + 1
        entries.append(_entry(event, fact.subject, sequences[fact.subject], index, cause, now))
    return entries


def _entry(
    event: Payload, subject: str, sequence: int, index: int, cause: Cause, now: datetime
) -> OutboxEntry:
    return OutboxEntry(
        id=derived_id(cause.id, event.type, str(index)),
        type=event.type,
        topic=event.topic,
        subject=subject,
        sequence=sequence,
        recorded_at=now,
        data=event.model_dump_json(exclude_none=True),
        correlation_id=cause.correlation_id or cause.id,
        causation_id=cause.id,
        traceparent=cause.traceparent,
    )
