"""A change of protocols through the HTTP door: seen before it is applied, by those whose area it is."""

from datetime import timedelta
from typing import Any

import pytest

from common.testing.sign_in import bearer

STATION = bearer("health_officer", ["05443"], subject="cb-05443")
DISTRICT = bearer("health_officer", ["164"], subject="cb-164")
CENTRE = bearer("ioc_operator", ["19"], subject="ioc-1")
CHANGES, CASES = "/v1/protocol-changes", "/v1/protocol-changes/cases"


def person(number: int) -> dict[str, Any]:
    return {
        "full_name": f"Trần Mẫu {'ABCD'[number - 1]}",
        "passport": f"B12345{number}",
        "birth_year": 1990,
        "sex": "male",
    }


async def order(running, number: int, **changes: Any) -> dict[str, Any]:
    body = {
        "person": person(number),
        "commune_code": "05443",
        "address": "Số 12, tổ 3",
        "category": "f1",
        "last_exposure_on": "2021-12-14",
        "vaccination_doses": 2,
        "last_dose_on": "2021-07-01",
        "confirm": True,
    }
    made = await running.client.post("/v1/cases", json=body | changes, headers=DISTRICT)
    assert made.status_code == 201, made.text
    answer: dict[str, Any] = made.json()
    return answer


async def get(running, path: str, who: dict[str, str] = DISTRICT, **query: Any) -> dict[str, Any]:
    reply = await running.client.get(path, params=query, headers=who)
    assert reply.status_code == 200, reply.text
    answer: dict[str, Any] = reply.json()
    return answer


@pytest.fixture
async def december(running, local):
    """On 15 December 2021: two F1 and an F2 in 05443, one F1 in the next commune, under 5599."""
    running.clock.set(local("2021-12-15T08:00"))
    await order(running, 1)
    await order(running, 2, vaccination_doses=0, last_dose_on=None, last_exposure_on="2021-12-05")
    await order(running, 3, category="f2")
    await order(running, 4, commune_code="05434")
    return running


async def apply(running, seen: dict[str, Any], who=DISTRICT, key: str = "", **changes: Any):
    cases = [{"person_id": i["person_id"], "ends_on": i["to_ends_on"]} | changes for i in seen["items"]]
    headers = who | ({"Idempotency-Key": key} if key else {})
    return await running.client.post(CHANGES, json={"cases": cases}, headers=headers)


async def test_the_next_change_is_counted_by_commune_before_its_day(december):
    seen = await get(december, CHANGES)

    assert (seen["day"], seen["applies_at"]) == ("2021-12-16", "2021-12-15T17:00:00Z")
    assert [d["document"] for d in seen["starting"]] == ["10696/BYT-MT"]
    assert seen["counts"] == {"moves": 2, "ends": 1, "kept": 0, "unjudged": 0, "unchanged": 1}
    assert [(c["commune_code"], c["moves"], c["ends"]) for c in seen["communes"]] == [
        ("05434", 1, 0), ("05443", 1, 1),
    ]  # fmt: skip
    assert [(d["code"], d["cases"]) for d in seen["deciding"]] == [("10696-byt-mt", 3)]
    assert seen["text"].startswith("Lúc 00:00 ngày 16/12/2021, trong 4 hồ sơ đang cách ly: 2 đổi")
    assert seen["can_apply"] is False  # not before its day


async def test_the_list_says_for_each_what_changes_and_why(december):
    listed = await get(december, CASES)
    first = listed["items"][0]
    [second] = [line for line in listed["items"] if line["full_name"] == "Trần Mẫu A"]

    assert (first["effect"], first["from_ends_on"], first["to_ends_on"]) == (
        "ends",
        "2021-12-19",
        "2021-12-16",
    )
    assert "Đã đủ ngày, kết thúc ngay ngày 16/12/2021" in first["text"]
    assert (second["effect"], second["from_ends_on"], second["to_ends_on"]) == (
        "moves",
        "2021-12-28",
        "2021-12-21",
    )
    assert second["from_tests_on"] == ["2021-12-15", "2021-12-21", "2021-12-28"]
    assert second["to_tests_on"] == ["2021-12-15", "2021-12-21"]
    assert (second["from_protocol"], second["protocol"], second["document"]) == (
        "5599-byt-mt.f1-home", "10696-byt-mt.f1-protected", "10696/BYT-MT",
    )  # fmt: skip
    assert "7 ngày kể từ lần tiếp xúc cuối" in second["text"]
    assert "theo 10696/BYT-MT (16/12/2021)" in second["text"]
    assert "rút ngắn từ 28/12/2021 thành 21/12/2021" in second["text"]


