"""Messages without accents: read purely, answered kindly, counted once; missed calls are called back."""

import base64
import hashlib
import hmac
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.clocks import FrozenClock
from common.service import Mode, Runtime
from common.testing.bus import MemoryBus
from common.testing.sign_in import bearer, client_of, sample_jwks, sample_settings
from quarantine.app import compose
from quarantine.domain import sms
from quarantine.settings import QuarantineSettings
from services.quarantine.tests.conftest import Running
from services.quarantine.tests.memory import memory_stores
from services.quarantine.tests.test_enrolment import OFFICER, ordered, somebody

SECRET = b"only for the gateway, 32 bytes!!"


@pytest.mark.parametrize(
    ("text", "temperature", "spo2", "symptoms"),
    [
        ("KB 37.2 97 HO SOT", 37.2, 97, ("cough", "fever")),
        ("kb 36,8 khoe", 36.8, None, ()),
        ("KB KHOE", None, None, ()),
        ("KB SPO2 98% nhiet do 37", 37.0, 98, ()),
        ("KB 38.5, ho, dau hong. met", 38.5, None, ("cough", "sore_throat", "fatigue")),
        ("KB KHO THO", None, None, ("dyspnoea",)),
    ],
)
def test_what_people_write_is_understood(text, temperature, spo2, symptoms):
    said = sms.read(text)

    assert said.is_declaration
    assert said.wrong == ()
    assert (said.temperature_celsius, said.spo2_percent, said.symptoms) == (temperature, spo2, symptoms)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("KB", "chua co noi dung"),
        ("KB 37 KHOE HO", "Vua ghi KHOE"),
        ("KB 37 38", "Co hai so"),
        ("KB 370", "khong phai nhiet do"),
        ("KB 37 XYZ", "Khong hieu chu XYZ"),
        ("KB TEN LAN", "Chua co so do"),
    ],
)
def test_what_is_wrong_is_told_and_not_guessed(text, why):
    assert any(why in sentence for sentence in sms.read(text).wrong)


def test_a_name_help_and_a_call_are_understood():
    said = sms.read("KB TEN THI LAN 36.8 KHOE")
    assert (said.name, said.temperature_celsius) == ("THI LAN", 36.8)
    assert sms.read("XIN CHAO").wants_help
    assert sms.read("GOI LAI").wants_call


@given(st.text(max_size=400))
def test_whatever_arrives_has_an_answer(text):
    said = sms.read(text)
    kinds = (said.is_declaration, said.wants_help, said.wants_call)
    assert sum(kinds) == 1
    assert said.temperature_celsius is None or 33 <= said.temperature_celsius <= 43
    assert said.spo2_percent is None or 50 <= said.spo2_percent <= 100
    if said.is_declaration and not said.wrong:
        assert sms.read(text) == said


@given(
    st.floats(33, 43).map(lambda value: round(value, 1)),
    st.integers(50, 100),
    st.lists(st.sampled_from(["HO", "SOT", "KHO THO", "DAU HONG", "MET"]), unique=True),
    st.randoms(use_true_random=False),
)
def test_the_order_of_words_does_not_matter(temperature, spo2, signs, chance):
    parts = [f"{temperature}", f"{spo2}", *signs]
    one = sms.read("KB " + " ".join(parts))
    chance.shuffle(parts)
    other = sms.read("KB " + " ".join(parts))
    assert (one.temperature_celsius, one.spo2_percent, set(one.symptoms)) == (
        other.temperature_celsius, other.spo2_percent, set(other.symptoms),
    )  # fmt: skip
    assert one.spo2_percent == spo2
    assert one.is_in_danger == ("KHO THO" in signs)


@pytest.fixture
async def running(local):
    clock = FrozenClock(local("2021-08-02T08:00"))
    secret = base64.b64encode(SECRET).decode()
    settings = sample_settings(QuarantineSettings, sms_secret=secret)
    runtime = Runtime(settings, clock=clock, jwks=sample_jwks(), in_memory=True)
    stores = memory_stores()
    service = compose(runtime, stores, settings)
    async with client_of(service.app(Mode.API)) as client:
        yield Running(service, stores, clock, MemoryBus(), client)


