"""People are called over their own channels in their own order: nothing is lost, nothing doubled unseen."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from alerting.channels.notices import NoticeCourier
from alerting.domain.channels import DEAD_AFTER
from alerting.domain.commands import Acknowledge, Escalate
from alerting.domain.model import Kind
from alerting.domain.notices import NoteReceipt, NoticeState
from alerting.domain.recipients import LAPSES_AFTER, Quiet
from alerting.ports import Undelivered
from common.clocks import FrozenClock
from common.kernel.areas import Actor
from common.work.model import Cause
from services.alerting.tests.calls import NIGHT, Killed, Town, town
from services.alerting.tests.stories import DOCTOR, NOON, PROVINCE, STATION, lowered, minutes, missed, risk

SOON = timedelta(seconds=61)


@pytest.fixture
def here() -> Town:
    return town(FrozenClock(NOON), "push", "sms", "email", "chat")


async def alarmed(here: Town, *names: str, who: Actor = DOCTOR, **more: object) -> None:
    await here.register(who, *names, **more)  # type: ignore[arg-type]
    await here.hear(risk("very_high", 1))


def outcomes(here: Town) -> list[tuple[str, str]]:
    return [(one.channel, one.outcome) for one in here.notice.tries]


async def test_the_first_channel_is_enough(here: Town) -> None:
    await alarmed(here, "sms", "chat")
    await here.rounds()
    await here.rounds()
    [message] = here.channels["sms"].sent
    assert message.to["phone"] == "doctor-1@sms"
    assert here.channels["chat"].sent == []
    assert here.notice.state is NoticeState.SENT


async def test_words_for_a_locked_screen_name_neither_person_nor_illness(here: Town) -> None:
    await alarmed(here, "sms")
    await here.rounds()
    [message] = here.channels["sms"].sent
    assert "KHẨN CẤP" in message.brief
    for word in ("F0", "person-", "nguy cơ", "bệnh", "Covid"):
        assert word not in message.brief


async def test_a_channel_that_refuses_for_good_gives_the_turn_to_the_next_at_once(here: Town) -> None:
    await alarmed(here, "sms", "chat")
    here.channels["sms"].faults = [Undelivered("refused 422", is_final=True, is_gone=True)]
    await here.rounds()
    await here.rounds()
    assert len(here.channels["chat"].sent) == 1
    assert outcomes(here) == [("sms", "refused 422"), ("chat", "sent")]


async def test_trouble_is_tried_again_and_then_the_next_channel_has_its_turn(here: Town) -> None:
    await alarmed(here, "sms", "chat")
    here.channels["sms"].faults = [Undelivered("refused 503"), Undelivered("ReadTimeout")]
    await here.rounds()
    assert here.channels["chat"].sent == []
    here.clock.move(timedelta(seconds=6))
    await here.rounds()
    await here.rounds()
    assert outcomes(here) == [("sms", "refused 503"), ("sms", "ReadTimeout"), ("chat", "sent")]


async def test_the_last_channel_is_tried_for_half_an_hour_and_then_seen_as_failed(here: Town) -> None:
    await alarmed(here, "sms")
    here.channels["sms"].is_dead = True
    for _ in range(12):
        await here.rounds()
        here.clock.move(minutes(20))
    assert here.notice.state is NoticeState.FAILED
    assert len(outcomes(here)) == 6


async def test_a_pause_that_the_channel_asks_for_is_kept(here: Town) -> None:
    await alarmed(here, "sms")
    here.channels["sms"].faults = [Undelivered("refused 429", after=timedelta(seconds=300))]
    await here.rounds()
    here.clock.move(timedelta(seconds=299))
    await here.rounds()
    assert here.channels["sms"].sent == []
    here.clock.move(timedelta(seconds=2))
    await here.rounds()
    assert len(here.channels["sms"].sent) == 1


async def test_a_crash_between_sending_and_reporting_sends_it_again_under_the_same_key(here: Town) -> None:
    await alarmed(here, "sms")
    here.channels["sms"].dies = True
    with pytest.raises(Killed):
        await here.rounds()
    assert await here.post.round() == 0
    here.clock.move(SOON)
    assert await here.post.round() == 1
    first, again = here.channels["sms"].sent
    assert first.key == again.key
    assert here.notice.state is NoticeState.SENT


async def test_a_crash_before_sending_loses_nothing(here: Town) -> None:
    await alarmed(here, "sms")
    here.channels["sms"].faults = [Killed()]
    with pytest.raises(Killed):
        await here.rounds()
    here.clock.move(SOON)
    await here.post.round()
    assert len(here.channels["sms"].sent) == 1


async def test_a_crash_while_people_are_called_calls_each_once(here: Town) -> None:
    """The call of the rung is repeated after its lease: the notices are there already."""
    await here.register(DOCTOR, "sms")
    await here.register(replace(DOCTOR, subject="doctor-2"), "sms")
    await here.hear(risk("very_high", 1))
    run_batch, here.courier._work.run_batch = here.courier._work.run_batch, None  # type: ignore[attr-defined]
    claims = 0

    async def dying(errands: list[object]) -> object:
        nonlocal claims
        claims += 1
        if claims == 2:
            raise Killed
        return await run_batch(errands)

    here.courier._work.run_batch = dying  # type: ignore[attr-defined,method-assign]
    with pytest.raises(Killed):
        await here.courier.round()
    here.courier._work.run_batch = run_batch  # type: ignore[attr-defined,method-assign]
    assert len(here.notices) == 2
    here.clock.move(SOON)
    await here.rounds()
    assert len(here.notices) == 2
    assert sorted(one.to["phone"] for one in here.channels["sms"].sent) == ["doctor-1@sms", "doctor-2@sms"]


async def test_whoever_takes_it_spares_the_others(here: Town) -> None:
    await alarmed(here, "sms")
    await here.courier.round()
    condition = here.condition_of(Kind.RISK_RISING)
    assert condition is not None
    assert condition.alert is not None
    await here.hear(Acknowledge(condition.key, condition.alert.alert_id, STATION))
    await here.post.round()
    assert here.channels["sms"].sent == []
    assert here.notice.state is NoticeState.DROPPED


async def test_what_healed_calls_nobody(here: Town) -> None:
    await alarmed(here, "sms")
    await here.courier.round()
    await here.hear(lowered("low", 2))
    await here.post.round()
    assert here.notice.state is NoticeState.DROPPED


async def test_only_who_holds_the_rung_is_called_and_the_own_doctor_alone(here: Town) -> None:
    for who in (DOCTOR, replace(DOCTOR, subject="doctor-2"), STATION, PROVINCE):
        await here.register(who, "sms")
    await here.register(replace(DOCTOR, subject="far", area_codes=frozenset({"165"})), "sms")
    await here.hear(risk("very_high", 1, carer_id="doctor-2"))
    await here.rounds()
    assert [notice.subject for notice in here.notices] == ["doctor-2"]
    condition = here.condition_of(Kind.RISK_RISING)
    assert condition is not None
    assert condition.alert is not None
    await here.hear(Escalate(condition.key, condition.alert.alert_id, DOCTOR))
    await here.rounds()
    assert [notice.subject for notice in here.notices] == ["doctor-2", "station-1"]


async def test_who_has_stayed_away_for_two_months_is_called_no_more(here: Town) -> None:
    await here.register(DOCTOR, "sms")
    here.clock.move(LAPSES_AFTER)
    await here.hear(risk("very_high", 1))
    await here.rounds()
    assert here.notices == []


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2021-11-23T16:00+00:00", "2021-11-23T22:00+00:00"),
        ("2021-11-23T21:59+00:00", "2021-11-23T22:00+00:00"),
        ("2021-11-23T22:00+00:00", "2021-11-23T22:00+00:00"),
        ("2021-11-23T14:59+00:00", "2021-11-23T14:59+00:00"),
    ],
)
def test_quiet_hours_end_in_the_morning_of_vietnam(at: str, until: str) -> None:
    assert NIGHT.over(datetime.fromisoformat(at)) == datetime.fromisoformat(until)


def test_quiet_hours_within_a_day() -> None:
    noon = Quiet(NIGHT.end.replace(hour=11), NIGHT.end.replace(hour=13))
    assert noon.over(NOON) == NOON + timedelta(hours=1)
    assert noon.over(NOON + timedelta(hours=1)) == NOON + timedelta(hours=1)


async def test_quiet_hours_hold_back_what_can_wait_and_nothing_else() -> None:
    night = FrozenClock(NOON + timedelta(hours=12))
    here = town(night, "sms")
    await here.register(STATION, "sms", quiet=NIGHT)
    await here.register(DOCTOR, "sms", quiet=NIGHT)
    await here.hear(missed(2, 1, at=night.now(), level="medium"))
    await here.hear(risk("very_high", 1, at=night.now()))
    await here.rounds()
    assert [one.to["phone"] for one in here.channels["sms"].sent] == ["doctor-1@sms"]
    night.move(timedelta(hours=5))
    await here.post.round()
    assert [one.to["phone"] for one in here.channels["sms"].sent] == ["doctor-1@sms", "station-1@sms"]


async def receipt(here: Town, *, is_delivered: bool, name: str = "r1") -> None:
    note = NoteReceipt(here.notice.notice_id, "sms", is_delivered, "" if is_delivered else "absent")
    await here.service.runtime.works[2].run(note, Cause(name))


async def test_a_receipt_shows_that_it_arrived_and_calls_nobody_else(here: Town) -> None:
    here.channels["sms"].receipt_within = minutes(3)
    await alarmed(here, "sms", "chat")
    await here.rounds()
    await receipt(here, is_delivered=True)
    await receipt(here, is_delivered=True, name="r2")
    here.clock.move(minutes(4))
    await here.rounds()
    assert here.notice.state is NoticeState.DELIVERED
    assert outcomes(here) == [("sms", "sent"), ("sms", "delivered")]
    assert here.channels["chat"].sent == []


async def test_a_receipt_that_says_undelivered_calls_over_the_next_channel(here: Town) -> None:
    here.channels["sms"].receipt_within = minutes(3)
    await alarmed(here, "sms", "chat")
    await here.rounds()
    await receipt(here, is_delivered=False)
    await receipt(here, is_delivered=False, name="r2")
    await here.rounds()
    assert outcomes(here) == [("sms", "sent"), ("sms", "undelivered absent"), ("chat", "sent")]


async def test_a_receipt_that_never_comes_calls_over_the_next_channel_and_a_late_one_is_noted(
    here: Town,
) -> None:
    here.channels["sms"].receipt_within = minutes(3)
    await alarmed(here, "sms", "chat")
    await here.rounds()
    here.clock.move(minutes(3))
    await here.rounds()
    assert outcomes(here) == [("sms", "sent"), ("sms", "no receipt"), ("chat", "sent")]
    await receipt(here, is_delivered=True)
    assert here.notice.state is NoticeState.DELIVERED


async def test_one_browser_is_enough_and_one_that_is_gone_is_forgotten(here: Town) -> None:
    await alarmed(here, "push", devices=2)
    here.channels["push"].faults = [Undelivered("refused 410", is_final=True, is_gone=True)]
    await here.rounds()
    assert here.notice.state is NoticeState.SENT
    person = await here.service.runtime.works[1].read("doctor-1")
    assert [device.device_id for device in person.devices] == ["device-1"]


async def test_without_a_browser_left_the_next_channel_is_used(here: Town) -> None:
    await alarmed(here, "push", "sms", devices=1)
    here.channels["push"].faults = [Undelivered("refused 404", is_final=True, is_gone=True)]
    await here.rounds()
    await here.rounds()
    assert outcomes(here) == [("push", "no browser left"), ("sms", "sent")]
    lines = {line.channel: line for line in await here.stores.lines.all()}
    assert "push" not in lines, "an address that is gone says nothing about its channel"


async def kill(here: Town, channel: str, times: int = DEAD_AFTER) -> None:
    here.channels[channel].is_dead = True
    for number in range(times):
        await here.register(replace(DOCTOR, subject=f"doctor-{number}"), channel, "chat")
    await here.hear(risk("very_high", 1))
    await here.rounds()


async def test_a_dead_channel_is_an_alert_that_heals_by_itself_and_is_told_once(here: Town) -> None:
    await kill(here, "sms")
    await here.health.tell()
    await here.health.tell()
    condition = here.condition_of(Kind.CHANNEL_DEAD)
    assert condition is not None
    assert condition.open_alert is not None
    assert (condition.evidence.reason_code, condition.episodes) == ("sms", 1)
    assert condition.open_alert.rung.role == "ioc_operator"
    seen = await here.service.parts["desk"].summary(PROVINCE)
    assert [(one.channel, one.is_dead) for one in seen.channels if one.channel == "sms"] == [("sms", True)]
    assert not any(fact.type.endswith("raised.v1") for fact in here.conditions.outbox.get(condition.key, []))
    here.channels["sms"].is_dead = False
    here.clock.move(SOON)
    await here.post.round()
    await here.hear(missed(2, 1, at=here.clock.now()))
    await here.register(STATION, "sms")
    await here.rounds()
    await here.health.tell()
    condition = here.condition_of(Kind.CHANNEL_DEAD)
    assert condition is not None
    assert condition.open_alert is None


async def test_a_dead_channel_is_passed_over_where_there_is_another(here: Town) -> None:
    await kill(here, "sms")
    here.channels["chat"].sent.clear()
    await here.register(STATION, "sms", "chat")
    await here.hear(missed(4, 1, level="medium"))
    await here.rounds()
    assert ("sms", "channel is dead") in [
        (one.channel, one.outcome) for notice in here.notices for one in notice.tries
    ]
    assert here.channels["chat"].sent


async def test_a_channel_that_nobody_tries_is_believed_again(here: Town) -> None:
    await kill(here, "sms")
    here.clock.move(minutes(16))
    await here.health.probe()
    [line] = [line for line in await here.stores.lines.all() if line.channel == "sms"]
    assert (line.is_dead, line.turns) == (False, 2)


async def test_a_notice_that_cannot_be_written_leaves_its_neighbours_alone(here: Town) -> None:
    await here.register(replace(DOCTOR, subject="doctor-2"), "sms")
    await alarmed(here, "sms")
    here.channels["sms"].faults = [ValueError("a bug")]
    await here.rounds()
    assert sorted(notice.state for notice in here.notices) == [NoticeState.SENT, NoticeState.WAITING]


async def test_two_workers_share_the_work_without_sending_twice(here: Town) -> None:
    await alarmed(here, "sms")
    await here.courier.round()
    one = here.post
    around = (one._notices, one._work, one._channels, one._around, one._health, here.clock)
    await asyncio.gather(*(NoticeCourier(*around, name=name).round() for name in "abcd"))
    assert len(here.channels["sms"].sent) == 1
