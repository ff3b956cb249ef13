"""Who is called and how it went, on MongoDB: the same answers as in memory, and an old document still loads."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from alerting.domain.channels import NoteTries, decide_line
from alerting.domain.duty import ByHand, Duty, Hours
from alerting.domain.notices import CallPerson, ClaimNotice, NoticeSent, decide_notice
from alerting.domain.recipients import (
    AddDevice,
    Contact,
    Device,
    PlanDuty,
    SavePreferences,
    SwapDuty,
    decide_recipient,
)
from alerting.parts.calling import CallingStores
from alerting.rulebook import load_rulebook
from alerting.store.people import MongoLines, MongoNotices, MongoRecipients, notice_from_document
from alerting.translate import to_event
from common.clocks import FrozenClock
from common.geo import data_folder
from common.work.engine import Work
from common.work.model import Cause, Heart
from services.alerting.tests.calls import NIGHT
from services.alerting.tests.memory import calling_stores
from services.alerting.tests.stories import DOCTOR, NOON, STATION


class Both:
    """The same commands on MongoDB and in memory."""

    def __init__(self, database: Any) -> None:
        self.clock = FrozenClock(NOON)
        self.real = CallingStores(MongoRecipients(database), MongoNotices(database), MongoLines(database))
        self.twin = calling_stores()
        sending = load_rulebook(data_folder() / "rules" / "alerting").at(NOON).rules.sending
        hearts: list[tuple[str, Any, Any]] = [
            ("recipients", decide_recipient, None),
            ("notices", decide_notice, sending),
            ("lines", decide_line, None),
        ]
        self.works: dict[str, list[Work[Any, Any]]] = {
            name: [
                Work(
                    Heart(name, decide, to_event, lambda rules=rules: rules),
                    getattr(stores, name),
                    self.clock,
                )
                for stores in (self.real, self.twin)
            ]
            for name, decide, rules in hearts
        }
        self.count = 0

    async def hear(self, name: str, command: Any) -> None:
        self.count += 1
        for work in self.works[name]:
            await work.run(command, Cause(f"cause-{self.count}"))


@pytest.fixture
async def both(database: Any) -> Both:
    made = Both(database)
    for store in (made.real.recipients, made.real.notices, made.real.lines):
        await store.ensure_indexes()  # type: ignore[attr-defined]
    return made


async def test_the_stores_give_the_same_answers(both: Both) -> None:
    device = Device("device-1", "Chrome", NOON, "sealed")
    await both.hear("recipients", SavePreferences(DOCTOR, (Contact("sms", True, "sealed"),), NIGHT))
    await both.hear("recipients", AddDevice(DOCTOR, device))
    await both.hear("recipients", SavePreferences(STATION, (Contact("chat", False),)))
    for marks, subject in (
        (["doctor@164"], None),
        (["health_officer@05437", "x@1"], None),
        (["no@1"], "doctor-1"),
    ):
        found = [await stores.recipients.holders(marks, subject) for stores in (both.real, both.twin)]
        assert found[0] == found[1]
        assert len(found[0]) == 1
    for codes in (["164", "05437"], ["05437", "x"], []):
        found = [await stores.recipients.within(codes) for stores in (both.real, both.twin)]
        assert found[0] == found[1]
        assert len(found[0]) == len(codes) - codes.count("x")
    for number in range(4):
        later = NOON + timedelta(minutes=3 - number)
        call = CallPerson(f"notice-{number}", "alert-1", number % 2, f"who-{number}", ("sms", "chat"), later)
        await both.hear("notices", call)
    await both.hear("notices", ClaimNotice("notice-3"))
    await both.hear("notices", NoticeSent("notice-3", "sms", timedelta(minutes=2)))
    for now in (NOON, NOON + timedelta(minutes=2), NOON + timedelta(hours=1)):
        waiting = [await stores.notices.waiting(now, 10) for stores in (both.real, both.twin)]
        assert waiting[0] == waiting[1]
    assert await both.real.notices.of_alert("alert-1") == await both.twin.notices.of_alert("alert-1")
    await both.hear("lines", NoteTries("sms", failed=5, fault="ConnectError"))
    await both.hear("lines", NoteTries("chat", sent=1))
    assert await both.real.lines.all() == await both.twin.lines.all()


async def test_another_process_finds_what_this_one_saved(both: Both, database: Any) -> None:
    await both.hear("recipients", SavePreferences(DOCTOR, (Contact("sms", True, "sealed"),), NIGHT))
    [found] = await MongoRecipients(database).holders([], "doctor-1")
    assert found == replace(found, quiet=NIGHT, contacts=(Contact("sms", True, "sealed"),))


async def test_a_plan_of_duty_is_the_same_when_it_is_read_again(both: Both) -> None:
    night, until = Hours(6, time(19), time(7)), NOON + timedelta(hours=3)
    await both.hear("recipients", PlanDuty(DOCTOR, (night,)))
    await both.hear("recipients", SwapDuty(DOCTOR, True, until))
    [found] = await both.real.recipients.within(["164"])
    assert found.duty == Duty((night,), ByHand(True, until))
    await both.hear("recipients", SwapDuty(DOCTOR))
    [found] = await both.real.recipients.within(["164"])
    assert found.duty == Duty((night,))


def test_a_small_document_of_before_is_still_a_notice() -> None:
    kept = notice_from_document(
        {"notice_id": "n", "alert_id": "a", "step": 0, "subject": "s", "plan": ["sms"], "due": NOON}
    )
    assert kept.channel == "sms"
