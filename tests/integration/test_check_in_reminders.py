"""A reminder of a check-in on MongoDB: its timer outlives the service, and two instances send one message."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

from common.clocks import FrozenClock
from common.contracts.event import Event
from common.contracts.quarantine.supervision import CheckInReminded
from common.geo import data_folder
from common.kernel.areas import Actor, Area
from common.kernel.ids import derived_id
from common.kernel.messages import ClaimMessage, MessageState, NoteSent, decide_message
from common.work.engine import Work
from common.work.model import Cause, Heart
from common.work.timers import TimerLoop
from quarantine.domain.model import Place
from quarantine.domain.supervision import commands
from quarantine.domain.supervision.decide import decide
from quarantine.rulebook.supervision import read_watch_rules
from quarantine.store.messages import MongoMessages
from quarantine.store.supervision import MongoSupervisions
from quarantine.translate.messages import to_queue
from quarantine.translate.supervision import to_event

HERE = Area("05443", "164")
WHO = ("pquarantined", HERE)
OFFICER = Actor("cb", frozenset({"health_officer"}), frozenset({"05443"}))
MORNING = datetime(2021, 8, 2, 1, tzinfo=UTC)


def cause(*parts: str) -> Cause:
    return Cause(derived_id(*parts))


async def test_the_timer_outlives_the_service_and_two_instances_send_one_message(database: Any) -> None:
    clock, book = FrozenClock(MORNING), read_watch_rules(data_folder() / "rules" / "supervision", "secret")

    def watching() -> tuple[Work[Any, Any], MongoSupervisions]:
        store = MongoSupervisions(database)
        return Work(Heart("supervision", decide, to_event, lambda: book), store, clock), store

    def posting() -> tuple[Work[Any, Any], MongoMessages]:
        store = MongoMessages(database)
        return Work(Heart("message", decide_message, to_event, lambda: None), store, clock), store

    (work, store), (post, kept) = watching(), posting()
    await store.ensure_indexes()
    await kept.ensure_indexes()
    stay = commands.NoteStay(*WHO, 1, MORNING, Place.HOME, date(2021, 8, 2), date(2021, 8, 15))
    await work.run(stay, cause("stay"))
    await work.run(commands.AskForCheckIn(*WHO, OFFICER, "r-1"), cause("ask"))

    clock.move(timedelta(minutes=6))
    after_restart = [watching(), watching()]
    await asyncio.gather(*(TimerLoop(one, its, clock).fire_due() for one, its in after_restart))
    [unsent] = await store.unsent(100)
    told = [entry for entry in unsent.entries if entry.type == CheckInReminded.type]

    assert len(told) == 1
    data = CheckInReminded.model_validate_json(told[0].data)
    queue = to_queue(Event(told[0].id, told[0].type, "", told[0].subject, told[0].recorded_at, 1, data))
    other, same = posting()
    await post.run(queue, cause("first"))
    await other.run(queue, cause("read again"))
    [waiting] = await same.to_send(clock.now(), limit=10)
    claims = await asyncio.gather(
        *(door.run(ClaimMessage(waiting.message_id, name), cause("claim", name))
          for door, name in ((post, "a"), (other, "b")))
    )  # fmt: skip
    assert sorted(answer["claimed"] for answer in claims) == [False, True]
    await post.run(NoteSent(waiting.message_id, "g-1"), cause("sent"))

    assert await same.to_send(clock.now() + timedelta(hours=1), limit=10) == []
    found = (await same.load([waiting.message_id]))[waiting.message_id].state
    assert (found.state, found.about_id, found.useful_until) == (
        MessageState.SENT,
        "r-1",
        MORNING + timedelta(minutes=13),
    )
    assert (await kept.collection.index_information())["forgotten"]["expireAfterSeconds"] == 7 * 86_400