async def send(running, text="", *, number=1, age=0, key=SECRET, status=200, **changes):
    body = {
        "message_id": f"msg-{number}",
        "sender": "+84912345678",
        "text": text,
        "received_at": running.clock.now().isoformat(),
        **changes,
    }
    raw, at = json.dumps(body).encode(), int(time.time()) - age
    signature = hmac.new(key, f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
    headers = {"X-Signature": f"t={at},v1={signature}", "Content-Type": "application/json"}
    reply = await running.client.post("/v1/sms", content=raw, headers=headers)
    assert reply.status_code == status, reply.text
    return reply.json()


async def test_a_message_becomes_a_declaration_once(running):
    person_id = await ordered(running)

    first = await send(running, "KB 37.2 97 HO SỐT")
    again = await send(running, "KB 37.2 97 HO SỐT")

    assert (first["outcome"], again["receipt"]) == ("recorded", first["receipt"])
    assert first["reply"].isascii()
    assert len(first["reply"]) <= 160
    [row] = running.reports.rows.values()
    assert (row.person_id, row.channel, row.temperature_celsius, row.symptoms) == (
        person_id, "sms", 37.2, ("cough", "fever"),
    )  # fmt: skip


async def test_a_mistake_records_nothing_and_a_danger_sign_always(running):
    await ordered(running)

    mistaken = await send(running, "KB 370 HO")
    assert (mistaken["outcome"], "Vi du" in mistaken["reply"]) == ("not-understood", True)
    assert not running.reports.rows
    danger = await send(running, "KB KHO THO abcxyz", number=2)
    assert danger["reply"].startswith("NGUY HIEM: goi 115")
    assert [row.symptoms for row in running.reports.rows.values()] == [("dyspnoea",)]


async def test_a_shared_telephone_names_who_declares(running):
    await ordered(running)
    other = await ordered(running, person=somebody(2), confirm=True)

    assert "KB TEN" in (await send(running, "KB KHOE"))["reply"]
    assert (await send(running, "KB TEN TU 36.5 KHOE", number=2))["outcome"] == "recorded"
    [row] = running.reports.rows.values()
    assert (row.person_id, row.declared_by) == (other, "relative")


async def test_an_unknown_number_learns_nothing(running):
    await ordered(running)
    for number, text in enumerate(("KB 37 KHOE", "KB 370", "GOI", "abc")):
        answer = await send(running, text, number=number + 10, sender="0987654321")
        assert (answer["outcome"], "115" in answer["reply"]) == ("neutral", True)
    assert not running.reports.rows
    assert not running.stores.callbacks.aggregates


async def test_a_missed_call_is_called_back(running):
    person_id = await ordered(running)
    assert (await send(running, kind="missed_call"))["reply"] == ""
    await send(running, kind="missed_call")  # the gateway repeats itself
    await send(running, "GOI", number=2)

    [waits] = (await running.client.get("/v1/callbacks", headers=OFFICER)).json()["items"]
    assert (waits["person_id"], waits["phone"], waits["times"]) == (person_id, "+84912345678", 2)
    elsewhere = bearer("health_officer", ["165"])
    assert (await running.client.get("/v1/callbacks", headers=elsewhere)).json()["items"] == []
    path = f"/v1/callbacks/{person_id}/called"
    assert (await running.client.post(path, headers=elsewhere)).status_code == 404
    assert (await running.client.post(path, headers=OFFICER)).json()["items"] == []


async def test_only_the_gateway_is_believed_and_only_now(running):
    await ordered(running)
    await send(running, "KB KHOE", key=b"another key of thirty two bytes!", status=401)
    await send(running, "KB KHOE", age=301, status=401)
    await send(running, "KB KHOE", age=-400, status=401)
    assert (await running.client.post("/v1/sms", json={})).status_code == 401
    await send(running, "KB KHOE", message_id="a b", status=422)
    assert not running.reports.rows


async def test_a_refusal_is_told_without_accents(running):
    await ordered(running)
    answer = await send(running, "KB KHOE", received_at="2021-07-01T08:00:00+07:00")
    assert (answer["outcome"], answer["reply"].isascii()) == ("refused", True)
