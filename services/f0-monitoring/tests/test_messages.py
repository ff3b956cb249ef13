"""Reminders by text message: once, in time, with the link that works, and never with a name or a disease."""

import re
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import httpx
import pytest

from common.contracts.event import Event
from common.contracts.f0_monitoring.consultations import ConsultationReminded
from common.kernel import messages
from common.kernel.messages import MessageState
from common.sms import HttpSmsGateway, NoGateway, Sms, Unsent
from common.work.model import Cause, Errand
from common.work.timers import TimerLoop
from deploy.local.sms_gateway import application, parts_of
from f0_monitoring.domain.consultation import Way
from f0_monitoring.views.messages.wording import Reminder, words_of

clinic = import_module("services.f0-monitoring.tests.test_consultation_api")
TELLTALES = ("F0", "covid", "sars", "benh", "bệnh", "duong tinh", "dương tính", "cach ly", "Mẫu", "Mau")
NOW = datetime(2022, 2, 10, 8, tzinfo=UTC)


class Story:
    """An appointment in an hour, and what becomes of its reminder."""

    def __init__(self, house: Any, made: Any) -> None:
        self.house, self.clinic = house, made
        self.gateway = house.gateway

    async def appointment(self, way: str = "video", minutes: int = 60) -> str:
        kept = await self.clinic.wish()
        self.id = str(kept["consultation_id"])
        body = {"starts_at": self.clinic.at(minutes), "way": way}
        await self.clinic.ask("POST", f"/v1/consultations/{self.id}/appointments", clinic.DOCTOR, body)
        return self.id

    async def remind(self) -> None:
        """Half an hour before: the timer fires, the fact is heard (twice, as after a crash)."""
        self.house.clock.forward(minutes=31)
        store = self.house.consulting.consultations
        work = self.house.parts["consultation_desk"]._work
        await TimerLoop(work, store, self.house.clock).fire_due()
        await self.hear()
        await self.hear()

    async def hear(self) -> None:
        group = next(s for s in self.house.service.subscriptions if s.group == "f0-monitoring.messages")
        for number, entry in enumerate(self.house.consulting.consultations.facts(), start=1):
            if entry.type == ConsultationReminded.type:
                data = ConsultationReminded.model_validate_json(entry.data)
                event = Event(entry.id, entry.type, "", entry.subject, entry.recorded_at, 1, data)
                command = group.translations()[event.type](event)
                [result] = await group.work.run_batch([Errand(command, Cause(entry.id, "log-0", number))])
                assert result.error is None

    async def send(self) -> None:
        await self.house.parts["courier"].round()

    @property
    def message(self) -> messages.Message:
        [stored] = self.house.stores.messages.aggregates.values()
        return stored.state

    async def shown(self, who: dict[str, str]) -> Any:
        return (await self.clinic.ask("GET", f"/v1/consultations/{self.id}", who))["reminder"]


@pytest.fixture
async def story(house: Any) -> Story:
    return Story(house, await clinic.Clinic(house).open())


async def test_a_reminder_reaches_the_patient_once_and_its_link_opens_the_room(story: Story) -> None:
    await story.appointment()
    await story.remind()
    await story.send()
    await story.send()

    [sms] = story.gateway.calls
    assert sms.to == "+84912345678"
    assert sms.text.isascii()
    assert "luc 16:30 ngay 10/02" in sms.text
    assert "0987654321" in sms.text or "+84987654321" in sms.text
    assert not [word for word in TELLTALES if word.lower() in sms.text.lower()]
    found = re.search(r"http://127\.0\.0\.1:8102/kham/phong#([A-Za-z0-9_-]+)", sms.text)
    assert found
    reply = await story.house.client.post("/v1/room-entries", json={"link": found.group(1)})
    assert reply.status_code == 200, reply.text
    assert reply.json()["seat"] == "patient"

    told = await story.shown(clinic.DOCTOR)
    assert (told["state"], told["fault"]) == ("sent", "")
    assert await story.shown(story.clinic.citizen) is None


async def test_after_a_lost_answer_the_same_words_are_sent_again_with_the_same_key(story: Story) -> None:
    await story.appointment()
    await story.remind()
    story.gateway.troubles, story.gateway.loses_answers = [Unsent("ReadTimeout")], True
    await story.send()
    assert story.message.state is MessageState.WAITING
    await story.send()
    assert len(story.gateway.calls) == 1, "not before the pause is over"
    story.house.clock.forward(seconds=6)
    await story.send()

    first, second = story.gateway.calls
    assert (first.key, first.text, first.to) == (second.key, second.text, second.to)
    assert len(story.gateway.taken) == 1
    assert (story.message.state, story.message.attempts) == (MessageState.SENT, 2)


async def test_a_worker_that_died_with_the_message_in_hand_is_replaced(story: Story) -> None:
    await story.appointment()
    await story.remind()
    courier = story.house.parts["courier"]
    claim = messages.ClaimMessage(story.message.message_id, "dead")
    assert (await courier._run(claim, "claim", "1", "dead"))["claimed"]
    await story.send()
    assert story.gateway.calls == []
    story.house.clock.forward(seconds=61)
    await story.send()
    assert (story.message.state, story.message.attempts) == (MessageState.SENT, 2)
    assert story.message.sealed
    assert "kham/phong" not in story.message.sealed


