"""The permit officer's desk in Chromium: the queue by keyboard, appeals, a directive seen before it is ordered."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from common.clocks import FrozenClock
from common.kernel.decision import TimerFired
from common.service import Mode, Runtime
from common.testing.sign_in import bearer, sample_jwks, sample_settings, token
from common.work.model import SHARDS, Cause
from permit.app import compose
from permit.settings import PermitSettings
from services.permit.tests.conftest import FIRM
from services.permit.tests.memory import hear_ourselves, memory_stores
from tests.browser.devices import PHONE, READY, WALL, Devices, pictured
from tests.browser.serving import Serving, serving

HOUR = timedelta(hours=1)
MORNING = datetime.now(UTC).replace(hour=2, minute=0, second=0, microsecond=0)
NAMES = ("Nguyễn Mẫu An", "Trần Mẫu Bình", "Lê Mẫu Chi", "Phạm Mẫu Dung", "Hoàng Mẫu Giang")
POLICE = token(("permit_officer", "commune_police"), ("05434",), subject="cong-an", name="Công an Mẫu")
SECOND = token(("permit_officer", "commune_police"), ("05434",), subject="cong-an-2", name="Công an Hai")
DISTRICT = token("permit_officer", ("164",), subject="huyen", name="Cán bộ Mẫu Huyện")
LEADER = token("leader", ("19",), subject="lanh-dao", name="Lãnh đạo Mẫu")


@dataclass
class Served(Serving):
    """The service on memory stores behind a real socket, at a clock that the test moves."""

    stores: Any
    parts: dict[str, Any]
    clock: FrozenClock
    people: int = 0

    def send(self, method: str, path: str, body: Any, who: dict[str, str]) -> Any:
        reply = httpx.request(method, f"{self.address}{path}", json=body, headers=who, timeout=20)
        assert reply.status_code in (200, 201), reply.text
        return reply.json()

    def apply(self, category: str, *, who: dict[str, str] | None = None, **changes: Any) -> dict[str, Any]:
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
        found: dict[str, Any] = self.send("POST", "/v1/permits", body, who or bearer("permit_officer"))
        return found

    def directive(self, code: str) -> None:
        body = {"directive": code, "document": "Công văn mẫu"}
        self.send("PUT", "/v1/directives/19", body, bearer("administrator"))

    def pass_by(self, step: timedelta) -> None:
        """Let time pass, and do what durable timers of files then do."""
        self.clock.move(step)
        for fired in self.do(self.stores.holders.due(self.clock.now(), list(range(SHARDS)), 100)):
            cause = Cause(f"{fired.name}-{fired.due_at.isoformat()}")
            self.do(self.parts["holders"].run(fired, cause))

    def hear(self) -> None:
        self.do(hear_ourselves(self.stores, self.parts))


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    clock = FrozenClock(MORNING)
    settings = sample_settings(PermitSettings)
    stores, runtime = memory_stores(), Runtime(settings, clock=clock, jwks=sample_jwks(), in_memory=True)
    app = compose(runtime, stores, settings).app(Mode.API)
    with serving(app) as here:
        yield Served(here.address, here.loop, stores, app.state.parts, clock)


@pytest.fixture
def served(running: Served) -> Served:
    """In the morning of a province where nobody asked for anything yet."""
    stores = running.stores
    for store in (stores.holders, stores.directives, stores.rollouts, stores.firms):
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
    pictured(page, f"permits-{name}")
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
    expect(page.locator(".checks li").first).to_contain_text("Nhóm này do người xem quyết định")
    expect(page.locator(".checks")).to_contain_text("nhóm này tối đa 72 giờ")
    expect(page.locator(".det .acts button")).to_have_count(3)
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
    served.pass_by(timedelta(seconds=10))
    statuses = {
        stored.state.status_of(permit): permit.ruling.by
        for stored in served.stores.holders.aggregates.values()
        for permit in stored.state.permits
        if permit.terms.category != "personal"
    }
    assert statuses == {"issued": "cong-an", "refused": "cong-an", "queued": "machine"}


@pytest.mark.parametrize("size", [WALL, PHONE])
def test_a_decision_is_undone_from_the_toast_and_counts_only_after_its_seconds(
    served: Served, opened: OpenPage, size: tuple[int, int]
) -> None:
    served.directive("16")
    permit = served.apply("family-emergency")
    path, officer = f"{served.address}/v1/permits/{permit['permit_id']}", bearer("permit_officer", ("164",))

    def status() -> str:
        return str(httpx.get(path, headers=officer, timeout=20).json()["status"])

    page = opened(POLICE, size=size)
    row = page.locator(".rq")
    if size is PHONE:
        row.click()
    page.get_by_role("button", name="Duyệt").click()
    expect(page.locator(".toast")).to_contain_text("Vài giây nữa giấy có hiệu lực")
    expect(row).to_have_count(0)
    assert status() == "queued"
    looked_at(page, "undo")
    page.locator(".toast").get_by_role("button", name="Hoàn tác").click()
    expect(page.locator(".toast")).to_contain_text("trở lại hàng chờ")
    expect(row).to_have_count(1)
    served.pass_by(timedelta(seconds=20))
    assert status() == "queued"
    if size is PHONE:
        row.click()
    page.get_by_role("button", name="Duyệt").click()
    expect(row).to_have_count(0)
    served.pass_by(timedelta(seconds=10))
    assert status() == "issued"
    page.locator(".toast").get_by_role("button", name="Hoàn tác").click()
    expect(page.locator(".toast")).to_contain_text("Hồ sơ đã được giải quyết")
    assert status() == "issued"


@pytest.mark.parametrize("size", [WALL, PHONE])
def test_an_officer_asks_for_more_and_the_answer_brings_it_back(
    served: Served, opened: OpenPage, devices: Devices, size: tuple[int, int]
) -> None:
    served.directive("16")
    permit = served.apply("family-emergency")
    page = opened(POLICE, size=size)
    if size is PHONE:
        page.locator(".rq").click()
        page.get_by_role("button", name="Hỏi thêm").click()
    else:
        expect(page.locator(".rq")).to_have_count(1)
        page.keyboard.press("h")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Bạn đi bằng xe nào").click()
    expect(dialog).to_contain_text("Hạn giải quyết dừng")
    looked_at(page, "ask")
    dialog.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("Đồng hồ dừng")
    expect(page.locator(".rq")).to_have_count(0)
    page.get_by_role("button", name="Đã hỏi").click()
    expect(page.locator(".rq")).to_contain_text("hỏi lúc")
    if size is PHONE:
        page.locator(".rq").click()
    expect(page.locator(".det")).to_contain_text("Người xin chưa trả lời")
    looked_at(page, "asked")
    served.clock.move(3 * HOUR)
    holder = token("citizen", (), person_id=permit["person_id"], name="Trần Mẫu Bình")
    mine = devices.add(holder, size=size).new_page()
    mine.goto(f"{served.address}/my-permits")
    mine.wait_for_selector(READY, state="attached")
    expect(mine.locator(".permit .tag")).to_have_text("Cần bạn trả lời")
    expect(mine.locator(".reply")).to_contain_text("Bạn đi bằng xe nào")
    looked_at(mine, "answer")
    mine.get_by_label("Câu trả lời của bạn").fill("Xe 20C-123.45, em trai tôi lái.")
    mine.get_by_role("button", name="Gửi câu trả lời").click()
    expect(mine.locator(".permit .tag")).to_have_text("Chờ duyệt")
    back = opened(POLICE, size=size)
    expect(back.locator(".rq")).to_contain_text("Đã trả lời: Xe 20C-123.45")
    expect(back.locator(".rq")).not_to_contain_text("quá hạn")
    if size is PHONE:
        back.locator(".rq").click()
    expect(back.locator(".det")).to_contain_text("em trai tôi lái")


def test_an_employer_answers_what_an_officer_asks_about_the_staff(
    served: Served, opened: OpenPage, devices: Devices
) -> None:
    served.directive("16")
    firm = bearer("employer", (), subject="cong-ty")
    served.send("PUT", "/v1/my/firm", FIRM, firm)
    permit = served.apply("worker", who=firm)
    path = f"/v1/permits/{permit['permit_id']}/questions"
    police = bearer(("permit_officer", "commune_police"), ("05434",), subject="cong-an")
    served.send("POST", path, {"text": "Ca làm mấy giờ, đi từ đâu?"}, police)
    page = devices.add(token("employer", (), subject="cong-ty", name="Phạm Thị Mẫu")).new_page()
    page.goto(f"{served.address}/employer")
    expect(page.locator("#questions")).to_contain_text("Ca làm mấy giờ")
    looked_at(page, "employer-asked")
    page.get_by_label("Câu trả lời của bạn").fill("Ca đêm 22 giờ, đi từ phường Quang Vinh.")
    page.get_by_role("button", name="Gửi câu trả lời").click()
    expect(page.locator("#questions")).to_have_count(0)
    expect(opened(POLICE).locator(".rq")).to_contain_text("Ca đêm 22 giờ")


@pytest.mark.parametrize("size", [WALL, PHONE])
def test_two_people_sign_where_the_policy_wants_two(
    served: Served, opened: OpenPage, size: tuple[int, int]
) -> None:
    served.directive("16")
    permit = served.apply("return-home")
    page = opened(POLICE, size=size)
    if size is PHONE:
        page.locator(".rq").click()
    expect(page.locator(".det")).to_contain_text("cần hai người ký duyệt")
    page.get_by_role("button", name="Ký duyệt").click()
    expect(page.locator(".toast")).to_contain_text("Cần người thứ hai ký")
    if size is PHONE:
        page.locator(".rq").click()
    expect(page.locator(".det")).to_contain_text("Chờ người khác ký lần thứ hai")
    expect(page.get_by_role("button", name="Rút chữ ký")).to_be_visible()
    expect(page.locator(".det .acts")).to_have_count(0)
    looked_at(page, "signed")
    other = opened(SECOND, size=size)
    if size is PHONE:
        other.locator(".rq").click()
    expect(other.locator(".det")).to_contain_text("Người thứ nhất đã ký")
    looked_at(other, "second")
    other.get_by_role("button", name="Ký lần hai").click()
    expect(other.locator(".rq")).to_have_count(0)
    served.pass_by(timedelta(seconds=10))
    path, officer = f"{served.address}/v1/permits/{permit['permit_id']}", bearer("permit_officer", ("164",))
    assert httpx.get(path, headers=officer, timeout=20).json()["status"] == "issued"


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


def test_what_was_typed_stays_when_news_arrives_and_when_the_server_refuses(
    served: Served, opened: OpenPage
) -> None:
    page = opened(DISTRICT)
    page.locator("#new").click()
    typed = {
        "name": "Lê Thị Mẫu",
        "cccd": "12",
        "birth-year": "1990",
        "commune": "05434",
        "areas": "164, 165",
        "from": "06:30",
        "to": "18:15",
        "days": "2",
        "purpose": "Chở hàng",
    }
    for name, value in typed.items():
        page.locator(f"dialog [name={name}]").fill(value)
    page.locator("dialog [name=category]").select_option("worker")
    for online in (False, True):
        page.context.set_offline(not online)
        page.wait_for_timeout(200)
    page.locator("dialog button.pri").click()
    expect(page.get_by_role("alert")).to_be_visible()
    kept = {name: page.locator(f"dialog [name={name}]").input_value() for name in typed}
    assert kept == typed
    assert page.locator("dialog [name=category]").input_value() == "worker"
