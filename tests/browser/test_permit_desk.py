"""The permit officer's desk in Chromium: the queue by keyboard, appeals, a directive seen before it is ordered."""

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from common.clocks import FrozenClock
from common.kernel.decision import TimerFired
from common.service import Mode, Runtime
from common.testing.sign_in import bearer, sample_jwks, sample_settings, token
from common.work.model import Cause
from deploy.local.checkout import free_ports
from permit.app import compose
from permit.settings import PermitSettings
from services.permit.tests.memory import hear_ourselves, memory_stores
from tests.browser.devices import PHONE, READY, WALL, Devices

HOUR = timedelta(hours=1)
MORNING = datetime.now(UTC).replace(hour=2, minute=0, second=0, microsecond=0)
NAMES = ("Nguyễn Mẫu An", "Trần Mẫu Bình", "Lê Mẫu Chi", "Phạm Mẫu Dung", "Hoàng Mẫu Giang")
POLICE = token(("permit_officer", "commune_police"), ("05434",), subject="cong-an", name="Công an Mẫu")
DISTRICT = token("permit_officer", ("164",), subject="huyen", name="Cán bộ Mẫu Huyện")
LEADER = token("leader", ("19",), subject="lanh-dao", name="Lãnh đạo Mẫu")


@dataclass
class Served:
    """The service on memory stores behind a real socket, at a clock that the test moves."""

    address: str
    loop: asyncio.AbstractEventLoop
    stores: Any
    parts: dict[str, Any]
    clock: FrozenClock
    people: int = 0

    def do(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(20)

    def send(self, method: str, path: str, body: Any, who: dict[str, str]) -> Any:
        reply = httpx.request(method, f"{self.address}{path}", json=body, headers=who, timeout=20)
        assert reply.status_code in (200, 201), reply.text
        return reply.json()

    def apply(self, category: str, **changes: Any) -> dict[str, Any]:
        """Apply as an officer for a new person each time."""
        self.people += 1
        now = self.clock.now()
        body = {
            "person": {
                "full_name": NAMES[self.people % len(NAMES)],
                "cccd": f"019084{self.people:06d}",
                "birth_year": 1984,
                "sex": "male",
            },
            "commune_code": "05434",
            "category": category,
            "purpose": "Đưa mẹ đi khám ở bệnh viện huyện",
            "areas": ["164"],
            "plate": "20C-123.45",
            "valid_from": now.isoformat(),
            "valid_until": (now + 71 * HOUR).isoformat(),
            **changes,
        }
        found: dict[str, Any] = self.send("POST", "/v1/permits", body, bearer("permit_officer"))
        return found

    def directive(self, code: str) -> None:
        body = {"directive": code, "document": "Công văn mẫu"}
        self.send("PUT", "/v1/directives/19", body, bearer("administrator"))

    def hear(self) -> None:
        self.do(hear_ourselves(self.stores, self.parts))


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    clock = FrozenClock(MORNING)
    settings = sample_settings(PermitSettings)
    stores, runtime = memory_stores(), Runtime(settings, clock=clock, jwks=sample_jwks(), in_memory=True)
    app, port = compose(runtime, stores, settings).app(Mode.API), free_ports().permit
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(server.serve()), daemon=True)
    thread.start()
    for _ in range(200):
        if server.started:
            break
        threading.Event().wait(0.05)
    yield Served(f"http://127.0.0.1:{port}", loop, stores, app.state.parts, clock)
    server.should_exit = True
    thread.join(10)
    loop.close()


@pytest.fixture
def served(running: Served) -> Served:
    """In the morning of a province where nobody asked for anything yet."""
    stores = running.stores
    for store in (stores.holders, stores.directives, stores.rollouts):
        store.aggregates.clear()
        store.outbox.clear()
    stores.record.rows.clear()
    running.clock.set(MORNING)
    return running


OpenPage = Callable[..., Page]


