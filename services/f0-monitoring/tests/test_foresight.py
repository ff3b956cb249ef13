"""A change of the rules, tried on today's patients: who would move, from where to where, and why."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.testing.sign_in import bearer
from f0_monitoring.domain.commands import AssessReport
from f0_monitoring.domain.foresight import Difference, OneRuleSet, foresee
from f0_monitoring.domain.model import DeclaredBy, Profile, Report, Vitals

FOLDER = Path(__file__).parents[3] / "rules" / "risk" / "criteria"
OFFICER = bearer("health_officer", ("173",))
CENTRE = bearer("ioc_operator", ("19",))
NAMES = ("Không", "An", "Bình", "Chi", "Dung")
DAYS = (date(2021, 9, 10), date(2022, 2, 10), date(2022, 3, 5), date(2022, 4, 1))

vitals = st.builds(
    Vitals,
    spo2_percent=st.integers(88, 99),
    spo2_repeat_percent=st.none() | st.integers(90, 99),
    breaths_per_minute=st.integers(14, 30),
    pulse_per_minute=st.integers(55, 130),
    temperature_celsius=st.sampled_from([36.6, 38.2, 39.4]),
)
people = st.builds(
    Profile,
    age_months=st.integers(1, 90 * 12),
    vaccination_doses=st.integers(0, 2),
    conditions=st.sampled_from([(), ("diabetes",)]),
)


@given(
    profile=people,
    series=st.lists(vitals, max_size=5),
    day=st.sampled_from(DAYS),
    other=st.sampled_from(DAYS),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_what_is_foreseen_is_what_those_rules_would_have_said(
    new_diary, books, at, profile, series, day, other
):
    rules = [OneRuleSet(replace(books.on(one))) for one in (day, other)]
    lives = []
    for ruleset in rules:
        diary = new_diary()
        diary.rules = ruleset
        diary.declare(at(10, 7), profile)
        kept = []
        for number, measured in enumerate(series):
            when = at(10, 8) + timedelta(hours=11 * number)
            diary.timers = tuple(t for t in diary.timers if t.name == "remeasure")
            diary.timers_until(when)
            report = Report(
                f"r-{number}", "p-1", diary.patient.area, when, when, False, DeclaredBy.SELF, "c", measured
            )
            diary.do(AssessReport(report), when)
            kept.append(report)
        lives.append((diary, kept))
    (today, kept), (then, _) = lives
    now = at(10, 8) + timedelta(hours=11 * len(series))
    for diary, _ in lives:
        diary.timers = tuple(t for t in diary.timers if t.name == "remeasure")
        diary.timers_until(now)

    move = foresee(today.patient, list(reversed(kept)), rules[0].ruleset, rules[1].ruleset, now)

    assert (move.from_level, move.to_level) == (today.level, then.level)
    assert {r.criterion for r in move.then.reasons} == then.criteria
    assert move.is_none or Difference(rules[0].ruleset, rules[1].ruleset).touches(profile)


def test_a_document_for_children_touches_no_adult(books) -> None:
    before, after = books.on(date(2022, 2, 10)), books.on(date(2022, 3, 5))

    touched = [months for months in range(80 * 12) if Difference(before, after).touches(Profile(months))]
    assert touched == list(range(16 * 12))
    assert not Difference(before, before).touches(Profile(6))


def person(number: int, **changes: Any) -> dict[str, Any]:
    who = {
        "full_name": f"Trần Mẫu {NAMES[number]}",
        "passport": f"B12345{number:02}",
        "birth_year": 1990,
        "sex": "male",
    }
    return {"person": {**who, **changes.pop("person", {})}, "commune_code": "05908", "address": "Tổ 1",
            "tested_on": "2022-02-10", "vaccination_doses": 2, **changes}  # fmt: skip


async def patient(house, number: int, headers=OFFICER, **changes: Any) -> str:
    reply = await house.client.post("/v1/patients", json=person(number, **changes), headers=headers)
    assert reply.status_code == 201, reply.text
    return reply.json()["person_id"]


async def reported(house, person_id: str, **measured: Any) -> None:
    body = {"reported_at": house.clock.now().isoformat(), "declared_by": "officer", **measured}
    reply = await house.client.post(
        f"/v1/patients/{person_id}/reports", json=body, headers=bearer("administrator")
    )
    assert reply.status_code == 201, reply.text
    await house.deliver()


async def asked(house, headers=OFFICER, **body: Any) -> dict[str, Any]:
    reply = await house.client.post("/v1/ruleset-changes", json=body, headers=headers)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def moved(house, headers=OFFICER, query: str = "", **body: Any) -> dict[str, Any]:
    reply = await house.client.post(f"/v1/ruleset-changes/patients{query}", json=body, headers=headers)
    assert reply.status_code == 200, reply.text
    return reply.json()


def candidate(base: str = "261-2022", **changes: Any) -> dict[str, Any]:
    file = yaml.safe_load((FOLDER / f"{base}.yaml").read_text("utf-8"))
    for name in ("effective_to", "replaced_by"):
        file.pop(name, None)
    return {**file, "version": "tried-1", "effective_from": "2022-02-20", **changes}


def stricter() -> str:
    """261 with the saturation at which one is "high" at once raised to 97."""
    file = candidate()
    for row in file["signs"]:
        if row["code"] == "warning-spo2":
            row.update(at_most=97, level="high")
            del row["unconfirmed_level"]
    return yaml.safe_dump(file, allow_unicode=True)


async def test_a_file_that_nobody_has_adopted_is_tried_and_nothing_is_changed(house) -> None:
    well, low = await patient(house, 1), await patient(house, 2)
    await reported(house, well, spo2_percent=98)
    await reported(house, low, spo2_percent=97)
    before = repr(house.patients.aggregates)

    seen = await asked(house, file=stricter())

    assert (seen["records"], seen["rises"], seen["falls"]) == (2, 1, 0)
    assert seen["moves"] == [{"from_level": "low", "to_level": "high", "records": 1}]
    assert (seen["day"], seen["tried"]["version"]) == ("2022-02-20", "tried-1")
    assert [d["version"] for d in seen["starting"]] == ["tried-1"]
    assert [d["version"] for d in seen["ceasing"]] == ["261-2022"]
    [commune] = seen["communes"]
    assert (commune["commune_code"], commune["rises"], commune["stays"]) == ("05908", 1, 1)
    assert "1 tăng mức" in seen["text"]
    [line] = (await moved(house, file=stricter()))["items"]
    assert (line["person_id"], line["from_level"], line["to_level"]) == (low, "low", "high")
    assert line["full_name"] == "Trần Mẫu Bình"
    [cause] = line["causes"]
    assert (cause["criterion"], cause["threshold"], cause["value"]) == ("warning-spo2", "≤ 97", 97)
    assert repr(house.patients.aggregates) == before
    assert (await house.client.get("/v1/rulesets", headers=OFFICER)).text.count("tried-1") == 0


async def test_the_next_change_of_the_calendar_is_what_is_shown_by_itself(house) -> None:
    child = await patient(house, 1, person={"birth_year": 2012})
    await reported(house, child, spo2_percent=95, spo2_repeat_percent=95)

    seen = await asked(house)

    assert (seen["day"], seen["tried"]) == ("2022-03-03", None)
    assert [d["document"] for d in seen["starting"]] == ["528/QĐ-BYT"]
    assert seen["moves"] == [{"from_level": "medium", "to_level": "high", "records": 1}]
    [line] = (await moved(house))["items"]
    assert line["causes"][0]["document"] == "528/QĐ-BYT"


async def test_an_old_version_can_be_tried_and_says_who_would_fall(house) -> None:
    someone = await patient(house, 1)
    await reported(house, someone, spo2_percent=98, breaths_per_minute=20)
    house.clock.forward(minutes=2)
    await reported(house, someone, spo2_percent=98, breaths_per_minute=20)

    seen = await asked(house, version="4038-2021")

    assert (seen["falls"], seen["moves"][0]["from_level"], seen["moves"][0]["to_level"]) == (
        1,
        "medium",
        "low",
    )
    [line] = (await moved(house, version="4038-2021"))["items"]
    assert line["causes"][0]["criterion"] == "warning-breaths", "what counts today and would not then"


async def test_a_document_that_replaces_two_takes_the_place_of_both(house) -> None:
    house.clock.at = house.clock.at.replace(month=3, day=5)
    seen = await asked(house, version="604-2022")

    assert {d["version"] for d in seen["ceasing"]} == {"261-2022", "528-2022"}


async def test_the_operations_centre_sees_numbers_and_no_names_and_each_sees_own_areas(house) -> None:
    for number, (commune, headers) in enumerate(
        (("05908", OFFICER), ("05431", bearer("health_officer", ("164",))))
    ):
        found = await patient(house, number, headers=headers, commune_code=commune)
        await reported(house, found, spo2_percent=97)

    assert (await asked(house, headers=CENTRE, file=stricter()))["rises"] == 2
    assert [line["full_name"] for line in (await moved(house, headers=CENTRE, file=stricter()))["items"]] == [
        None
    ] * 2
    assert (await asked(house, file=stricter()))["rises"] == 1
    assert (await asked(house, headers=CENTRE, file=stricter(), commune_code="05431"))["rises"] == 1
    elsewhere = await house.client.post(
        "/v1/ruleset-changes", json={"commune_code": "05431"}, headers=OFFICER
    )
    assert elsewhere.status_code == 403


async def test_everybody_who_moves_is_listed_once_page_by_page(house) -> None:
    ids = set()
    for number in range(5):
        ids.add(one := await patient(house, number))
        await reported(house, one, spo2_percent=97)
    listed, cursor = [], ""
    while cursor is not None:
        page = await moved(house, query=f"?limit=2{f'&cursor={cursor}' if cursor else ''}", file=stricter())
        listed += [line["person_id"] for line in page["items"]]
        cursor = page["next"]

    assert sorted(listed) == sorted(ids)


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"file": "version: [unclosed"}, "Hãy sửa rồi thử lại"),
        ({"file": "x: 1"}, "version: Field required"),
        ({"file": BOMB}, "references"),
        ({"file": "[" * 5000}, "Hãy sửa rồi thử lại"),
        ({"file": yaml.safe_dump(candidate(key="home_care"))}, "Mục key phải là một trong"),
        ({"file": yaml.safe_dump(candidate(title_en=""))}, "title_en"),
        ({"file": yaml.safe_dump(candidate(version="news2-2017"))}, "Hãy đặt version khác"),
        ({"version": "999-2030"}, "Hãy chọn một bộ"),
        ({"day": "2022-02-09"}, "từ hôm nay đến một năm tới"),
        ({"day": "2023-03-01"}, "từ hôm nay đến một năm tới"),
    ],
)
async def test_what_cannot_be_tried_is_refused_with_what_to_do(house, body, words) -> None:
    reply = await house.client.post("/v1/ruleset-changes", json=body, headers=OFFICER)

    assert reply.status_code == 422, reply.text
    assert words in reply.json()["detail"]


async def test_a_file_longer_than_any_rule_is_refused(house) -> None:
    reply = await house.client.post("/v1/ruleset-changes", json={"file": "x" * 64_001}, headers=OFFICER)
    assert reply.status_code in (413, 422)
