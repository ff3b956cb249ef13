"""Between an application and its decision: hỏi thêm, two signatures, and ten seconds to think again."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from common.kernel.areas import Actor
from common.kernel.decision import TimerFired
from permit.domain.commands import AskApplicant, ReplyToQuestion, SettleQueued, WithdrawDecision
from permit.domain.decide import decide
from permit.domain.errors import (
    AlreadyAsked,
    NothingAsked,
    NotInQueue,
    NotYourDecision,
    NotYours,
    TooLateToWithdraw,
)
from permit.domain.facts import ApplicantAnswered, ApplicantAsked, PermitIssued
from permit.domain.model import Holder, Outcome, Status
from permit.domain.record import DecisionRecorded
from permit.domain.reviewing import due_at
from services.permit.tests.conftest import Province
from services.permit.tests.samples import CITIZEN, HOUR, NOW, OFFICER, PERSON, RULES, application, terms

PERMIT = "0123456789ABCDEF"
SECOND = timedelta(seconds=1)
COLLEAGUE = Actor("canbo-thu-hai", OFFICER.roles, OFFICER.area_codes)
APPROVE = SettleQueued(PERSON, PERMIT, OFFICER, "s1.mau.note.CCCC", Outcome.APPROVED)
ASK = AskApplicant(PERSON, PERMIT, OFFICER, question_id="q1", text="s1.mau.q.DDDD")
REPLY = ReplyToQuestion(PERSON, PERMIT, CITIZEN, question_id="q1", text="s1.mau.r.EEEE")
POLICE: Any = ("permit_officer", "commune_police")
QUESTION = {"text": "Bệnh viện nào, hẹn mấy giờ?"}


def queued(category: str = "family-emergency") -> Holder:
    asked = application(terms=terms(category=category), by=CITIZEN)
    holder = decide(None, asked, RULES, NOW).state
    assert holder is not None
    return holder


def played(holder: Holder, *steps: Any, at: Any = NOW) -> tuple[Holder, list[Any], list[str]]:
    """Return the file, what was told, and which acts went into the record."""
    told: list[Any] = []
    for step in steps:
        decision = decide(holder, step, RULES, at)
        assert decision.state is not None
        holder = decision.state
        told.extend(decision.facts)
    acts = [fact.entry.body["act"] for fact in told if isinstance(fact, DecisionRecorded)]
    return holder, [fact for fact in told if not isinstance(fact, DecisionRecorded)], acts


def fired() -> TimerFired:
    return TimerFired(PERSON, f"settle:{PERMIT}", NOW + RULES.undo)


def test_a_decision_is_told_to_nobody_before_its_ten_seconds_are_over() -> None:
    decision = decide(queued(), APPROVE, RULES, NOW)
    holder = decision.state
    assert holder is not None
    assert holder.status_of(holder.permits[0]) is Status.QUEUED
    assert decision.facts == ()
    assert {timer.due_at for timer in decision.timers or ()} >= {NOW + timedelta(seconds=10)}
    after, told, acts = played(holder, fired(), at=NOW + RULES.undo)
    assert after.status_of(after.permits[0]) is Status.ISSUED
    assert [type(fact) for fact in told] == [PermitIssued]
    assert acts == ["approved"]
    assert (after.permits[0].ruling.by, after.permits[0].note) == ("canbo-mau", "s1.mau.note.CCCC")


def test_what_was_taken_back_in_time_never_counts_and_leaves_a_trace() -> None:
    undo = WithdrawDecision(PERSON, PERMIT, OFFICER)
    holder, told, acts = played(queued(), APPROVE, undo, at=NOW + 9 * SECOND)
    assert (told, acts) == ([], ["withdrawn"])
    late, told, _ = played(holder, fired(), at=NOW + RULES.undo)
    assert (late, told) == (holder, [])
    again, told, _ = played(holder, APPROVE, at=NOW + 20 * SECOND)
    assert again.permits[0].review.settlement is not None


@pytest.mark.parametrize(("by", "after"), [(OFFICER, 10), (COLLEAGUE, 1)])
def test_nobody_takes_back_what_counts_or_what_another_decided(by: Any, after: int) -> None:
    holder, _, _ = played(queued(), APPROVE)
    with pytest.raises(TooLateToWithdraw):
        decide(holder, WithdrawDecision(PERSON, PERMIT, by), RULES, NOW + after * SECOND)
    with pytest.raises(NotInQueue):
        decide(holder, SettleQueued(PERSON, PERMIT, COLLEAGUE), RULES, NOW + after * SECOND)


def test_two_people_sign_where_the_policy_wants_two_and_one_refuses() -> None:
    holder, told, acts = played(queued("return-home"), APPROVE)
    assert (told, acts) == ([], ["signed"])
    assert holder.permits[0].review.settlement is None
    with pytest.raises(NotYourDecision):
        decide(holder, APPROVE, RULES, NOW)
    second = SettleQueued(PERSON, PERMIT, COLLEAGUE, outcome=Outcome.APPROVED)
    both, told, acts = played(holder, second, fired(), at=NOW + RULES.undo)
    assert both.status_of(both.permits[0]) is Status.ISSUED
    assert acts == ["approved"]
    assert both.permits[0].review.first is not None
    refuse = SettleQueued(PERSON, PERMIT, COLLEAGUE, outcome=Outcome.REFUSED, reason="Chưa cần.")
    refused, _, acts = played(holder, refuse, fired(), at=NOW + RULES.undo)
    assert refused.status_of(refused.permits[0]) is Status.REFUSED
    taken, _, acts = played(holder, WithdrawDecision(PERSON, PERMIT, OFFICER))
    assert (taken.permits[0].review.first, acts) == (None, ["withdrawn"])


def test_while_the_applicant_is_asked_the_answer_time_stands_still() -> None:
    before = queued()
    due = due_at(before.permits[0])
    holder, told, acts = played(before, ASK)
    assert [type(fact) for fact in told] == [ApplicantAsked]
    assert acts == ["asked"]
    with pytest.raises(AlreadyAsked):
        decide(holder, ASK, RULES, NOW)
    stranger = Actor("nguoi-la", CITIZEN.roles, frozenset(), "pmau0002")
    with pytest.raises(NotYours):
        decide(holder, replace(REPLY, by=stranger), RULES, NOW)
    answered, told, acts = played(holder, REPLY, at=NOW + 5 * HOUR)
    [fact] = told
    assert isinstance(fact, ApplicantAnswered)
    assert fact.answer_by == due_at(answered.permits[0]) == due + 5 * HOUR
    assert acts == ["answered"]
    with pytest.raises(NothingAsked):
        decide(answered, REPLY, RULES, NOW + 5 * HOUR)


async def under_16(province: Province) -> str:
    await province.put("/v1/directives/19", {"directive": "16", "document": "Công văn mẫu"})
    permit = (await province.apply(category="family-emergency")).json()
    return f"/v1/permits/{permit['permit_id']}"


async def lists(province: Province) -> tuple[int, int]:
    """How many wait for the officer, how many for their applicant."""
    queue = (await province.get("/v1/permit-queue", POLICE, ("05434",))).json()["items"]
    asked = (await province.get("/v1/permit-questions", POLICE, ("05434",))).json()["items"]
    return len(queue), len(asked)


async def test_a_question_goes_to_the_applicant_and_its_answer_back_into_the_queue(
    province: Province,
) -> None:
    path = await under_16(province)
    assert await lists(province) == (1, 0)
    asked = await province.post(f"{path}/questions", QUESTION, POLICE, ("05434",), key="hoi-them-1")
    assert asked.status_code == 201, asked.text
    again = await province.post(f"{path}/questions", QUESTION, POLICE, ("05434",), key="hoi-them-1")
    assert len(again.json()["questions"]) == 1
    assert await lists(province) == (0, 1)
    me: dict[str, Any] = {"person_id": province.person_id}
    mine = (await province.get("/v1/permits", "citizen", (), **me)).json()["items"][0]
    [question] = mine["questions"]
    assert (question["text"], question["replied_at"]) == (QUESTION["text"], None)
    assert "hỏi thêm" in mine["message"]
    assert mine["decision"]["answer_by"] is None
    reply = f"{path}/questions/{question['question_id']}/reply"
    answer = {"text": "Bệnh viện A, 8 giờ thứ Hai, có giấy hẹn."}
    assert (await province.post(reply, answer, "employer", subject="cong-ty-khac")).status_code == 404
    assert (await province.post(reply, answer, "citizen", (), **me)).status_code == 200
    assert (await province.post(reply, answer, "citizen", (), **me)).status_code == 409
    assert await lists(province) == (1, 0)
    [row] = (await province.get("/v1/permit-queue", POLICE, ("05434",))).json()["items"]
    assert row["questions"][0]["reply"] == answer["text"]
    assert "giấy hẹn" not in repr(province.stores.holders.aggregates)
    assert "Bệnh viện" not in repr(province.facts("holders"))
    told = [fact.type for fact in province.facts("holders")]
    assert told == ["permit.applicant-asked.v1", "permit.applicant-answered.v1"]


async def test_a_decision_is_taken_back_over_http_within_ten_seconds(province: Province) -> None:
    path = await under_16(province)
    who: dict[str, Any] = {"areas": ("05434",), "subject": "cong-an"}
    settled = (await province.post(f"{path}/decision", {"outcome": "approved"}, POLICE, **who)).json()
    assert settled["status"] == "queued"
    assert datetime.fromisoformat(settled["counts_at"]) == NOW + 10 * SECOND
    assert await lists(province) == (0, 0)
    mine = await province.get(path, "citizen", (), person_id=province.person_id)
    assert "counts_at" not in mine.text
    undone = await province.post(f"{path}/decision-withdrawal", {}, POLICE, **who)
    assert (undone.status_code, undone.json()["counts_at"]) == (200, None)
    await province.after(timedelta(seconds=10))
    assert await lists(province) == (1, 0)
    await province.post(f"{path}/decision", {"outcome": "approved"}, POLICE, **who)
    await province.after(timedelta(seconds=10))
    assert (await province.get(path, "permit_officer")).json()["status"] == "issued"
    assert (await province.post(f"{path}/decision-withdrawal", {}, POLICE, **who)).status_code == 409
    await province.hear()
    record = (await province.get(f"{path}/why", "permit_officer")).json()["record"]
    assert [entry["act"] for entry in record] == ["queued", "withdrawn", "approved"]


async def test_an_officer_sees_what_was_checked_and_which_permits_overlap(province: Province) -> None:
    await under_16(province)
    [row] = (await province.get("/v1/permit-queue", POLICE, ("05434",))).json()["items"]
    assert [check["rule"] for check in row["checks"] if not check["is_met"]] == ["category:family-emergency"]
    assert row["earlier"] == []
    assert (await province.apply()).json()["status"] == "issued"
    [row] = (await province.get("/v1/permit-queue", POLICE, ("05434",))).json()["items"]
    assert {check["rule"] for check in row["checks"] if not check["is_met"]} == {
        "category:family-emergency",
        "overlap",
    }
    assert [(each["status"], each["category_title"]) for each in row["earlier"]] == [
        ("issued", "Vận chuyển hàng thiết yếu")
    ]
