"""When its time is over a file is nobody's: what counted where stays, names, plates and words go."""

from datetime import timedelta
from typing import Any

import pytest

from common.kernel.forgetting import Forget
from common.kernel.trail import first_break
from common.retention import NAME_REMOVED, Purge, read_purge_rules
from common.testing.kept import EveryFile, NoRows
from common.testing.sign_in import bearer
from common.work.model import Cause
from permit.domain.retention import over_since
from permit.parts import forgetting
from permit.works import trail_key
from services.permit.tests import test_gate_log as gate
from services.permit.tests import test_staff_lists as lists
from services.permit.tests.conftest import IDENTITY, Province, application_body
from services.permit.tests.samples import HOUR, NOW, ROOT

DAYS = {one.code: one.keep_days for one in read_purge_rules(ROOT, "permit").versions[-1].classes}
VALID = 71 * HOUR
TEXT = {"text": "Xe mới đổi biển, tôi có giấy đăng ký."}


@pytest.fixture
def purge(province: Province) -> Purge:
    stores = province.stores
    kept: dict[str, tuple[Any, ...]] = {
        "permits": (stores.holders,),
        "staff-lists": (stores.staff_lists,),
        "shift-notes": (stores.shifts,),
        "flag-notes": (stores.watch.permit_flags, stores.watch.checkpoint_flags),
    }
    files = {code: tuple(EveryFile(store) for store in each) for code, each in kept.items()}
    rows = {"scans": NoRows(), "gate-log": NoRows()}
    rules = read_purge_rules(ROOT, "permit")
    return Purge(province.clock, rules, {**rows, **forgetting(province.service.parts, files)})


async def found(province: Province, words: str) -> int:
    reply = await province.get(f"/v1/permits?q={words}", "permit_officer")
    return len(reply.json()["items"])


async def test_a_file_loses_its_name_and_keeps_its_record(province: Province, purge: Purge) -> None:
    first = (await province.apply(route="Quốc lộ 3", co_passengers=[{"full_name": "Lê Văn Mẫu"}])).json()
    path = f"/v1/permits/{first['permit_id']}"
    stop = {"reason": "Nghi biển số không đúng"}
    await province.post(f"{path}/suspension", stop, "permit_officer", ("05434",), subject="phuong")
    me = {"person_id": province.person_id}
    await province.post(f"{path}/appeals", TEXT, "citizen", (), **me)
    [waits] = (await province.get("/v1/appeals", "permit_officer", ("164",))).json()["items"]
    answer = {"verdict": "overturned", "reason": "Đã xem đăng ký xe của ông Mẫu."}
    appeal = f"{path}/appeals/{waits['appeal']['appeal_id']}/answer"
    reply = await province.post(appeal, answer, "permit_officer", ("164",), subject="huyen")
    assert reply.status_code == 200, reply.text
    await province.after(VALID)
    assert await found(province, IDENTITY["full_name"]) == 1
    province.clock.move(timedelta(days=DAYS["permits"]))
    assert (await purge.round())["permits"] == 0

    province.clock.move(timedelta(minutes=1))
    went = await purge.round()

    assert {code: count for code, count in went.items() if count} == {"permits": 1}
    seen = (await province.get(path, "permit_officer")).json()
    assert (seen["status"], seen["areas"], seen["valid_until"]) == (
        "expired",
        first["areas"],
        first["valid_until"],
    )
    assert seen["names_removed_on"] == province.clock.now().date().isoformat()
    assert seen["person"] == {"full_name": NAME_REMOVED, "birth_year": None, "id_tail": ""}
    gone = ("purpose", "employer", "route", "plate", "co_passengers")
    assert not any(seen[name] for name in gone)
    for words in (IDENTITY["full_name"], IDENTITY["cccd"], IDENTITY["phone"]):
        assert await found(province, words) == 0
    why = (await province.get(f"{path}/why", "citizen", (), **me)).json()
    assert [one["text"] for one in why["appeals"]] == [""]
    assert why["officer_reason"] == ""
    [stored] = province.stores.holders.aggregates.values()
    assert "AES" not in repr(stored)
    assert (stored.state.sealed, stored.state.blind) == ("", ())
    assert over_since(stored.state) is None
    assert (await purge.round())["permits"] == 0


async def test_the_chain_of_decisions_still_holds(province: Province, purge: Purge) -> None:
    permit = (await province.apply()).json()
    back = f"/v1/permits/{permit['permit_id']}/revocation"
    await province.post(back, {"reason": "Giấy cấp nhầm người"}, "permit_officer", ("164",))
    await province.hear()
    province.clock.move(VALID + timedelta(days=DAYS["permits"], minutes=1))

    assert (await purge.round())["permits"] == 1

    [(person_id, stored)] = province.stores.holders.aggregates.items()
    entries = sorted(
        (row.entry for row in province.stores.record.rows.values() if row.entry.chain_id == person_id),
        key=lambda entry: entry.position,
    )
    key = trail_key(province.runtime.settings)
    assert len(entries) == stored.state.trail.length == 2
    assert first_break(person_id, entries, stored.state.trail, key, province.clock.now()) is None
    assert "nhầm người" not in repr(entries)