async def test_two_workers_do_not_send_twice(story: Story) -> None:
    await story.appointment()
    await story.remind()
    other = story.house.another_instance().parts["courier"]
    waiting = await story.house.stores.messages.to_send(story.house.clock.now(), limit=5)
    await story.house.parts["courier"]._one(waiting[0])
    await other._one(waiting[0])
    assert len(story.gateway.calls) == 1


async def test_refused_for_good_staff_are_told_to_call(story: Story) -> None:
    await story.appointment()
    await story.remind()
    story.gateway.troubles = [Unsent("refused 422", is_final=True)]
    await story.send()
    told = await story.shown(clinic.DOCTOR)
    assert (told["state"], told["fault"]) == ("failed", "refused 422")


async def test_a_gateway_that_stays_away_is_given_up_after_the_hour(story: Story) -> None:
    await story.appointment()
    await story.remind()
    story.gateway.troubles = [Unsent("ConnectError") for _ in range(100)]
    for _ in range(60):
        await story.send()
        story.house.clock.forward(seconds=60)
    assert story.message.state is MessageState.FAILED
    assert 8 < story.message.attempts < 15
    assert len({sms.text for sms in story.gateway.calls}) == 1


async def test_what_is_called_off_or_moved_meanwhile_is_not_reminded_of(story: Story) -> None:
    consultation_id = await story.appointment()
    await story.remind()
    body = {"starts_at": story.clinic.at(90), "way": "video"}
    await story.clinic.ask("POST", f"/v1/consultations/{consultation_id}/appointments", clinic.DOCTOR, body)
    await story.send()
    assert story.gateway.calls == []
    assert story.message.state is MessageState.DROPPED


async def test_whom_the_doctor_rings_up_gets_no_link(story: Story) -> None:
    await story.appointment("phone")
    await story.remind()
    await story.send()
    [sms] = story.gateway.calls
    assert "http" not in sms.text
    assert "Bac si se goi dien cho ban" in sms.text


@pytest.mark.parametrize("way", list(Way))
@pytest.mark.parametrize("has_accents", [True, False])
def test_the_words_name_no_disease_and_are_short(way: Way, has_accents: bool) -> None:
    link = "" if way is Way.PHONE else f"https://suckhoe.thainguyen.gov.vn/kham/phong#{'a' * 43}"
    text = words_of(Reminder(NOW, way, "0987654321", link), has_accents=has_accents)

    assert text.isascii() is not has_accents
    assert not [word for word in TELLTALES if word.lower() in text.lower()]
    assert "15:00" in text
    assert link in text
    assert parts_of(text) <= (4 if has_accents else 2)


@pytest.mark.parametrize(
    ("status", "headers", "is_final", "after"),
    [
        (422, {}, True, None),
        (400, {}, True, None),
        (401, {}, False, None),
        (500, {}, False, None),
        (503, {"retry-after": "30"}, False, 30),
        (429, {"retry-after": "99999"}, False, 600),
        (429, {"retry-after": "soon"}, False, None),
    ],
)
async def test_what_the_gateways_refusals_mean(
    status: int, headers: dict[str, str], is_final: bool, after: int | None
) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(status, headers=headers, text="+84912345678"))
    gateway = HttpSmsGateway("http://sms", "t", client=httpx.AsyncClient(transport=transport))
    with pytest.raises(Unsent) as refused:
        await gateway.send(Sms("key-0001", "+84912345678", "xin chào"))
    assert (refused.value.is_final, refused.value.after_seconds) == (is_final, after)
    assert "+84" not in str(refused.value)


async def test_the_local_gateway_speaks_the_contract_and_takes_a_key_once() -> None:
    transport = httpx.ASGITransport(app=application())
    async with httpx.AsyncClient(transport=transport) as client:
        gateway = HttpSmsGateway("http://local/", "secret", sender="TTYT", client=client)
        sms = Sms("key-0001", "+84912345678", "Chao ban")
        assert await gateway.send(sms) == await gateway.send(sms) == "local-1"
        [shown] = (await client.get("http://local/v1/messages")).json()
        assert (shown["to"], shown["text"], shown["sender"]) == ("+84912345678", "Chao ban", "TTYT")
        assert "không tin nào được gửi đi" in (await client.get("http://local/")).text
        with pytest.raises(Unsent, match="refused 422"):
            await gateway.send(Sms("key-0002", "112", "x"))
    assert "+84912345678" not in repr(sms)


async def test_without_a_gateway_it_is_said_at_once() -> None:
    with pytest.raises(Unsent) as refused:
        await NoGateway().send(Sms("key-0001", "+84912345678", "x"))
    assert refused.value.is_final


def test_a_gateway_may_ask_for_a_longer_pause() -> None:
    start = NOW + timedelta(minutes=30)
    queue = messages.QueueReminder("m", "p", "c", start)
    state = messages.decide_message(None, queue, None, NOW).state
    state = messages.decide_message(state, messages.ClaimMessage("m", "w"), None, NOW).state
    state = messages.decide_message(
        state, messages.NoteUnsent("m", 1, "429", after_seconds=200), None, NOW
    ).state
    assert state.try_at == NOW + timedelta(seconds=200)
    late = messages.decide_message(state, messages.NoteUnsent("m", 9, "late"), None, NOW).state
    assert late == state, "a report of an attempt that is not the last one changes nothing"
