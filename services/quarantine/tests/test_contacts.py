"""Contacts of an F0: who is to be reached, what became of them, and the F2 who is an F1 by now."""

from datetime import timedelta
from typing import Any

import pytest

from common.testing.sign_in import bearer
from quarantine.domain.commands import NoteDeclaredF0
from services.quarantine.tests.test_merging import RIGHT, WRONG, Story

OFFICER = bearer("health_officer", ["05443"], subject="cb-05443")
ELSEWHERE = bearer("health_officer", ["05509"], subject="cb-05509")
MEETING = {"met_on": "2021-07-31", "closeness": "unmasked_near", "setting": "work", "minutes": 30}


@pytest.fixture
async def story(running) -> Story:
    return Story(running)


async def meet(story: Story, index: str, name: str, headers=OFFICER, **more: Any) -> Any:
    body = {"full_name": name, "phone": "0912000111", "commune_code": "05443", **MEETING, **more}
    return await story.client.post(f"/v1/cases/{index}/contacts", json=body, headers=headers)


async def positive(story: Story, person: str) -> None:
    body = {"tested_on": "2021-08-02", "kind": "pcr"}
    reply = await story.client.post(f"/v1/cases/{person}/positive-test", json=body, headers=OFFICER)
    assert reply.status_code == 200, reply.text


async def test_a_contact_goes_from_to_be_reached_to_an_order_with_the_chain_telling(story):
    index = await story.order(RIGHT)
    await positive(story, index)
    made = await meet(story, index, "Trần Văn Gặp")
    assert made.status_code == 201, made.text
    [one] = made.json()["contacts"]
    assert (one["reached"], one["degree"], one["proposal"]) == ("to_reach", 1, "order")

    who = {"full_name": "Trần Văn Gặp", "passport": "B1234567", "birth_year": 1990, "sex": "male"}
    person = await story.order(who, index_person_id=index, last_exposure_on="2021-07-31")
    linked = await story.client.post(
        f"/v1/contacts/{one['contact_id']}/file", json={"person_id": person}, headers=OFFICER
    )
    assert linked.status_code == 200, linked.text
    [one] = (await story.get(f"/v1/cases/{index}/chain"))["contacts"]
    assert (one["reached"], one["person_id"], one["proposal"]) == ("ordered", person, None)


async def test_recording_the_same_contact_again_keeps_one_with_the_later_meeting(story):
    index = await story.order(RIGHT)
    await meet(story, index, "Trần Văn Gặp")
    made = await meet(story, index, "trần văn gặp", met_on="2021-08-01")
    again = await meet(story, index, "Trần Văn Gặp", met_on="2021-07-30")

    assert [one["met_on"] for one in made.json()["contacts"]] == ["2021-08-01"]
    assert again.json() == made.json()


async def test_when_an_f1_becomes_an_f0_their_f2_is_proposed_as_f1_and_raised_by_an_officer_only(story):
    f0, f1 = await story.order(RIGHT), await story.order(WRONG)
    await positive(story, f0)
    await meet(story, f0, "Nguyễn Thị Mậu", cccd=WRONG["cccd"])
    third = {"full_name": "Lê Văn Ba", "cccd": "019090000333", "birth_year": 1990, "sex": "male"}
    f2 = await story.order(third, category="f2")
    await meet(story, f1, "Lê Văn Ba", cccd="019090000333")
    chain = await story.get(f"/v1/cases/{f0}/chain")
    assert [(one["degree"], [b["degree"] for b in one["below"]]) for one in chain["contacts"]] == [(1, [2])]
    assert (await story.get("/v1/contact-proposals"))["items"] == []

    await positive(story, f1)
    [below] = (await story.get(f"/v1/cases/{f0}/chain"))["contacts"][0]["below"]
    assert (below["degree"], below["proposal"]) == (1, "raise_to_f1")
    assert (await story.get(f"/v1/cases/{f2}"))["category"] == "f2"
    [asked] = (await story.get("/v1/contact-proposals"))["items"]
    assert (asked["index_name"], asked["index_became_f0_on"]) == ("Nguyễn Thị Mậu", "2021-08-02")

    before = await story.get(f"/v1/cases/{f2}")
    address = f"/v1/contacts/{below['contact_id']}/raise"
    raised = (await story.client.post(address, headers=OFFICER)).json()
    assert (raised["category"], raised["reason"]["protocol"]) == ("f1", "5599-byt-mt.f1-home")
    assert raised["ends_on"] >= before["ends_on"]
    assert "F2 thành F1" in raised["note"]
    assert (await story.in_quarantine())[f2] == 1
    assert (await story.get("/v1/contact-proposals"))["items"] == []
    assert (await story.client.post(address, headers=OFFICER)).status_code == 404


