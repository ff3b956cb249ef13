"""The rules as their own page shows them: made from the files, so that what is read is what decides."""

import pytest

from common.testing.sign_in import bearer

READER = bearer("health_officer", ("173",))


async def tables(house, day: str = "") -> dict:
    reply = await house.client.get(f"/v1/rulesets/tables{f'?day={day}' if day else ''}", headers=READER)
    assert reply.status_code == 200, reply.text
    return reply.json()


def row(seen: dict, code: str) -> dict:
    [found] = [one for file in seen["files"] for one in file["criteria"] if one["code"] == code]
    return found


async def test_today_in_plain_words_of_both_languages(house) -> None:
    seen = await tables(house)

    assert (seen["day"], seen["today"]) == ("2022-02-10", "2022-02-10")
    assert seen["days"] == [
        "2021-07-31", "2021-08-21", "2021-12-01", "2022-01-31", "2022-03-03", "2022-03-14",
    ]  # fmt: skip
    assert [f["document"] for f in seen["files"]][:2] == ["5525/QĐ-BYT", "261/QĐ-BYT"]
    fast = row(seen, "warning-breaths-5-12")
    assert (fast["measure"], fast["threshold"], fast["people"]) == (
        "Nhịp thở, lần/phút", "≥ 30", "từ 5 tuổi, dưới 12 tuổi",
    )  # fmt: skip
    assert (fast["people_en"], fast["level"], fast["unconfirmed_level"]) == (
        "from 5 years, under 12 years",
        "high",
        "medium",
    )
    assert row(seen, "warning-dyspnoea")["threshold"] == (
        "Khó thở; Thở bất thường (rên, rút lõm ngực, khò khè)"
    )
    assert row(seen, "spo2-fall")["threshold_en"] == "≥ 3, at SpO2 ≤ 95"
    assert row(seen, "silence-after-bad-value")["threshold"] == "≥ 1, sau số đo từ mức trung bình"
    assert row(seen, "news2-7")["people"] == "từ 16 tuổi, không mang thai"
    assert row(seen, "altered-consciousness")["threshold"].startswith("lú lẫn")
    assert row(seen, "age-65")["threshold"] == "≥ 65 tuổi, đã tiêm đủ"


async def test_every_row_is_said_in_both_languages_with_its_document_and_mark(house) -> None:
    for day in (await tables(house))["days"]:
        for file in (await tables(house, day))["files"]:
            assert all(
                file[name] for name in ("title", "title_en", "document", "confidence", "note", "note_vi")
            )
            for one in file["criteria"]:
                for name in ("label", "measure", "threshold"):
                    assert one[name], (file["version"], one["code"], name)
                    assert one[f"{name}_en"], (file["version"], one["code"], name)
                assert one["confidence"] in ("verified", "secondary", "memory")
                assert bool(one["note"]) is bool(one["note_vi"])


async def test_the_chart_is_the_one_that_scores(house) -> None:
    chart = {one["label_en"]: one["bands"] for one in (await tables(house))["chart"]}

    assert [(b["low"], b["high"], b["points"]) for b in chart["Temperature, °C"]] == [
        (None, 35.0, 3), (35.1, 36.0, 1), (36.1, 38.0, 0), (38.1, 39.0, 1), (39.1, None, 2),
    ]  # fmt: skip
    assert [(b["low"], b["high"], b["points"]) for b in chart["SpO2, %"]] == [
        (None, 91, 3), (92, 93, 2), (94, 95, 1), (96, None, 0),
    ]  # fmt: skip


async def test_the_rules_of_another_day_can_be_read(house) -> None:
    seen = await tables(house, "2022-04-01")

    assert "604/QĐ-BYT" in {file["document"] for file in seen["files"]}
    assert row(seen, "child-spo2")["people"] == "dưới 16 tuổi"
    assert seen["form"]["calm_hours"] == 24


@pytest.mark.parametrize("day", ["2021-07-30", "1990-01-01"])
async def test_a_day_before_the_first_rule_is_refused_in_words(house, day: str) -> None:
    reply = await house.client.get(f"/v1/rulesets/tables?day={day}", headers=READER)

    assert reply.status_code == 422
    assert "chưa có quy định" in reply.json()["detail"]
