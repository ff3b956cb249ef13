"""A directive that was ordered for later is taken back or replaced before its minute."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from common.kernel.areas import Actor
from common.kernel.errors import DomainError, OutsideYourArea
from common.work.timers import TimerLoop
from permit.domain import directives
from permit.domain.directives import AreaDirective, WithdrawDirective, order_id
from permit.domain.errors import AlreadyInForce, NotTheLastOrder, NotYourRole, OrderNotFound
from services.permit.tests.conftest import IDENTITY, Province
from services.permit.tests.samples import ADMIN, HOUR, NOW, OFFICER
from services.permit.tests.test_registers import DAY, order

WHY = "Tỉnh chưa đủ lực lượng"


def ordered(*commands: Any) -> AreaDirective:
    area = None
    for command in commands:
        area = directives.decide(area, command, None, NOW).state
    assert area is not None
    return area


def withdraw(area: AreaDirective, at: int = -1, **changes: Any) -> WithdrawDirective:
    wanted = order_id(area.area_code, area.orders[at])
    return replace(WithdrawDirective("164", frozenset({"164", "19"}), wanted, WHY, ADMIN), **changes)


def test_an_order_taken_back_never_holds_and_is_told_with_what_holds_instead() -> None:
    area = ordered(order(directive="15"), order(effective_at=NOW + DAY))
    done = directives.decide(area, withdraw(area), None, NOW + HOUR)
    assert done.state is not None
    assert done.state.in_force(NOW + 2 * DAY) == area.orders[0]
    told, entry = done.facts
    assert (told.from_directive, told.to_directive, told.effective_at) == ("16", "15", NOW + DAY)  # type: ignore[attr-defined]
    body = entry.entry.body  # type: ignore[attr-defined]
    assert (body["act"], body["by"], body["document"]) == ("withdrawn", "quantri-mau", "Công văn mẫu")
    assert len(body["because"]) == 64
    assert WHY not in str(body)
    [withdrawal] = done.state.withdrawn
    assert (withdrawal.reason, withdrawal.by, withdrawal.at) == (WHY, "quantri-mau", NOW + HOUR)
    again = directives.decide(done.state, withdraw(area), None, NOW + 2 * DAY)
    assert again.state is done.state, "the same twice changes nothing, even after its minute"
    assert again.facts == ()
    anew = directives.decide(done.state, order(effective_at=NOW + DAY), None, NOW + 2 * HOUR)
    assert len(anew.facts) == 2, "and it can be ordered anew"


def test_the_minute_decides_and_orders_are_taken_back_from_the_last() -> None:
    area = ordered(order(effective_at=NOW + DAY), order(directive="15", effective_at=NOW + 2 * DAY))
    elsewhere = Actor("lanhdao-mau", frozenset({"leader"}), frozenset({"172"}))
    cases: list[tuple[type[DomainError], WithdrawDirective, timedelta]] = [
        (AlreadyInForce, withdraw(area), 2 * DAY),
        (AlreadyInForce, withdraw(area, 0), DAY),
        (NotTheLastOrder, withdraw(area, 0), HOUR),
        (OrderNotFound, withdraw(area, order_id="00000000-0000-0000-0000-000000000000"), HOUR),
        (NotYourRole, withdraw(area, by=OFFICER), HOUR),
        (OutsideYourArea, withdraw(area, by=elsewhere), HOUR),
    ]
    for refusal, command, later in cases:
        with pytest.raises(refusal):
            directives.decide(area, command, None, NOW + later)
    last = directives.decide(area, withdraw(area), None, NOW + 2 * DAY - timedelta(microseconds=1))
    assert last.state is not None
    assert len(last.state.orders) == 1


def test_a_replacement_takes_back_and_orders_in_one_step_even_to_an_earlier_minute() -> None:
    area = ordered(order(effective_at=NOW + DAY))
    wanted = order_id("164", area.orders[0])
    for at, directive in ((NOW + HOUR, "15"), (NOW + 2 * DAY, "16")):
        done = directives.decide(
            area, order(directive=directive, effective_at=at, replaces=wanted, reason=WHY), None, NOW
        )
        assert done.state is not None
        [only] = done.state.orders
        assert (only.effective_at, only.directive) == (at, directive)
        kinds = [type(fact).__name__ for fact in done.facts]
        assert kinds == ["DirectiveWithdrawn", "DecisionRecorded", "DirectiveChanged", "DecisionRecorded"]
    with pytest.raises(AlreadyInForce):
        directives.decide(area, order(directive="15", replaces=wanted, reason=WHY), None, NOW + DAY)


async def planned(province: Province, **changes: Any) -> dict[str, Any]:
    body = {
        "directive": "16",
        "document": "Công văn mẫu",
        "effective_at": (NOW + DAY).isoformat(),
        **changes,
    }
    reply = await province.put("/v1/directives/19", body)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


async def minute_comes(province: Province) -> None:
    province.clock.move(DAY + HOUR)
    await TimerLoop(province.part("rollouts"), province.stores.rollouts, province.clock).fire_due()
    while await province.part("rollout").step():
        pass


async def test_a_withdrawn_order_changes_no_permit_at_its_minute(province: Province) -> None:
    until = (NOW + 3 * DAY).isoformat()
    applied = await province.apply(category="personal", person={**IDENTITY, "phone": None}, valid_until=until)
    assert applied.json()["status"] == "issued"
    [waiting] = (await planned(province))["planned"]
    await province.hear()
    path, body = "/v1/directives/19/withdrawal", {"order_id": waiting["order_id"], "reason": WHY}
    assert (await province.post(path, body, "permit_officer")).status_code == 403
    assert (await province.post(path, body, "leader", ("164",))).status_code == 403
    short = {**body, "reason": "x"}
    assert (await province.post(path, short, "leader")).status_code == 422
    first = await province.post(path, body, "leader", key="rut-chi-thi-mau-1")
    again = await province.post(path, body, "leader", key="rut-chi-thi-mau-1")
    assert (first.status_code, first.json()) == (200, again.json())
    assert first.json()["planned"] == []
    [shown] = first.json()["withdrawn"]
    assert (shown["reason"], shown["directive"]) == (WHY, "16")
    await province.hear()
    [rollout] = (await province.get("/v1/permit-changes/rollouts", "leader")).json()["items"]
    assert rollout["withdrawn_at"] is not None
    await minute_comes(province)
    [rollout] = (await province.get("/v1/permit-changes/rollouts", "leader")).json()["items"]
    assert rollout["started_at"] is None
    permit = await province.get(f"/v1/permits/{applied.json()['permit_id']}", "permit_officer")
    assert permit.json()["status"] == "issued"
    late = await province.post(path, {"order_id": "0" * 36, "reason": WHY}, "leader")
    assert late.status_code == 404


async def test_when_the_timer_is_first_to_hear_the_order_was_still_never_in_force(province: Province) -> None:
    applied = await province.apply(category="personal", valid_until=(NOW + 3 * DAY).isoformat())
    [waiting] = (await planned(province))["planned"]
    await province.hear()
    body = {"order_id": waiting["order_id"], "reason": WHY}
    assert (await province.post("/v1/directives/19/withdrawal", body, "leader")).status_code == 200
    await minute_comes(province)  # before the fact of the withdrawal came back
    await province.hear()
    [rollout] = (await province.get("/v1/permit-changes/rollouts", "leader")).json()["items"]
    assert (rollout["stops"], rollout["withdrawn_at"]) == (0, None)
    assert rollout["finished_at"] is not None
    permit = await province.get(f"/v1/permits/{applied.json()['permit_id']}", "permit_officer")
    assert permit.json()["status"] == "issued"


async def test_an_order_given_again_after_it_was_withdrawn_is_applied_once(province: Province) -> None:
    applied = await province.apply(category="personal", valid_until=(NOW + 3 * DAY).isoformat())
    [waiting] = (await planned(province))["planned"]
    body = {"order_id": waiting["order_id"], "reason": WHY}
    await province.post("/v1/directives/19/withdrawal", body, "leader")
    assert [each["order_id"] for each in (await planned(province))["planned"]] == [waiting["order_id"]]
    for _ in range(2):
        await province.hear()
    await minute_comes(province)
    [rollout] = (await province.get("/v1/permit-changes/rollouts", "leader")).json()["items"]
    assert (rollout["stops"], rollout["withdrawn_at"]) == (1, None)
    permit = await province.get(f"/v1/permits/{applied.json()['permit_id']}", "permit_officer")
    assert permit.json()["status"] == "suspended"


async def test_a_replacement_needs_a_reason(province: Province) -> None:
    [waiting] = (await planned(province))["planned"]
    body = {"directive": "15", "document": "Công văn thay", "replaces": waiting["order_id"]}
    reply = await province.put("/v1/directives/19", body)
    assert reply.status_code == 422
    assert "vì sao" in reply.text
    found = await planned(province, directive="15", replaces=waiting["order_id"], reason=WHY)
    assert [(each["directive"], each["is_last"]) for each in found["planned"]] == [("15", True)]