async def test_the_list_comes_in_pages_that_hold_what_was_counted(december):
    everybody, one_by_one, cursor = await get(december, CASES), [], None
    while True:
        page = await get(december, CASES, limit=1, **({"cursor": cursor} if cursor else {}))
        one_by_one += page["items"]
        cursor = page["next"]
        if cursor is None:
            break

    assert one_by_one == everybody["items"]
    assert len(one_by_one) == 3


async def test_the_centre_sees_figures_and_lines_but_no_names(december):
    assert (await get(december, CHANGES, CENTRE))["counts"]["moves"] == 2
    assert {line["full_name"] for line in (await get(december, CASES, CENTRE))["items"]} == {None}


async def test_people_see_that_a_preview_opened_their_name(december):
    [line, *_] = (await get(december, CASES))["items"]
    me = bearer("citizen", [], person_id=line["person_id"])
    readings = (await get(december, "/v1/me/readings", me))["items"]

    assert "Xem trước thay đổi quy định" in {reading["purpose"] for reading in readings}


async def test_a_candidate_that_is_not_adopted_is_tried_and_changes_nothing(december):
    before = repr(december.cases.aggregates)
    seen = await get(december, CHANGES, protocol="1909-byt-dp", day="2021-12-15")
    lines = (await get(december, CASES, protocol="1909-byt-dp", day="2021-12-15"))["items"]

    assert (seen["protocol"], seen["counts"]["ends"], seen["can_apply"]) == ("1909-byt-dp", 3, False)
    assert all("không phải cách ly, theo 1909/BYT-DP" in line["text"] for line in lines)
    assert (await get(december, CHANGES, protocol="1909-byt-dp"))["day"] == "2022-04-15"
    assert repr(december.cases.aggregates) == before


async def test_without_any_change_ahead_tomorrow_is_shown_as_it_is(running, local):
    running.clock.set(local("2022-03-01T08:00"))
    seen = await get(running, CHANGES)

    assert (seen["day"], seen["starting"], seen["ceasing"]) == ("2022-03-02", [], [])
    assert "không hồ sơ nào" in seen["text"]


async def test_applying_does_what_was_seen_the_day_before_and_tells_it_once(december, local):
    seen = await get(december, CASES, commune_code="05443")
    december.clock.set(local("2021-12-16T00:00"))
    assert (await get(december, CHANGES, day="2021-12-16"))["can_apply"] is True
    answers = [await apply(december, seen, STATION, key="apply-10696") for _ in range(2)]

    assert answers[0].status_code == 200, answers[0].text
    assert answers[0].json() == answers[1].json()
    assert [(i["effect"], i["ends_on"]) for i in answers[0].json()["items"]] == [
        (i["effect"], i["to_ends_on"]) for i in seen["items"]
    ]
    await december.relay()
    told = [fact["type"] for fact in await december.facts("quarantine.cases.v1")]
    assert told.count("quarantine.quarantine-extended.v1") == 2
    assert told.count("quarantine.quarantine-ended.v1") == 1
    left = await get(december, CHANGES, day="2021-12-16")
    assert (left["counts"]["moves"], left["counts"]["ends"]) == (1, 0)  # the next commune's


async def test_the_file_then_shows_the_new_document_as_its_reason(december, local):
    december.clock.set(local("2021-12-16T08:00"))
    seen = await get(december, CASES, day="2021-12-16")
    await apply(december, seen)
    file = await get(december, f"/v1/cases/{seen['items'][-1]['person_id']}")

    assert file["ends_on"] == "2021-12-21"
    assert "10696/BYT-MT (16/12/2021)" in file["reason"]["text"]
    assert [test["on"] for test in file["tests"]] == ["2021-12-15", "2021-12-21"]


async def test_what_moved_meanwhile_is_refused_alone_and_the_others_are_applied(december, local):
    december.clock.set(local("2021-12-16T08:00"))
    seen = await get(december, CASES, day="2021-12-16")
    seen["items"][1]["to_ends_on"] = "2021-12-20"
    done = (await apply(december, seen)).json()["items"]

    assert [item["effect"] for item in done] == ["ends", None, "moves"]
    assert "21/12/2021" in done[1]["refused"]


