"""Why somebody is red, read aloud in both languages: to a doctor at night, and to the daughter."""

from common.testing.sign_in import bearer

OFFICER = bearer("health_officer", ("173",))
HA = {"full_name": "Phạm Thị Mẫu", "cccd": "019159000001", "birth_year": 1959, "sex": "female"}
BODY = {"person": HA, "commune_code": "05908", "address": "Tổ 1", "tested_on": "2022-02-10",
        "conditions": ["hypertension"], "vaccination_doses": 2}  # fmt: skip


async def declared(house) -> str:
    reply = await house.client.post("/v1/patients", json=BODY, headers=OFFICER)
    assert reply.status_code == 201, reply.text
    return reply.json()["person_id"]


async def reported(house, person_id: str, **vitals) -> None:
    body = {"reported_at": house.clock.now().isoformat(), "declared_by": "officer", **vitals}
    reply = await house.client.post(f"/v1/patients/{person_id}/reports", json=body, headers=OFFICER)
    assert reply.status_code == 201, reply.text
    await house.deliver()


async def explained(house, person_id: str) -> dict:
    reply = await house.client.get(f"/v1/patients/{person_id}/explanation", headers=OFFICER)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def test_before_any_measurement_it_is_who_she_is(house) -> None:
    said = await explained(house, await declared(house))

    assert said["level"] == said["who"]["level"] == "high"
    [cause] = said["who"]["causes"]
    assert cause["text"] == (
        "Có bệnh nền: 63 tuổi; ngưỡng có bệnh nền, đã tiêm đủ theo 5525/QĐ-BYT; tính là nguy cơ cao."
    )
    assert cause["text_en"] == (
        "Underlying disease: 63 years; threshold underlying disease, fully vaccinated of 5525/QĐ-BYT; "
        "counts as high risk."
    )
    assert said["text"] == "Nguy cơ cao, lấy mức nặng nhất: theo tuổi, bệnh nền, tiêm chủng."
    assert [d["document"] for d in said["documents"]][:2] == ["5525/QĐ-BYT", "261/QĐ-BYT"]
    assert all(d["to_be_confirmed"] for d in said["documents"])


async def test_each_part_names_value_threshold_and_document(house) -> None:
    person_id = await declared(house)
    await reported(house, person_id, spo2_percent=92, spo2_repeat_percent=92, symptoms=["dyspnoea"])
    said = await explained(house, person_id)

    assert said["text_en"] == "Very high risk, the worst counts: by confirmed signs."
    by_code = {cause["criterion"]: cause for cause in said["signs"]["causes"]}
    low = by_code["spo2-under-94"]
    assert (low["value"], low["threshold"], low["document"]) == (92, "< 94", "5525/QĐ-BYT (3646/QĐ-BYT)")
    assert (low["confidence"], low["label_en"]) == ("memory", "SpO2 low")
    assert low["text"].startswith("SpO2 thấp: 92, đo lúc 15:30 10/02/2022; ngưỡng < 94 theo")
    breath = by_code["dyspnoea"]
    assert breath["text"].startswith("Khó thở: Khó thở, đo lúc")
    assert breath["text_en"].startswith("Hard to breathe: Hard to breathe, measured")
    assert (breath["threshold"], breath["threshold_en"]) == ("có", "present")


async def test_what_waits_for_a_second_measurement_is_kept_apart(house) -> None:
    person_id = await declared(house)
    await reported(house, person_id, spo2_percent=95)
    said = await explained(house, person_id)

    assert said["signs"] == {"level": "low", "causes": []}
    assert {cause["criterion"] for cause in said["doubt"]["causes"]} == {"spo2-95-96", "warning-spo2"}
    assert all("đang chờ đo lại" in cause["text"] for cause in said["doubt"]["causes"])


async def test_the_record_has_its_labels_in_both_languages(house) -> None:
    person_id = await declared(house)
    record = (await house.client.get(f"/v1/patients/{person_id}", headers=OFFICER)).json()

    [reason] = record["risk"]["reasons"]
    assert (reason["label"], reason["label_en"]) == ("Có bệnh nền", "Underlying disease")


async def test_the_reading_is_noted(house) -> None:
    person_id = await declared(house)
    await explained(house, person_id)
    patient = bearer("citizen", person_id=person_id)

    seen = (await house.client.get("/v1/me/readings", headers=patient)).json()["items"]
    assert "Xem giải thích mức nguy cơ" in [one["purpose"] for one in seen]
    own = await house.client.get(f"/v1/patients/{person_id}/explanation", headers=patient)
    assert own.status_code == 200