async def test_people_of_another_commune_have_no_name_here_and_a_name_there(story):
    index = await story.order(RIGHT)
    await meet(story, index, "Người Ở Xa", commune_code="05509")
    [one] = (await story.get(f"/v1/cases/{index}/chain"))["contacts"]
    assert one["is_elsewhere"]
    assert (one["full_name"], one["phone"], one["proposal"]) == (None, None, None)

    there = await story.get(f"/v1/cases/{index}/chain", ELSEWHERE)
    assert (there["full_name"], there["is_elsewhere"]) == (None, True)
    assert there["contacts"][0]["full_name"] == "Người Ở Xa"
    stranger = bearer("health_officer", ["05434"], subject="cb-05434")
    refused = await story.client.get(f"/v1/cases/{index}/chain", headers=stranger)
    assert refused.status_code == 404
    assert (await meet(story, index, "Ai Đó", ELSEWHERE)).status_code == 404


async def test_an_f0_who_never_was_in_quarantine_has_contacts_too(story):
    work, clock = story.running.service.parts["work"], story.running.clock
    from common.kernel.areas import Area
    from common.work.model import Cause

    await work.run(
        NoteDeclaredF0("pknown-elsewhere", 1, clock.now(), Area("05443", "164")), Cause("declared")
    )
    made = await meet(story, "pknown-elsewhere", "Trần Văn Gặp")

    assert made.status_code == 201, made.text
    assert made.json()["is_f0"]
    assert made.json()["contacts"][0]["degree"] == 1


async def test_contacts_of_a_merged_file_are_read_with_the_kept_one(story):
    right, wrong = await story.order(RIGHT), await story.order(WRONG)
    await meet(story, wrong, "Trần Văn Gặp")
    await story.merge(right, wrong)

    for person in (right, wrong):
        chain = await story.get(f"/v1/cases/{person}/chain")
        assert (chain["person_id"], len(chain["contacts"])) == (right, 1)


async def test_impossible_meetings_are_refused_in_words(story):
    index = await story.order(RIGHT)
    future = await meet(story, index, "Trần Văn Gặp", met_on="2021-08-03")
    herself = await meet(story, index, "Nguyễn Thị Mẫu", cccd=RIGHT["cccd"])

    assert {future.status_code, herself.status_code} == {422}
    assert "30 ngày" in future.json()["detail"]


async def test_nothing_of_a_contact_is_kept_in_clear_and_circles_end(story):
    a, b = await story.order(RIGHT), await story.order(WRONG)
    await meet(story, a, "Nguyễn Thị Mậu", cccd=WRONG["cccd"])
    await meet(story, b, "Nguyễn Thị Mẫu", cccd=RIGHT["cccd"])

    chain = await story.get(f"/v1/cases/{a}/chain?depth=3")
    assert [one["below"] for one in chain["contacts"]] == [[]]
    kept = repr(story.running.stores.files.contacts.aggregates)
    assert "Nguyễn" not in kept
    assert "912000111" not in kept


async def test_a_household_is_ordered_in_one_form_and_seen_as_one(story):
    shared = {
        "person": RIGHT,
        "commune_code": "05443",
        "address": "Số 12, tổ 3",
        "category": "f1",
        "last_exposure_on": "2021-08-01",
    }
    son = {"full_name": "Lê Văn Con", "birth_year": 2012, "sex": "male", "phone": "0912345678"}
    ill = {"full_name": "Trần Thị Bà", "cccd": "019150000001", "birth_year": 1950, "sex": "female"}
    taken = await story.order(ill)
    body = {"shared": shared, "members": [{"person": son}, {"person": ill}]}
    headers = OFFICER | {"Idempotency-Key": "the-household"}

    told = await story.client.post("/v1/household-orders", json=body, headers=headers)
    assert told.status_code == 201, told.text
    items = told.json()["items"]
    assert [item["is_ordered"] for item in items] == [True, True, True]
    assert items[2]["problem"].endswith("already-in-quarantine")
    again = await story.client.post("/v1/household-orders", json=body, headers=headers)
    assert [item["is_ordered"] for item in again.json()["items"]] == [True, True, True]
    assert await story.open_files() == 3

    homes = await story.get("/v1/households")
    assert (len(homes["items"]), homes["people"]) == (2, 3)
    [family] = [home for home in homes["items"] if home["people"] == 2]
    assert (family["address"], family["owed"]) == ("Số 12, tổ 3", 2)
    assert {m["person"]["full_name"] for m in family["members"]} == {"Nguyễn Thị Mẫu", "Lê Văn Con"}
    assert taken not in {m["person_id"] for m in family["members"]}
    assert (await story.get("/v1/households", ELSEWHERE))["items"] == []


async def test_households_that_owe_most_come_first(story):
    owing = await story.order(RIGHT, household_id="home-a")
    done = await story.order(WRONG, household_id="home-b")
    story.running.clock.move(timedelta(hours=1))
    report = {"reported_at": "2021-08-02T01:30:00Z", "declared_by": "officer", "symptoms": []}
    await story.client.post(f"/v1/cases/{done}/reports", json=report, headers=OFFICER)
    await story.running.relay()
    await story.running.consume()

    homes = (await story.get("/v1/households"))["items"]
    assert [(h["members"][0]["person_id"], h["owed"]) for h in homes] == [(owing, 1), (done, 0)]
