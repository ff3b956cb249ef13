"""Two files of one person become one, whatever dies in between, and can be taken apart again."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from common.testing.sign_in import bearer
from quarantine.domain.joining import AbsorbFile
from quarantine.domain.merges import Stage
from services.quarantine.tests.test_routes import ORDER, REPORT

OFFICER = bearer("health_officer", ["05443"], subject="cb-05443")
RIGHT = {
    "full_name": "Nguyễn Thị Mẫu",
    "cccd": "019184000123",
    "birth_year": 1984,
    "sex": "female",
    "phone": "0912345678",
}
WRONG = {**RIGHT, "cccd": "019184000132", "full_name": "Nguyễn Thị Mậu", "phone": "0987654321"}


class Story:
    """One officer with two files of one woman."""

    def __init__(self, running: Any) -> None:
        self.running, self.client = running, running.client

    async def order(self, person: dict[str, Any], **more: Any) -> str:
        body = {**ORDER, "confirm": True, "person": person, **more}
        made = await self.client.post("/v1/cases", json=body, headers=OFFICER)
        assert made.status_code == 201, made.text
        return str(made.json()["person_id"])

    async def get(self, path: str, headers: dict[str, str] = OFFICER) -> Any:
        reply = await self.client.get(path, headers=headers)
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def compare(self, survivor: str, other: str) -> Any:
        return await self.get(f"/v1/merge-previews?survivor_id={survivor}&other_id={other}")

    async def merge(self, survivor: str, other: str, key: str = "merge-once", **choices: str) -> Any:
        seen = (await self.compare(survivor, other))["seen"]
        body = {"survivor_id": survivor, "other_id": other, "choices": choices, "seen": seen}
        return await self.client.post("/v1/merges", json=body, headers=OFFICER | {"Idempotency-Key": key})

    async def undo(self, merge_id: str) -> Any:
        return await self.client.post(f"/v1/merges/{merge_id}/undo", headers=OFFICER)

    async def open_files(self) -> int:
        return int((await self.get("/v1/case-counts"))["counts"]["open"])

    async def in_quarantine(self) -> dict[str, int]:
        """What everybody who adds and subtracts knows: people in quarantine, by person."""
        await self.running.relay()
        sums: dict[str, int] = {}
        for fact in await self.running.facts("quarantine.cases.v1"):
            step = {"quarantine.quarantine-ordered.v1": 1, "quarantine.quarantine-ended.v1": -1}
            sums[fact["person_id"]] = sums.get(fact["person_id"], 0) + step.get(fact["type"], 0)
        return sums


@pytest.fixture
async def story(running) -> Story:
    return Story(running)


async def test_a_file_under_a_mistyped_paper_is_merged_into_the_right_one(story):
    right = await story.order(RIGHT)
    wrong = await story.order(WRONG)
    assert await story.open_files() == 2

    seen = await story.compare(right, wrong)
    by_name = {line["name"]: line for line in seen["fields"]}
    assert (by_name["phone"]["survivor"], by_name["phone"]["other"]) == ("+84912345678", "+84987654321")
    assert by_name["birth"]["is_same"]
    assert seen["refusal"] is None

    merged = await story.merge(right, wrong, phone="other")
    assert merged.status_code == 201, merged.text
    assert merged.json()["stage"] == "done"
    assert await story.open_files() == 1
    assert await story.in_quarantine() == {right: 1, wrong: 0}
    kept = await story.get(f"/v1/cases/{right}")
    assert (kept["person"]["full_name"], kept["person"]["phone"]) == ("Nguyễn Thị Mẫu", "+84987654321")


async def test_the_other_file_is_read_as_the_kept_one_and_found_by_either_number(story):
    right, wrong = await story.order(RIGHT), await story.order(WRONG)
    await story.merge(right, wrong)

    assert (await story.get(f"/v1/cases/{wrong}"))["person_id"] == right
    for typed in (RIGHT["cccd"], WRONG["cccd"], WRONG["phone"]):
        found = (await story.get(f"/v1/people?q={typed}"))["items"]
        assert [hit["person_id"] for hit in found] == [right], typed
    again = await story.client.post("/v1/cases", json={**ORDER, "person": WRONG}, headers=OFFICER)
    assert again.json()["type"] == "urn:la-chan:problem:file-merged"


async def test_declarations_of_both_are_read_together_and_a_phone_goes_on_under_the_old_id(story):
    right, wrong = await story.order(RIGHT), await story.order(WRONG)
    early = {**REPORT, "reported_at": "2021-08-02T00:30:00Z", "declared_by": "officer"}
    await story.client.post(f"/v1/cases/{wrong}/reports", json=early, headers=OFFICER)
    await story.merge(right, wrong)
    story.running.clock.move(timedelta(hours=2))
    herself = bearer("citizen", [], person_id=wrong, subject="tk-wrong")

    sent = await story.client.post(f"/v1/cases/{wrong}/reports", json=REPORT, headers=herself)

    assert sent.status_code == 201, sent.text
    items = (await story.get(f"/v1/cases/{right}/reports"))["items"]
    assert [row["declared_by"] for row in items] == ["self", "officer"]
    assert (await story.get("/v1/me", herself))["person_id"] == right


async def test_a_merge_is_taken_back_and_both_are_what_they_were(story):
    right, wrong = await story.order(RIGHT), await story.order(WRONG, last_exposure_on="2021-07-30")
    before = [await story.get(f"/v1/cases/{key}") for key in (right, wrong)]
    merged = (await story.merge(right, wrong, full_name="other", stay="other")).json()
    kept = await story.get(f"/v1/cases/{right}")
    assert (kept["person"]["full_name"], kept["ends_on"]) == ("Nguyễn Thị Mậu", before[1]["ends_on"])

    undone = await story.undo(merged["merge_id"])

    assert undone.json()["stage"] == "undone", undone.text
    assert [await story.get(f"/v1/cases/{key}") for key in (right, wrong)] == before
    assert await story.in_quarantine() == {right: 1, wrong: 1}
    assert (await story.undo(merged["merge_id"])).json()["stage"] == "undone"


async def test_a_stay_that_an_officer_changed_since_is_not_taken_apart(story):
    right, wrong = await story.order(RIGHT), await story.order(WRONG)
    merged = (await story.merge(right, wrong)).json()
    longer = {"ends_on": "2021-08-20", "reason_code": "still_positive", "reason": "Còn dương tính"}
    await story.client.post(f"/v1/cases/{right}/extensions", json=longer, headers=OFFICER)

    refused = await story.undo(merged["merge_id"])

    assert (refused.status_code, refused.json()["type"]) == (409, "urn:la-chan:problem:undo-not-possible")
    assert await story.in_quarantine() == {right: 1, wrong: 0}


async def test_after_a_week_nothing_is_taken_apart(story):
    right, wrong = await story.order(RIGHT), await story.order(WRONG)
    merged = (await story.merge(right, wrong)).json()
    story.running.clock.move(timedelta(days=7, minutes=1))

    assert (await story.undo(merged["merge_id"])).status_code == 409


async def test_a_repeated_request_merges_once(story):
    right, wrong = await story.order(RIGHT), await story.order(WRONG)
    seen = (await story.compare(right, wrong))["seen"]
    body = {"survivor_id": right, "other_id": wrong, "seen": seen}
    headers = OFFICER | {"Idempotency-Key": "the-same-tap"}

    answers = [await story.client.post("/v1/merges", json=body, headers=headers) for _ in range(3)]

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert await story.in_quarantine() == {right: 1, wrong: 0}


async def test_what_changed_after_the_comparison_is_not_merged_blindly(story):
    right, wrong = await story.order(RIGHT), await story.order(WRONG)
    seen = (await story.compare(right, wrong))["seen"]
    longer = {"ends_on": "2021-08-20", "reason_code": "still_positive", "reason": "Còn dương tính"}
    await story.client.post(f"/v1/cases/{wrong}/extensions", json=longer, headers=OFFICER)

    body = {"survivor_id": right, "other_id": wrong, "seen": seen}
    refused = await story.client.post("/v1/merges", json=body, headers=OFFICER)

    assert refused.json()["type"] == "urn:la-chan:problem:merge-outdated"
    assert await story.open_files() == 2


async def test_a_file_with_papers_never_yields_to_one_without_and_an_f0_never_yields(story):
    papers = await story.order(RIGHT)
    none = await story.order({**RIGHT, "cccd": None})
    refused = await story.merge(none, papers)
    assert refused.json()["type"] == "urn:la-chan:problem:merge-not-possible"

    ill = await story.order(WRONG)
    positive = {"tested_on": "2021-08-02", "kind": "pcr"}
    await story.client.post(f"/v1/cases/{ill}/positive-test", json=positive, headers=OFFICER)
    assert "F0" in (await story.compare(papers, ill))["refusal"]
    assert (await story.merge(papers, ill, "f0-yields")).status_code == 422
    assert (await story.merge(ill, papers, "f0-stays")).status_code == 201
    assert await story.in_quarantine() == {papers: 0, none: 1, ill: 0}


async def test_an_officer_of_another_commune_sees_neither_comparison_nor_merge(story):
    right, wrong = await story.order(RIGHT), await story.order(WRONG)
    merged = (await story.merge(right, wrong)).json()
    stranger = bearer("health_officer", ["05509"], subject="cb-05509")
    address = f"/v1/merge-previews?survivor_id={right}&other_id={wrong}"

    assert (await story.client.get(address, headers=stranger)).status_code == 404
    assert (await story.get(f"/v1/merges?person_id={right}", stranger))["items"] == []
    undo = await story.client.post(f"/v1/merges/{merged['merge_id']}/undo", headers=stranger)
    assert undo.status_code == 403


class Killed(Exception):
    """The process is gone."""


def killed_at(runner: Any, at: int) -> Any:
    """Let the process die after its first *at* writes of a merge; return what brings it back."""
    files, records, written = runner._files, runner._records, count()

    class Dying:
        def __init__(self, work: Any) -> None:
            self._work = work

        async def run(self, command: Any, cause: Any) -> Any:
            answer = await self._work.run(command, cause)
            if next(written) == at:
                raise Killed
            return answer

        def __getattr__(self, name: str) -> Any:
            return getattr(self._work, name)

    runner._files, runner._records = Dying(files), Dying(records)

    def back() -> None:
        runner._files, runner._records = files, records

    return back


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("is_undone", [False, True])
async def test_a_process_killed_after_any_write_leaves_a_merge_that_the_next_one_finishes(
    story, at, is_undone
):
    right, wrong = await story.order(RIGHT), await story.order(WRONG)
    runner = story.running.service.parts["merge_runner"]
    merge_id = (await story.merge(right, wrong)).json()["merge_id"] if is_undone else ""
    back = killed_at(runner, at)
    died = await (story.undo(merge_id) if is_undone else story.merge(right, wrong, "dies-in-between"))
    assert died.status_code == 500
    back()

    story.running.clock.move(timedelta(seconds=11))
    await runner.sweep()

    [record] = story.running.stores.files.merges.aggregates.values()
    assert record.state.stage is (Stage.UNDONE if is_undone else Stage.DONE)
    assert await story.in_quarantine() == {right: 1, wrong: int(is_undone)}
    assert await story.open_files() == 1 + is_undone
    assert await runner.sweep() == 0


async def test_whoever_is_slow_cannot_finish_a_merge_that_was_taken_back(story):
    right, wrong = await story.order(RIGHT), await story.order(WRONG)
    merge_id = (await story.merge(right, wrong)).json()["merge_id"]
    await story.undo(merge_id)
    runner = story.running.service.parts["merge_runner"]
    joining = story.running.stores.files.merges.aggregates[merge_id].state.joining
    officer = story.running.stores.files.merges.aggregates[merge_id].state.by
    from common.work.model import Cause
    from quarantine.domain.merge_errors import MergeWithdrawn

    with pytest.raises(MergeWithdrawn):
        await runner._files.run(AbsorbFile(right, joining, officer), Cause("a-slow-process"))
    assert await story.in_quarantine() == {right: 1, wrong: 1}


async def test_two_merges_that_want_the_same_files_leave_one_of_them_or_none_but_never_a_circle(story):
    import asyncio

    a, b = await story.order(RIGHT), await story.order(WRONG)
    there, back = await asyncio.gather(story.merge(a, b, "a-over-b"), story.merge(b, a, "b-over-a"))

    done = [reply for reply in (there, back) if reply.status_code == 201]
    assert len(done) <= 1
    sums = await story.in_quarantine()
    assert sum(sums.values()) == await story.open_files() == 2 - len(done)


async def test_a_third_file_is_merged_after_the_second_and_taken_apart_in_reverse(story):
    a, b = await story.order(RIGHT), await story.order(WRONG)
    c = await story.order({**RIGHT, "cccd": "019184000777"})
    first = (await story.merge(b, c, "first-of-two")).json()["merge_id"]
    second = (await story.merge(a, b, "second-of-two")).json()["merge_id"]

    assert (await story.get(f"/v1/cases/{c}"))["person_id"] == a
    assert await story.in_quarantine() == {a: 1, b: 0, c: 0}
    assert (await story.undo(first)).status_code == 409
    assert (await story.undo(second)).status_code == 200
    assert (await story.undo(first)).status_code == 200
    assert await story.in_quarantine() == {a: 1, b: 1, c: 1}
