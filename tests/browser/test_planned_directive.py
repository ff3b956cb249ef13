"""A leader takes back a directive before its minute, on a phone and on a wall."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from common.testing.sign_in import bearer
from tests.browser.devices import PHONE, WALL
from tests.browser.test_permit_desk import (
    DISTRICT,
    LEADER,
    OpenPage,
    Served,
    looked_at,
    opened,
    running,
    served,
)

__all__ = ["opened", "running", "served"]


@pytest.mark.parametrize("size", [WALL, PHONE])
def test_a_planned_directive_is_withdrawn_with_a_reason(
    served: Served, opened: OpenPage, size: tuple[int, int]
) -> None:
    leader = bearer("leader", ("19",), subject="lanh-dao")
    minute = served.clock.now() + timedelta(hours=14)
    for number, directive in ((0, "16"), (1, "15")):
        body = {
            "directive": directive,
            "document": f"Công văn mẫu {directive}",
            "effective_at": (minute + timedelta(hours=number)).isoformat(),
        }
        served.send("PUT", "/v1/directives/164", body, leader)
    served.hear()
    officer = opened(DISTRICT, "changes", size)
    expect(officer.locator("#planned .planned")).to_have_count(2)
    expect(officer.get_by_role("button", name="Rút", exact=True)).to_have_count(0)
    page = opened(LEADER, "changes", size)
    expect(page.locator("#planned .planned")).to_have_count(2)
    looked_at(page, "planned")
    for left in (1, 0):
        page.get_by_role("button", name="Rút", exact=True).click()  # only the last one can be taken back
        page.get_by_role("dialog").locator("textarea").fill("Tỉnh chưa đủ lực lượng trực chốt")
        if left:
            looked_at(page, "withdraw")
        page.get_by_role("dialog").get_by_role("button", name="Gửi", exact=True).click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.locator("#planned .planned")).to_have_count(left)
    expect(page.locator("#planned")).to_contain_text("Tỉnh chưa đủ lực lượng trực chốt")
    served.hear()
    rollouts = served.do(served.stores.rollouts.latest(5))
    assert [rollout.withdrawn_at is not None for rollout in rollouts] == [True, True]
    expect(page.get_by_text("đã rút", exact=True)).to_have_count(2)
    looked_at(page, "withdrawn")
