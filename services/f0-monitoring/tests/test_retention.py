"""When its time is over a record is nobody's any more: names and words go, course and figures stay."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from common.kernel.areas import Actor, Area
from common.retention import NAME_REMOVED, Purge, read_purge_rules
from common.testing.kept import EveryFile, NoRows
from common.testing.sign_in import bearer
from common.work.model import Cause
from f0_monitoring.domain.model import CareState
from f0_monitoring.domain.retention import ForgetPatient
from f0_monitoring.domain.revoking import RevokeCertificate
from f0_monitoring.parts.retention import OUTCOMES, forgetting

api = import_module("services.f0-monitoring.tests.test_api")
clinic = import_module("services.f0-monitoring.tests.test_consultation_api")
own = import_module("services.f0-monitoring.tests.test_self_declared")
reminders = import_module("services.f0-monitoring.tests.test_messages")
ROOT = Path(__file__).parents[3]
DAYS = {one.code: one.keep_days for one in read_purge_rules(ROOT, "f0-monitoring").versions[-1].classes}


@pytest.fixture
def purge(house: Any) -> Purge:
    stores = {
        **dict.fromkeys(OUTCOMES, house.patients),
        "self-declarations": house.declarations,
        "consultations": house.consulting.consultations,
        "certificates": house.stores.intake.revocations,
        "messages": house.stores.messages,
    }
    files = forgetting(house.parts, {code: EveryFile(store) for code, store in stores.items()})
    rows = {"declarations": NoRows(), "care": NoRows()}
    return Purge(house.clock, read_purge_rules(ROOT, "f0-monitoring"), {**rows, **files})


async def close(house: Any, person_id: str, outcome: str) -> None:
    body = {"outcome": outcome, "reason": "Ghi chú riêng của trạm"}
    reply = await house.client.post(f"/v1/patients/{person_id}/closing", json=body, headers=api.OFFICER)
    assert reply.status_code == 200, reply.text


async def found(house: Any, words: str) -> list[str]:
    url = f"/v1/patients?closed=true&q={words}"
    items = (await house.client.get(url, headers=api.OFFICER)).json()["items"]
    return [one["person_id"] for one in items]


async def test_a_record_loses_its_name_once_and_says_since_when(house: Any, purge: Purge) -> None:
    patient = await api.declared(house.client, conditions=["hypertension"], carers=["p-daughter"])
    person_id = patient["person_id"]
    await close(house, person_id, "wrongly_declared")
    before = (await house.client.get(f"/v1/patients/{person_id}", headers=api.OFFICER)).json()
    assert before["history"][-1]["reason"] == "Ghi chú riêng của trạm"
    assert await found(house, "Nguyễn Thị Mẫu") == [person_id]
    house.clock.forward(days=DAYS["file-mistaken"])
    assert (await purge.round())["file-mistaken"] == 0  # it is over the day after

    house.clock.forward(days=1)
    went = await purge.round()

    assert {code: count for code, count in went.items() if count} == {"file-mistaken": 1}
    after = (await house.client.get(f"/v1/patients/{person_id}", headers=api.OFFICER)).json()
    assert (after["person"]["full_name"], after["names_removed_on"]) == (NAME_REMOVED, "2023-02-11")
    assert {after["person"][part] for part in ("phone", "id_tail", "address", "birth_year")} == {None}
    for kept in ("risk_level", "conditions", "closed_on", "commune_code", "readings"):
        assert after[kept] == before[kept]
    assert after["history"][-1]["reason"] == "noted"
    for words in ("Nguyễn Thị Mẫu", "019190000001", "0912345678"):
        assert await found(house, words) == []
    state = house.patients.aggregates[person_id].state
    assert (state.sealed, state.blind, state.guardian_ids) == ("", (), ())
    assert (await purge.round())["file-mistaken"] == 0


async def test_who_comes_back_gets_a_new_record_with_a_new_name(house: Any, purge: Purge) -> None:
    person_id = (await api.declared(house.client))["person_id"]
    await close(house, person_id, "wrongly_declared")
    house.clock.forward(days=DAYS["file-mistaken"] + 1)
    await purge.round()

    again = await api.declared(house.client, tested_on="2023-02-11", address="Tổ 9")

    assert again["person_id"] == person_id
    assert (again["person"]["address"], again["names_removed_on"]) == ("Tổ 9", None)
    assert [step["to_state"] for step in again["history"]] == ["declared"]
    house.clock.forward(days=DAYS["file-died"] + 1)
    assert sum((await purge.round()).values()) == 0  # it is open
    assert (await house.client.get(f"/v1/patients/{person_id}", headers=api.OFFICER)).json()["person"][
        "full_name"
    ] == "Nguyễn Thị Mẫu"


@pytest.mark.parametrize(("code", "outcome"), OUTCOMES.items())
async def test_each_end_has_its_own_time(house: Any, purge: Purge, code: str, outcome: CareState) -> None:
    person_id = (await api.declared(house.client))["person_id"]
    stored = house.patients.aggregates[person_id]
    closed = replace(stored.state, care=outcome, closed_on=house.clock.now().date())
    house.patients.aggregates[person_id] = replace(stored, state=closed)

    house.clock.forward(days=DAYS[code])
    assert sum((await purge.round()).values()) == 0
    house.clock.forward(days=1)
    went = await purge.round()

    assert {name: count for name, count in went.items() if count} == {code: 1}


async def test_an_open_record_is_never_made_nameless(house: Any) -> None:
    person_id = (await api.declared(house.client))["person_id"]
    far = house.clock.now().date().replace(year=2090)

    for outcome in CareState:
        await house.parts["work"].run(ForgetPatient(person_id, outcome, far), Cause(f"forget-{outcome}"))

    assert house.patients.aggregates[person_id].state.sealed


async def test_the_form_of_an_answered_declaration_goes_a_waiting_one_stays(house: Any, purge: Purge) -> None:
    one = await own.sent(house, own.form())
    await own.sent(house, own.form(own.MOTHER))
    await own.answer(house, one, confirmed=False, reason="Ảnh chỉ có một vạch.")
    house.clock.forward(days=DAYS["self-declarations"], minutes=1)

    assert (await purge.round())["self-declarations"] == 1

    mine = (await house.client.get("/v1/me/self-declarations", headers=own.I)).json()["items"]
    assert {each["full_name"]: each["status"] for each in mine} == {
        NAME_REMOVED: "refused",
        own.MOTHER["full_name"]: "waiting",
    }
    assert {each["reason"] for each in mine} == {""}
    again = await own.sent(house, own.form(tested_on=house.clock.now().date().isoformat()))
    assert again["full_name"] == own.ME["full_name"]


async def test_what_was_said_in_a_consultation_goes_that_it_was_held_stays(house: Any, purge: Purge) -> None:
    made = await clinic.Clinic(house).open()
    one = f"/v1/consultations/{(await made.wish())['consultation_id']}"
    await made.ask("POST", f"{one}/appointments", clinic.DOCTOR, {"starts_at": made.at(60), "minutes": 15})
    result = {"phone_minutes": 7, "note": "Nghi bội nhiễm", "advice": "Uống đủ nước"}
    await made.ask("POST", f"{one}/result", clinic.DOCTOR, {**result, "prescription_ref": "DT-0001"})
    house.clock.forward(days=DAYS["consultations"], minutes=61)

    assert (await purge.round())["consultations"] == 1

    seen = await made.ask("GET", one, clinic.DOCTOR)
    assert (seen["state"], seen["duration_seconds"]) == ("held", 420)
    assert (seen["wish"], seen["note"], seen["advice"], seen["prescription_ref"]) == ("", "", "", "")
    assert (await purge.round())["consultations"] == 0


async def test_number_and_words_of_a_sent_message_go_also_from_the_answers_that_were_kept(
    house: Any, purge: Purge
) -> None:
    story = reminders.Story(house, await clinic.Clinic(house).open())
    await story.appointment()
    await story.remind()
    story.gateway.troubles = [reminders.Unsent("busy")]
    await story.send()  # the second claim answers with the sealed words
    house.clock.forward(seconds=90)
    await story.send()
    words = story.message.sealed
    [kept] = house.stores.messages.aggregates.values()
    assert words
    assert words in repr(kept.results)
    assert (await purge.round())["messages"] == 0
    house.clock.forward(days=DAYS["messages"], minutes=1)

    assert (await purge.round())["messages"] == 1

    [kept] = house.stores.messages.aggregates.values()
    assert words not in repr(kept)
    assert (kept.state.state, kept.state.gateway_id, kept.state.sealed) == ("sent", "gw-1", "")
    assert (await story.shown(bearer("health_officer", ("173",))))["state"] == "sent"


async def test_why_a_certificate_does_not_count_is_forgotten_that_it_does_not_is_kept(
    house: Any, purge: Purge
) -> None:
    station = Actor("tram", frozenset({"health_officer"}), frozenset({"05908"}))
    revoke = RevokeCertificate("ab", "p-1", Area("05908", "173"), house.clock.now(), "sealed words", station)
    await house.parts["revocations"].run(revoke, Cause("revoke"))
    house.clock.forward(days=DAYS["certificates"], minutes=1)

    assert (await purge.round())["certificates"] == 1

    kept = await house.stores.intake.revocations.one("ab")
    assert (kept.number, kept.reason) == ("ab", "")
