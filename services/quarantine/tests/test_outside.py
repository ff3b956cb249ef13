"""An app brings what its users declared: each row is answered alone, and sending it again changes nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from common.kernel.areas import Area
from common.testing.sign_in import bearer
from quarantine.domain.model import DeclaredBy
from quarantine.domain.reports import Report, fact_of
from quarantine.translate import to_event
from services.quarantine.tests.test_enrolment import ordered, somebody
from services.quarantine.tests.test_routes import PERSON

APP = bearer("partner", ["164"], subject="app-so-suc-khoe")
BLUEZONE = bearer("partner", ["19"], subject="app-bluezone")
ELSEWHERE = bearer("partner", ["165"], subject="app-so-suc-khoe")
PATH = "/v1/intake/declarations"


def row(running, number: int = 1, **changes):
    at = (running.clock.now() - timedelta(minutes=5)).isoformat()
    return {
        "external_id": f"so-{number}",
        "cccd": PERSON["cccd"],
        "reported_at": at,
        "symptoms": [],
        **changes,
    }


async def send(running, *rows, headers=APP):
    reply = await running.client.post(PATH, json={"declarations": list(rows)}, headers=headers)
    assert reply.status_code == 200, reply.text
    return reply.json()


@pytest.fixture
async def person_id(running):
    return await ordered(running)


async def test_rows_are_accepted_known_or_refused_each_alone(running, person_id):
    good = row(running, temperature_celsius=36.7)
    answer = await send(
        running,
        good,
        row(running, 2, cccd="019184099999"),
        row(running, 3, reported_at="yesterday"),
        row(running, 4, cccd=None),
        row(running, 5, temperature_celsius=98.0),
        good,
    )

    assert (answer["accepted"], answer["known"], answer["refused"]) == (1, 1, 4)
    codes = [item["code"] for item in answer["items"]]
    assert codes == [
        None, "person-unknown", "row-invalid", "person-missing", "impossible-measurement", None,
    ]  # fmt: skip
    assert [item["external_id"] for item in answer["items"]][:2] == ["so-1", "so-2"]
    assert all(item["detail"] for item in answer["items"] if item["outcome"] == "refused")
    again = await send(running, good)
    assert again["items"][0]["outcome"] == "known"
    assert again["items"][0]["receipt"] == answer["items"][0]["receipt"]
    [kept] = running.reports.rows.values()
    assert (kept.person_id, kept.channel, kept.declared_by, kept.entered_by) == (
        person_id, "app:so-suc-khoe", "self", "app-so-suc-khoe",
    )  # fmt: skip
    me = bearer("citizen", [], person_id=person_id)
    readings = (await running.client.get("/v1/me/readings", headers=me)).json()["items"]
    assert any("Sổ sức khỏe" in one["purpose"] for one in readings)


async def test_a_telephone_of_a_household_needs_the_name(running, person_id):
    other = await ordered(running, person=somebody(2), confirm=True)

    answer = await send(
        running,
        row(running, 1, cccd=None, phone="+84 912 345 678"),
        row(running, 2, cccd=None, phone="0912345678", full_name="mau thi tu"),
    )

    assert answer["items"][0]["code"] == "person-ambiguous"
    assert answer["items"][1]["outcome"] == "accepted"
    [kept] = running.reports.rows.values()
    assert kept.person_id == other


async def test_a_partner_brings_only_what_was_agreed_and_only_from_its_areas(running, person_id):
    measured = await send(running, row(running, temperature_celsius=36.7), headers=BLUEZONE)
    outside = await send(running, row(running), headers=ELSEWHERE)
    unknown = await running.client.post(
        PATH, json={"declarations": [row(running)]}, headers=bearer("partner", ["19"], subject="app-x")
    )

    assert measured["items"][0]["code"] == "field-not-agreed"
    assert outside["items"][0]["code"] == "person-unknown"
    assert (unknown.status_code, unknown.json()["type"]) == (403, "urn:la-chan:problem:partner-unknown")
    assert (await send(running, row(running, symptoms=["cough"]), headers=BLUEZONE))["accepted"] == 1


async def test_more_than_five_hundred_rows_are_refused_whole(running, person_id):
    rows = [row(running, number) for number in range(501)]
    reply = await running.client.post(PATH, json={"declarations": rows}, headers=APP)
    assert reply.status_code == 422
    assert not running.reports.rows


async def test_a_partner_reads_nothing(running, person_id):
    for path in ("/v1/cases", f"/v1/cases/{person_id}", "/v1/people?q=mau", "/v1/me"):
        assert (await running.client.get(path, headers=APP)).status_code in (403, 404)


async def test_what_an_app_brought_long_ago_without_a_channel_still_loads():
    from quarantine.store import report_from_document

    row = {
        "report_id": "r", "receipt": "CL", "person_id": "p", "declared_by": "self", "entered_by": "x",
        "area": {"commune_code": "05443", "district_code": "164", "province_code": "19"},
        "reported_at": "2021-08-02T01:00:00Z", "received_at": "2021-08-02T01:00:00Z", "is_late": False,
        "due_at": None, "temperature_celsius": None, "spo2_percent": None, "symptoms": [],
    }  # fmt: skip
    assert report_from_document(row).channel == ""


@pytest.mark.parametrize(
    ("entered_by", "channel", "told"),
    [
        ("app-bluezone", "app:bluezone", "app:bluezone"),
        ("device:abc", "", "app:la-chan"),
        ("phone-1", "sms", "sms"),
        ("cb-1", "", None),
    ],
)
def test_the_fact_says_which_app_it_came_through_and_nothing_of_the_phone(entered_by, channel, told):
    area, at = Area("05443", "164"), datetime(2021, 8, 2, 1, tzinfo=UTC)
    report = Report(
        "r-1", "CL", "p-1", area, DeclaredBy.SELF, entered_by, at, at, False, None, None, None, (), channel
    )
    event = to_event(fact_of(report))
    assert event.channel == told
    assert "abc" not in event.model_dump_json()