async def test_nothing_is_applied_before_its_day(december):
    seen = await get(december, CASES)
    before = repr(december.cases.facts())
    done = (await apply(december, seen)).json()["items"]

    assert {item["effect"] for item in done} == {"unchanged"}
    assert repr(december.cases.facts()) == before


async def test_one_file_of_another_area_stops_the_whole_list(december, local):
    december.clock.set(local("2021-12-16T08:00"))
    seen = await get(december, CASES, day="2021-12-16")
    before = repr(december.cases.facts())
    refused = await apply(december, seen, STATION)

    assert (refused.status_code, refused.json()["type"]) == (404, "urn:la-chan:problem:case-not-found")
    assert refused.json()["detail"].startswith("1 hồ sơ không có trong địa bàn")
    assert repr(december.cases.facts()) == before


@pytest.mark.parametrize("path", [CHANGES, CASES])
@pytest.mark.parametrize(
    ("query", "status", "slug", "word"),
    [
        ({"protocol": "9999-byt"}, 422, "unknown-protocol", "danh mục"),
        ({"protocol": "5599-byt-mt"}, 422, "protocol-in-force", "đang áp dụng"),
        ({"day": "2021-12-14"}, 422, "date-impossible", "từ hôm nay"),
        ({"day": "2029-01-01"}, 422, "date-impossible", "một năm"),
        ({"day": "ngày mai"}, 422, "invalid-input", "day"),
        ({"commune_code": "99999"}, 422, "unknown-commune", "danh mục"),
        ({"commune_code": "05509"}, 403, "outside-your-area", "địa bàn"),
    ],
)
async def test_a_wrong_question_is_refused_in_vietnamese(december, path, query, status, slug, word):
    reply = await december.client.get(path, params=query, headers=DISTRICT)

    assert (reply.status_code, reply.json()["type"]) == (status, f"urn:la-chan:problem:{slug}"), reply.text
    assert word in reply.text


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"cases": []},
        {"cases": [{"person_id": "p", "ends_on": "mai"}]},
        {"cases": [{"person_id": "p", "ends_on": "2021-12-16", "force": True}]},
        {"cases": [{"person_id": "p", "ends_on": "2021-12-16"}] * 201},
    ],
)
async def test_a_wrong_list_is_refused_and_changes_nothing(december, body):
    before = repr(december.cases.facts())
    reply = await december.client.post(CHANGES, json=body, headers=DISTRICT)

    assert reply.status_code == 422
    assert repr(december.cases.facts()) == before


async def test_a_cursor_of_elsewhere_is_refused(december):
    reply = await december.client.get(CASES, params={"cursor": "abc"}, headers=DISTRICT)

    assert (reply.status_code, reply.json()["type"]) == (422, "urn:la-chan:problem:bad-cursor")


async def test_a_stay_that_an_officer_moved_is_listed_as_kept(december):
    [line, *_] = (await get(december, CASES))["items"]
    longer = {"ends_on": "2021-12-30", "reason_code": "still_positive", "reason": "Còn dương tính"}
    moved = await december.client.post(
        f"/v1/cases/{line['person_id']}/extensions", json=longer, headers=DISTRICT
    )
    assert moved.status_code == 200, moved.text
    kept = next(i for i in (await get(december, CASES))["items"] if i["person_id"] == line["person_id"])

    assert (kept["effect"], kept["to_ends_on"]) == ("kept", "2021-12-30")
    assert "lý do riêng" in kept["text"]


async def test_a_stay_over_midnight_goes_on_owing_its_declarations(december, local):
    december.clock.set(local("2021-12-16T08:00"))
    await apply(december, await get(december, CASES, day="2021-12-16"))
    december.clock.move(timedelta(days=10))
    await december.fire()
    await december.relay()
    missed = [f for f in await december.facts("quarantine.reports.v1") if f["type"].endswith("missed.v1")]
    file = next(iter((await get(december, "/v1/people", q="tran mau a"))["items"]))

    days = sorted(f["due_at"][:10] for f in missed if f["person_id"] == file["person_id"])
    assert (days[0], days[-1]) == ("2021-12-15", "2021-12-21")
