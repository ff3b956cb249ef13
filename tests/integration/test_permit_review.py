"""A question and a signed decision lie in the database: queues find them, and their timer outlives every worker."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from common.kernel.decision import TimerFired
from common.work.engine import Work
from common.work.model import SHARDS, Cause, Heart
from common.work.timers import TimerLoop
from permit.domain.commands import AskApplicant, ReplyToQuestion, SettleQueued, WithdrawDecision
from permit.domain.decide import decide
from permit.domain.errors import TooLateToWithdraw
from permit.domain.model import Outcome, Status
from permit.ports import Queue, Search
from permit.store import MongoHolders
from permit.translate import to_event
from services.permit.tests.memory import MemoryHolders
from services.permit.tests.samples import CITIZEN, NOW, OFFICER, PERSON, RULES, Frozen, application, terms

PERMIT = application().permit_id
ASKED = application(terms=terms(category="family-emergency"), by=CITIZEN)
QUESTION = AskApplicant(PERSON, PERMIT, OFFICER, question_id="q1", text="s1.mau.q.DDDD")
REPLY = ReplyToQuestion(PERSON, PERMIT, CITIZEN, question_id="q1", text="s1.mau.r.EEEE")
APPROVE = SettleQueued(PERSON, PERMIT, OFFICER, outcome=Outcome.APPROVED)
UNDO = WithdrawDecision(PERSON, PERMIT, OFFICER)
HEART: Heart[Any, Any] = Heart("holder", decide, to_event, lambda: RULES)
HERE = Search(area_codes=OFFICER.area_codes, issuers=["commune-police"])


async def do(works: list[Work[Any, Any]], *commands: Any) -> None:
    for command in commands:
        for work in works:
            await work.run(command, Cause(f"{type(command).__name__}-{work.clock.now().isoformat()}"))


async def lengths(store: Any, now: datetime) -> dict[Queue, int]:
    return {what: (await store.tally(HERE, what, now)).waiting for what in Queue}


async def test_queues_follow_the_review_as_in_memory(database: Any) -> None:
    clock, real, twin = Frozen(), MongoHolders(database), MemoryHolders()
    await real.ensure_indexes()
    works = [Work(HEART, store, clock) for store in (real, twin)]
    turn = {Queue.APPLICATIONS: 1, Queue.ASKED: 0, Queue.APPEALS: 0}
    theirs, nobody = {**turn, Queue.APPLICATIONS: 0, Queue.ASKED: 1}, {**turn, Queue.APPLICATIONS: 0}
    for step, expected in ((ASKED, turn), (QUESTION, theirs), (REPLY, turn), (APPROVE, nobody), (UNDO, turn)):
        await do(works, step)
        clock.at += timedelta(seconds=3)
        assert await lengths(real, clock.at) == await lengths(twin, clock.at) == expected, step
    for what in Queue:
        assert await real.waiting(HERE, what, limit=9) == await twin.waiting(HERE, what, limit=9)
    for work in works:
        await work.stop()


async def test_a_decision_counts_though_the_worker_died_that_took_it(database: Any) -> None:
    clock, real = Frozen(), MongoHolders(database)
    await real.ensure_indexes()
    first = Work(HEART, real, clock)
    await do([first], ASKED, APPROVE)
    await first.stop()
    clock.at = NOW + timedelta(seconds=9)
    again = MongoHolders(database)
    second = Work(HEART, again, clock)
    timers = TimerLoop(second, again, clock)
    assert await timers.fire_due() == 0
    holder = await again.of_permit(PERMIT)
    assert holder is not None
    assert holder.status_of(holder.permits[0]) is Status.QUEUED
    clock.at = NOW + timedelta(seconds=10)
    with pytest.raises(TooLateToWithdraw):
        await second.run(UNDO, Cause("too-late"))
    assert await timers.fire_due() == 1
    assert await timers.fire_due() == 0
    holder = await again.of_permit(PERMIT)
    assert holder is not None
    assert holder.status_of(holder.permits[0]) is Status.ISSUED
    [row] = await database["holders"].find({}, {"outbox": 1}).to_list(None)
    assert str(row["outbox"]).count("permit.permit-issued.v1") == 1
    due: list[TimerFired] = await again.due(clock.at + timedelta(days=9), list(range(SHARDS)), 9)
    assert [timer.name for timer in due] == [f"expiry:{PERMIT}"]
    await second.stop()
