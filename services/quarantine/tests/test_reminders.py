"""A check-in that nobody looks at is reminded of by one text message, in time, with no word of health."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.clocks import FrozenClock
from common.courier import Courier
from common.kernel.messages import MessageState
from common.service import Mode, Runtime
from common.sms import Sms, Unsent
from common.testing.bus import MemoryBus
from common.testing.sign_in import bearer, client_of, sample_jwks, sample_settings
from quarantine.app import compose
from quarantine.domain.supervision import commands
from quarantine.domain.supervision.check_ins import ANSWER, ASK
from quarantine.domain.supervision.facts import CheckInMissed, CheckInReminded
from quarantine.domain.supervision.model import Verdict
from quarantine.domain.supervision.reminding import LEAST_LEFT, REMIND
from quarantine.settings import QuarantineSettings
from services.quarantine.tests.conftest import Running
from services.quarantine.tests.memory import memory_stores
from services.quarantine.tests.test_check_ins import BOOK, OFFICER, RULES, START, STAY, WHO, Story
from services.quarantine.tests.test_routes import ORDER

CB = bearer("health_officer", ["05443"], subject="cb-05443")
TELLTALES = ("f0", "f1", "covid", "sars", "benh", "cach ly", "y te", "khai bao", "suc khoe", "mau", "nguyen")


@pytest.fixture
def asked() -> Story:
    story = Story().tell(STAY, START)
    return story.fires(ASK)


def test_the_reminder_comes_once_after_its_share_of_the_window(asked):
    request = asked.state.open
    due = asked.timer(REMIND).due_at

    asked.fires(REMIND)

    assert RULES.remind_after is not None
    assert due == request.asked_at + RULES.remind_after * RULES.window
    assert [fact for fact in asked.facts if isinstance(fact, CheckInReminded)] == [
        CheckInReminded(*WHO, request.request_id, request.answer_by)
    ]
    assert asked.timer(REMIND) is None
    asked.fires(ANSWER)
    assert asked.kinds()[-1] is not CheckInReminded
    assert CheckInMissed in asked.kinds()


@pytest.mark.parametrize("heard", ["answered", "seen"])
def test_whoever_answered_or_looked_is_not_reminded(asked, heard):
    request = asked.state.open
    at = request.asked_at + timedelta(minutes=1)
    if heard == "answered":
        asked.answers(Verdict.INSIDE, at)
    else:
        asked.tell(commands.NoteSeen(*WHO, request.request_id), at)

    assert asked.timer(REMIND) is None
    assert CheckInReminded not in asked.kinds()


def test_nobody_is_reminded_at_night_or_when_it_is_too_late_to_answer():
    night = datetime(
        2021, 8, 2, 16, tzinfo=UTC
    )  # 23:00 in Vietnam: an officer may ask, a message does not wake
    story = Story().tell(STAY, START).tell(commands.AskForCheckIn(*WHO, OFFICER, "r-night"), night)
    story.fires(REMIND)
    assert CheckInReminded not in story.kinds()
    assert story.timer(REMIND) is None

    late = Story().tell(STAY, START).fires(ASK)
    late.fires(REMIND, late=RULES.window - LEAST_LEFT)  # the service was away
    assert CheckInReminded not in late.kinds()


def test_a_version_of_the_rules_without_a_share_reminds_nobody(monkeypatch):
    monkeypatch.setattr(
        "services.quarantine.tests.test_check_ins.BOOK",
        replace(BOOK, versions=tuple(replace(one, remind_after=None) for one in BOOK.versions)),
    )
    assert Story().tell(STAY, START).fires(ASK).timer(REMIND) is None


@given(steps=st.lists(st.sampled_from(["remind", "see", "answer", "end"]), max_size=6))
def test_in_every_order_at_most_one_reminder_is_told_and_none_after_somebody_looked(steps):
    story = Story().tell(STAY, START).fires(ASK)
    request = story.state.open
    quiet = False
    for step in steps:
        at = request.asked_at + timedelta(minutes=7)
        before = story.kinds().count(CheckInReminded)
        if step == "remind" and story.timer(REMIND):
            story.fires(REMIND)
        elif step == "see":
            story.tell(commands.NoteSeen(*WHO, request.request_id), at)
        elif step == "answer":
            story.answers(Verdict.INSIDE, at, request_id=request.request_id)
        elif step == "end" and story.timer(ANSWER):
            story.fires(ANSWER)
        told = story.kinds().count(CheckInReminded)
        assert told <= 1
        assert told == before or not quiet
        quiet = quiet or step in ("see", "answer", "end")


class Gateway:
    """Takes a message once per key; may lose answers or be away."""

    def __init__(self) -> None:
        self.calls: list[Sms] = []
        self.troubles: list[Unsent] = []

    async def send(self, sms: Sms) -> str:
        self.calls.append(sms)
        if self.troubles:
            raise self.troubles.pop(0)
        return f"g-{sms.key}"


class Street:
    """Somebody at home who was asked to check in, and a gateway that is watched."""

    def __init__(self, running: Running, gateway: Gateway, person_id: str) -> None:
        self.running, self.gateway, self.person_id = running, gateway, person_id
        self.me = bearer("citizen", [], person_id=person_id)

    @property
    def courier(self) -> Courier:
        made: Courier = self.running.service.parts["courier"]
        return made

    async def settle(self) -> None:
        for _ in range(3):
            await self.running.relay()
            await self.running.consume()

    async def later(self, minutes: int) -> None:
        """Time goes by: timers fire, facts travel (each is read again and again), the courier goes round."""
        self.running.clock.move(timedelta(minutes=minutes))
        await self.running.fire()
        await self.settle()
        await self.courier.round()

    async def request(self) -> str:
        reply = await self.running.client.post(f"/v1/cases/{self.person_id}/check-ins", headers=CB)
        assert reply.status_code == 201, reply.text
        mine = await self.running.client.get("/v1/me/check-ins", headers=self.me)
        return str(mine.json()["items"][0]["request_id"])

    async def say(self, request_id: str, what: str, body: Any = None) -> int:
        path = f"/v1/cases/{self.person_id}/check-ins/{request_id}/{what}"
        return (await self.running.client.post(path, json=body or {}, headers=self.me)).status_code

    @property
    def message(self) -> Any:
        [stored] = self.running.stores.messages.aggregates.values()  # type: ignore[attr-defined]
        return stored.state


@pytest.fixture
async def street():
    settings = sample_settings(QuarantineSettings, citizen_origin="https://cachly.example.vn")
    clock, stores, gateway = FrozenClock(START), memory_stores(), Gateway()
    runtime = Runtime(settings, clock=clock, jwks=sample_jwks(), in_memory=True)
    service = compose(runtime, stores, settings, gateway)
    async with client_of(service.app(Mode.API)) as client:
        running = Running(service, stores, clock, MemoryBus(), client)
        made = await client.post(
            "/v1/cases", json={**ORDER, "person": {**ORDER["person"], "phone": "0912 345 678"}}, headers=CB
        )
        assert made.status_code == 201, made.text
        here = Street(running, gateway, made.json()["person_id"])
        await here.settle()
        yield here


async def test_a_closed_phone_gets_one_message_with_the_link_and_no_word_of_health(street):
    await street.request()
    await street.later(5)
    assert street.gateway.calls == []

    await street.later(1)
    await street.later(1)
    await street.later(1)

    [sms] = street.gateway.calls
    assert sms.to == "+84912345678"
    assert "https://cachly.example.vn/diem-danh" in sms.text
    assert "truoc 08:15 ngay 02/08" in sms.text
    assert sms.text.isascii()
    assert len(sms.text) <= 160
    assert not [word for word in TELLTALES if word in sms.text.lower()]
    assert "0912" not in repr(street.message)
    assert street.message.state is MessageState.SENT


@pytest.mark.parametrize(("what", "status"), [("seen", 204), ("answer", 201)])
async def test_an_open_page_or_an_answer_keeps_the_message_back(street, what, status):
    request_id = await street.request()
    body = {"no_place_because": "denied"} if what == "answer" else None
    assert await street.say(request_id, what, body) == status

    await street.later(10)

    assert street.gateway.calls == []


async def test_what_was_answered_while_the_message_waited_is_not_sent(street):
    request_id = await street.request()
    street.gateway.troubles = [Unsent("ConnectError")]
    street.running.clock.move(timedelta(minutes=6))
    await street.running.fire()
    await street.settle()
    await street.say(request_id, "answer", {"no_place_because": "denied"})

    await street.courier.round()

    assert street.gateway.calls == []
    assert street.message.state is MessageState.DROPPED


async def test_after_a_lost_answer_the_same_words_go_out_with_the_same_key_and_not_after_the_deadline(street):
    await street.request()
    street.gateway.troubles = [Unsent("ReadTimeout")] * 50
    await street.later(6)
    for _ in range(20):
        await street.later(1)

    assert len({(sms.key, sms.text, sms.to) for sms in street.gateway.calls}) == 1
    assert 2 <= len(street.gateway.calls) <= 8
    assert street.message.state is MessageState.FAILED


async def test_strangers_cannot_say_that_a_request_was_seen(street):
    request_id = await street.request()
    street.me = bearer("citizen", [], person_id="psomebodyelse")

    assert await street.say(request_id, "seen") == 404
