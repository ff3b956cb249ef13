"""When its time is over data goes: declarations are deleted, files lose their names, phones are forgotten."""

from datetime import timedelta

from quarantine.domain.retention import Anonymise
from services.quarantine.tests.test_enrolment import OFFICER, Handset, code_for, ordered, somebody
from services.quarantine.tests.test_routes import PERSON


async def declared(running, person_id):
    body = {"reported_at": running.clock.now().isoformat(), "temperature_celsius": 36.6, "symptoms": []}
    reply = await running.client.post(f"/v1/cases/{person_id}/reports", json=body, headers=OFFICER)
    assert reply.status_code == 201, reply.text


async def test_on_a_moved_clock_everything_goes_in_its_time(running):
    person_id = await ordered(running)
    staying = await ordered(running, person=somebody(2), confirm=True)
    await declared(running, person_id)
    phone = Handset(running.client)
    await phone.enrol((await code_for(running, person_id)).json()["code"])
    await running.client.post(f"/v1/enrolments/{phone.device_id}/revocation", headers=OFFICER)
    undone = {"outcome": "wrong_entry", "reason": "Nhầm với người khác"}
    path = f"/v1/cases/{person_id}"
    assert (await running.client.post(f"{path}/release", json=undone, headers=OFFICER)).status_code == 200
    await running.relay()
    purge = running.service.parts["purge"]

    running.clock.move(timedelta(days=29))
    assert (await purge.round()).phones == 0
    running.clock.move(timedelta(days=2))
    assert (await purge.round()).phones == 1
    running.clock.move(timedelta(days=330))
    assert (await purge.round()).declarations == 0
    running.clock.move(timedelta(days=10))
    went = await purge.round()
    assert (went.declarations, went.files) == (1, 0)  # the file counts from its last day, 15 August
    assert (await running.client.get(path, headers=OFFICER)).status_code == 200
    running.clock.move(timedelta(days=10))
    assert (await purge.round()).files == 1

    assert (await running.client.get(path, headers=OFFICER)).status_code == 404
    kept = running.cases.aggregates[person_id].state
    assert kept.person is None
    assert (kept.stay.note, kept.stay.paper, kept.stay.ordered_by) == ("", None, "")
    assert kept.stay.ends_on.isoformat() == "2021-08-15"
    assert running.cases.aggregates[staying].state.person is not None  # nobody ended it
    assert (await purge.round()).files == 0


async def test_somebody_forgotten_may_be_ordered_again(running):
    person_id = await ordered(running)
    work = running.service.parts["work"]
    body = {"outcome": "wrong_entry", "reason": "Nhầm với người khác"}
    await running.client.post(f"/v1/cases/{person_id}/release", json=body, headers=OFFICER)
    running.clock.move(timedelta(days=400))
    assert (await running.service.parts["purge"].round()).files == 1

    again = await ordered(
        running, last_exposure_on=(running.clock.now() - timedelta(days=1)).date().isoformat()
    )

    assert again == person_id
    file = (await running.client.get(f"/v1/cases/{person_id}", headers=OFFICER)).json()
    assert file["person"]["full_name"] == PERSON["full_name"]
    assert len(file["past"]) == 1
    assert work


async def test_an_open_file_is_never_made_nameless(running):
    from common.work.model import Cause

    person_id = await ordered(running)
    far = (running.clock.now() + timedelta(days=4000)).date()

    await running.service.parts["work"].run(Anonymise(person_id, far), Cause("x" * 36))

    assert running.cases.aggregates[person_id].state.person is not None