@pytest.fixture
def opened(served: Served, devices: Devices) -> OpenPage:
    def open_page(who: str, tab: str = "queue", size: tuple[int, int] = WALL) -> Page:
        page = devices.add(who, size=size).new_page()
        page.goto(f"{served.address}/permits?v={tab}")
        page.wait_for_selector(READY, state="attached")
        return page

    return open_page


def looked_at(page: Page, name: str) -> None:
    """Nothing sticks out, nothing is inaccessible; a picture where somebody wants one."""
    width = page.evaluate("innerWidth")
    if folder := os.environ.get("LACHAN_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"permits-{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page)
    assert [(v["id"], v["nodes"][0]["html"]) for v in found.response["violations"]] == []


def queue_of_three(served: Served) -> None:
    served.directive("16")
    served.apply("worker")
    served.apply("return-home")
    served.apply("family-emergency")
    served.apply("personal")
    served.clock.move(3 * HOUR)
    served.hear()


@pytest.mark.parametrize("size", [WALL, PHONE])
def test_the_nearest_deadline_comes_first_and_what_is_late_is_seen(
    served: Served, opened: OpenPage, size: tuple[int, int]
) -> None:
    queue_of_three(served)
    page = opened(POLICE, size=size)
    rows = page.locator(".rq")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("quá hạn")
    expect(rows.nth(0)).to_contain_text("Việc khẩn cấp của gia đình")
    expect(rows.nth(1)).to_contain_text("Về nơi cư trú")
    expect(rows.nth(2)).to_contain_text("công việc khác")
    expect(page.locator(".nums .bad b")).to_have_text("1")
    looked_at(page, "queue")
    if size is PHONE:
        rows.nth(0).click()
    expect(page.locator(".det")).to_contain_text("16/CT-TTg")
    expect(page.locator(".det .acts button")).to_have_count(2)
    looked_at(page, "file")


def test_an_officer_decides_by_keyboard_and_a_refusal_is_asked_first(
    served: Served, opened: OpenPage
) -> None:
    queue_of_three(served)
    page = opened(POLICE)
    expect(page.locator(".rq")).to_have_count(3)
    first = page.locator(".rq b").nth(0).inner_text()
    page.keyboard.press("d")
    expect(page.locator(".toast")).to_contain_text(f"Đã duyệt {first}")
    expect(page.locator(".rq")).to_have_count(2)
    page.keyboard.press("j")
    expect(page.locator(".rq").nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("t")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Chưa có giấy tờ").click()
    expect(dialog).to_contain_text("kèm cách khiếu nại")
    dialog.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("Đã từ chối")
    expect(page.locator(".rq")).to_have_count(1)
    statuses = {
        stored.state.status_of(permit): permit.ruling.by
        for stored in served.stores.holders.aggregates.values()
        for permit in stored.state.permits
        if permit.terms.category != "personal"
    }
    assert statuses == {"issued": "cong-an", "refused": "cong-an", "queued": "machine"}


def test_without_a_network_one_reads_and_decides_nothing(served: Served, opened: OpenPage) -> None:
    queue_of_three(served)
    page = opened(POLICE)
    expect(page.locator(".det .acts button").first).to_be_enabled()
    page.context.set_offline(True)
    expect(page.locator(".det")).to_contain_text("Mất kết nối. Xem được, chưa quyết được")
    expect(page.locator(".det .acts button").first).to_be_disabled()
    page.keyboard.press("d")
    page.context.set_offline(False)
    expect(page.locator(".det .acts button").first).to_be_enabled()
    expect(page.locator(".rq")).to_have_count(3)


def test_a_list_that_does_not_load_says_what_is_safe_and_tries_again(
    served: Served, opened: OpenPage
) -> None:
    queue_of_three(served)
    page = opened(POLICE, "appeals")
    expect(page.get_by_text("Không có khiếu nại chờ")).to_be_visible()
    page.route("**/v1/permit-queue*", lambda route: route.fulfill(status=503, body="{}"))
    page.get_by_role("button", name="Hàng chờ").click()
    expect(page.get_by_role("alert")).to_contain_text("Giấy đã cấp vẫn quét được ở chốt")
    page.unroute("**/v1/permit-queue*")
    page.get_by_role("button", name="Thử lại").click()
    expect(page.locator(".rq")).to_have_count(3)


@pytest.mark.parametrize("size", [WALL, PHONE])
def test_an_appeal_is_answered_by_somebody_else_and_the_permit_comes_back(
    served: Served, opened: OpenPage, size: tuple[int, int]
) -> None:
    permit = served.apply("worker")
    path = f"/v1/permits/{permit['permit_id']}"
    local = bearer("permit_officer", ("05434",), subject="phuong")
    served.send("POST", f"{path}/suspension", {"reason": "Nghi biển số không đúng"}, local)
    holder = bearer("citizen", (), person_id=permit["person_id"])
    served.send("POST", f"{path}/appeals", {"text": "Xe mới đổi biển, tôi có giấy đăng ký."}, holder)
    served.hear()
    page = opened(DISTRICT, "appeals", size)
    row = page.locator(".rq").filter(has_text="Xe mới đổi biển")
    row.click()
    expect(page.locator(".det")).to_contain_text("Nghi biển số không đúng")
    looked_at(page, "appeal")
    page.get_by_role("button", name="Đổi quyết định").click()
    page.get_by_role("dialog").locator("textarea").fill("Đã xem đăng ký xe, giấy được dùng lại.")
    page.get_by_role("dialog").get_by_role("button", name="Gửi", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("đổi quyết định")
    why = httpx.get(f"{served.address}{path}/why", headers=holder, timeout=20).json()
    assert (why["status"], why["appeals"][0]["verdict"]) == ("issued", "overturned")
    assert why["appeals"][0]["sentence"] == "Đã xem đăng ký xe, giấy được dùng lại."


@pytest.mark.parametrize("size", [WALL, PHONE])
def test_a_directive_is_seen_before_it_is_ordered_and_applied_at_its_minute(
    served: Served, opened: OpenPage, size: tuple[int, int]
) -> None:
    for category in ("personal", "worker", "delivery", "essential-goods"):
        served.apply(category)
    page = opened(LEADER, "changes", size)
    page.get_by_role("button", name="Xem trước").click()
    expect(page.locator(".nums").first).to_contain_text("tạm dừng", ignore_case=True)
    expect(page.locator(".shift")).to_have_count(3)
    expect(page.locator(".moves").nth(0)).to_contain_text("category:personal")
    looked_at(page, "changes")
    page.get_by_role("button", name="Ra quyết định áp dụng").click()
    page.get_by_role("dialog").locator("[name=document]").fill("Công văn mẫu 16")
    page.get_by_role("dialog").get_by_role("button", name="Ra quyết định áp dụng").click()
    expect(page.locator(".toast")).to_contain_text("Đã hẹn áp dụng")
    served.hear()
    [rollout] = served.do(served.stores.rollouts.latest(5))
    fired = TimerFired(rollout.rollout_id, "start", rollout.due_at)
    served.do(served.parts["rollouts"].run(fired, Cause("minute")))
    assert served.do(served.parts["rollout"].step())
    expect(page.get_by_text("đã xong")).to_be_visible()
    expect(page.get_by_text("4 hồ sơ đã xem: 1 tạm dừng, 2 đổi, 0 dùng lại")).to_be_visible()


def test_an_officer_sees_the_preview_but_does_not_order(served: Served, opened: OpenPage) -> None:
    served.apply("personal")
    page = opened(DISTRICT, "changes")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_text("Lãnh đạo hoặc quản trị mới ra được")).to_be_visible()
    expect(page.get_by_role("button", name="Ra quyết định áp dụng")).to_have_count(0)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_text("Only a leader or an administrator can order this.")).to_be_visible()