async def test_nobody_objects_to_what_nobody_knows_any_more(province: Province, purge: Purge) -> None:
    permit = (await province.apply()).json()
    path = f"/v1/permits/{permit['permit_id']}"
    await province.post(f"{path}/revocation", {"reason": "Giấy cấp nhầm"}, "permit_officer", ("164",))
    me = {"person_id": province.person_id}
    assert (await province.get(f"{path}/why", "citizen", (), **me)).json()["can_appeal"]
    province.clock.move(VALID + timedelta(days=DAYS["permits"], minutes=1))
    await purge.round()

    assert not (await province.get(f"{path}/why", "citizen", (), **me)).json()["can_appeal"]
    refused = await province.post(f"{path}/appeals", TEXT, "citizen", (), **me)
    assert (refused.status_code, "thời hạn lưu" in refused.json()["detail"]) == (409, True)
    [stored] = province.stores.holders.aggregates.values()
    assert stored.state.permits[0].appeals == ()


async def test_who_applies_again_has_a_new_file_and_nothing_old_bears_the_new_name(
    province: Province, purge: Purge
) -> None:
    old = (await province.apply()).json()
    await province.after(VALID)
    province.clock.move(timedelta(days=DAYS["permits"], minutes=1))
    await purge.round()
    now = province.clock.now()
    body = {
        "valid_from": (now - HOUR).isoformat(),
        "valid_until": (now + VALID).isoformat(),
        "category": "personal",
    }

    await province.put("/v1/directives/19", {"directive": "16", "document": "Công văn mẫu"})
    new = await province.post("/v1/permits", application_body(**body), "permit_officer")

    assert new.status_code == 201, new.text
    shown = (await province.get("/v1/permits", "permit_officer")).json()["items"]
    names = {one["permit_id"]: one["person"]["full_name"] for one in shown}
    assert names == {new.json()["permit_id"]: IDENTITY["full_name"]}
    assert await found(province, IDENTITY["cccd"]) == 1
    assert (await province.get(f"/v1/permits/{old['permit_id']}", "permit_officer")).status_code == 404
    await province.hear()
    acts = {row.entry.body.get("permit_id") for row in province.stores.record.rows.values()}
    assert {old["permit_id"], new.json()["permit_id"]} <= acts  # the record of decisions knows both


async def test_a_file_in_which_anything_is_open_is_never_made_nameless(province: Province) -> None:
    await province.apply()
    far = NOW + timedelta(days=30_000)

    for number in range(2):
        await province.service.parts["holders"].run(
            Forget(province.person_id, far), Cause(f"forget-{number}")
        )
        [stored] = province.stores.holders.aggregates.values()
        assert stored.state.sealed
        await province.post("/v1/permits", application_body(plate="20C-999.99"), "permit_officer")


async def test_a_code_of_a_nameless_file_still_says_that_it_is_over_and_shows_nobody(
    province: Province, purge: Purge
) -> None:
    permit = (await province.apply()).json()
    await province.after(VALID)
    province.clock.move(timedelta(days=DAYS["permits"], minutes=1))
    await purge.round()

    verdict = await province.scan(permit_id=permit["number"])

    assert (verdict["verdict"], verdict["person"], verdict["shown"]) == ("refused", None, None)


async def test_titles_of_a_list_and_words_of_a_shift_go_counts_stay(province: Province, purge: Purge) -> None:
    await lists.confirmed(province)
    listed = (await lists.upload(province, lists.filled([lists.worker(1)]))).json()
    await lists.worked_off(province)
    before = await lists.show(province, listed["list_id"])
    closing = {"closed_at": NOW.isoformat(), "counts": {"allowed": 2}, "note": "Ông Mẫu đã qua hai lần"}
    told = (await gate.shift(province, **closing)).json()
    province.clock.move(timedelta(days=max(DAYS["staff-lists"], DAYS["shift-notes"]), minutes=1))

    went = await purge.round()

    assert (went["staff-lists"], went["shift-notes"]) == (1, 1)
    after = await lists.show(province, listed["list_id"])
    assert after == {**before, "file_name": "Đã xóa theo thời hạn lưu"}
    answers = f"/v1/staff-lists/{listed['list_id']}/answers.xlsx"
    refused = await province.client.get(answers, headers=bearer("employer", (), subject=lists.BOSS))
    assert (refused.status_code, "thời hạn lưu" in refused.json()["detail"]) == (404, True)
    [shown] = (await province.get("/v1/shifts", "leader")).json()["items"]
    assert shown == {**told, "note": ""}
