"""Files beside each other in Chromium: found while typing, merged and taken apart, chains, whole households."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from common.clocks import FrozenClock
from common.kernel.areas import Actor
from common.people.body import PersonBody
from common.service import Mode, Runtime
from common.testing.sign_in import sample_jwks, sample_settings, token
from common.work.model import Cause
from quarantine.app import compose
from quarantine.domain.commands import NoteDeclaredF0
from quarantine.domain.model import Category
from quarantine.settings import QuarantineSettings
from quarantine.views.requests import QuarantineOrderBody
from services.quarantine.tests.memory import memory_stores
from tests.browser.devices import PHONE, WALL, Devices, pictured
from tests.browser.serving import Serving, serving

OFFICER = Actor("cb-05443", frozenset({"health_officer"}), frozenset({"05443"}))
MORNING = datetime(2021, 8, 2, 3, tzinfo=UTC)
SIZES = [pytest.param(PHONE, id="phone"), pytest.param(WALL, id="wall")]


@dataclass
class Served(Serving):
    """The service on memory stores behind a real socket, at a standing clock."""

    parts: dict[str, Any]
    cases: Any
    clock: FrozenClock
    stores: Any
    made: int = 0

    def order(self, name: str, cccd: str, home: str, **more: Any) -> str:
        """Order somebody into quarantine as an officer would."""
        self.made += 1
        born = 1900 + 100 * (int(cccd[3]) // 2) + int(cccd[4:6])
        who = {
            "full_name": name,
            "cccd": cccd,
            "birth_year": born,
            "sex": "female" if int(cccd[3]) % 2 else "male",
            "phone": f"09123456{self.made:02}",
        }
        body = QuarantineOrderBody(
            person=PersonBody.model_validate(who),
            commune_code="05443",
            address=f"Số {home}, tổ 3",
            household_id=f"home-{home}",
            last_exposure_on=datetime(2021, 8, 1, tzinfo=UTC).date(),
            confirm=True,
            **{"category": Category.F1, **more},
        )
        command = self.do(self.parts["intake"].to_order(body, OFFICER))
        self.do(self.parts["work"].run(command, Cause(f"order-{id(self)}-{cccd}-{self.made}")))
        return str(command.person_id)


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    clock = FrozenClock(MORNING)
    settings = sample_settings(QuarantineSettings, drain_seconds=0)
    stores = memory_stores()
    service = compose(Runtime(settings, clock=clock, jwks=sample_jwks(), in_memory=True), stores, settings)
    app = service.app(Mode.API)
    with serving(app, service.drain) as here:
        yield Served(here.address, here.loop, app.state.parts, stores.cases, clock, stores)


@pytest.fixture
def served(running: Served) -> Served:
    """Three households; one woman has two files, the second under a mistyped paper."""
    for store in (running.stores.cases, running.stores.files.merges, running.stores.files.contacts):
        store.aggregates.clear()
    running.stores.reports.rows.clear()
    running.order("Nguyễn Thị Mẫu", "019184000123", "12")
    running.order("Lê Văn Mẫu Con", "019210000124", "12")
    running.order("Nguyễn Thị Mẫu", "019184000132", "13")
    running.order("Đặng Mẫu Trâm", "019190000777", "14")
    return running


@pytest.fixture(params=SIZES)
def page(served: Served, devices: Devices, request: pytest.FixtureRequest) -> Page:
    """Open the officer's page at phone and at wall size."""
    bearer = token("health_officer", ("05443",), subject="cb-05443", name="Y sĩ Mẫu Bình")
    page = devices.add(bearer, size=request.param).new_page()
    page.goto(f"{served.address}/cases")
    page.wait_for_selector(".duties", timeout=30_000)
    return page


def clean(page: Page, name: str) -> None:
    """Nobody is kept out, nothing is wider than the screen; a picture for whoever wants one."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    pictured(page, name)


def test_people_are_found_while_an_officer_types_with_slips(page: Page) -> None:
    page.get_by_role("searchbox").press_sequentially("dang tra", delay=20)
    hits = page.locator(".mems .mem")
    expect(hits).to_have_count(1)
    expect(hits.first).to_contain_text("Đặng Mẫu Trâm")
    expect(hits.locator("mark").first).not_to_be_empty() if hits.locator("mark").count() else None
    page.get_by_role("searchbox").fill("nguyem thi")
    expect(hits).to_have_count(2)
    clean(page, "find")
    page.get_by_role("searchbox").fill("khongaica")
    expect(page.get_by_text("niêm phong")).to_be_visible()


def test_two_files_are_compared_merged_and_taken_apart(served: Served, page: Page) -> None:
    page.get_by_role("searchbox").fill("nguyen thi mau")
    expect(page.get_by_text("Hai hồ sơ đầu có thể là một người.")).to_be_visible()
    page.get_by_role("button", name="So sánh").click()
    expect(page.locator("#compare")).to_be_focused()
    keep = page.locator(".compare thead th").first
    if "0123" not in (keep.text_content() or ""):
        page.get_by_role("button", name="Đổi hồ sơ giữ lại").press("Enter")
        expect(keep).to_contain_text("0123")
    page.locator(".compare tr", has_text="Điện thoại").get_by_role("radio").nth(1).check()
    clean(page, "compare")
    page.get_by_role("button", name="Là một người, gộp lại").click()
    toast = page.locator(".toast")
    expect(toast).to_contain_text("Đã gộp hồ sơ của Nguyễn Thị Mẫu")
    expect(page.get_by_role("button", name="Đang cách ly").locator("b")).to_have_text("3")
    toast.get_by_role("button").click()
    expect(toast).to_contain_text("Đã tách lại hai hồ sơ")
    expect(page.get_by_role("button", name="Đang cách ly").locator("b")).to_have_text("4")


def test_a_whole_household_is_declared_well_by_name(served: Served, page: Page) -> None:
    page.get_by_role("button", name="Hộ gia đình", exact=True).click()
    expect(page.locator(".home")).to_have_count(3)
    clean(page, "homes")
    page.get_by_role("button", name="Khai cả hộ khỏe: Số 12, tổ 3").click()
    boxes = page.get_by_role("dialog").get_by_role("checkbox")
    expect(boxes).to_have_count(2)
    boxes.nth(1).uncheck()
    page.get_by_role("dialog").get_by_role("button", name="Gửi").click()
    expect(page.locator(".toast")).to_contain_text("Đã ghi khỏe cho 1 người")
    for _ in range(100):
        if served.stores.reports.rows:
            break
        page.wait_for_timeout(100)
    assert len(served.stores.reports.rows) == 1


def test_a_household_is_ordered_in_one_form_and_refused_rows_say_why(served: Served, page: Page) -> None:
    page.get_by_role("button", name="Hộ gia đình", exact=True).click()
    page.get_by_role("button", name="Quyết định cho cả hộ mới").click()
    page.get_by_label("Số nhà").or_(page.locator("[name=address]")).first.fill("Số 20, tổ 5")
    page.locator("[name=last_exposure_on]").fill("2021-08-01")
    people = [("Phạm Mẫu Ông", "1950", "male", "019050000001"), ("Phạm Mẫu Bà", "1952", "female", "")]
    for number, (name, born, sex, cccd) in enumerate(people):
        row = page.locator("fieldset.member").nth(number)
        row.locator("[name^=full_name]").fill(name)
        row.locator("[name^=birth]").fill(born)
        row.locator("select[name^=sex]").select_option(sex)
        row.locator("[name^=cccd]").fill(cccd)
        row.locator("[name^=phone]").fill("0977111222")
    clean(page, "order-home")
    page.get_by_role("button", name="Ký và gửi").click()
    expect(page.locator(".toast")).to_contain_text("Đã ra quyết định cho 2 người")
    expect(page.locator(".home", has_text="Số 20, tổ 5")).to_contain_text("Phạm Mẫu Bà")


def test_a_chain_is_told_and_leads_to_an_order_in_one_tap(served: Served, page: Page) -> None:
    ill = next(
        key for key, one in served.cases.aggregates.items() if "home-14" in one.state.person.household_id
    )
    served.do(served.parts["work"].run(NoteDeclaredF0(ill, 1, served.clock.now()), Cause(f"f0-{id(page)}")))
    page.get_by_role("searchbox").fill("tram")
    page.get_by_role("button", name="Chuỗi lây từ Đặng Mẫu Trâm").click()
    page.get_by_role("button", name="+ Người tiếp xúc").click()
    page.locator("[name=full_name]").fill("Hoàng Mẫu Gặp")
    page.locator("[name=phone]").fill("0966111222")
    page.locator("[name=birth_year]").fill("1991")
    page.locator("[name=met_on]").fill("2021-08-01")
    page.get_by_role("button", name="Ghi người này").click()
    node = page.locator(".node", has_text="Hoàng Mẫu Gặp")
    expect(node).to_contain_text("Chưa liên lạc")
    clean(page, "chain")
    node.get_by_role("button", name="Quyết định cho Hoàng Mẫu Gặp").click()
    expect(page.locator("[name=full_name]")).to_have_value("Hoàng Mẫu Gặp")
    expect(page.locator("[name=last_exposure_on]")).to_have_value("2021-08-01")
    page.locator("[name=address]").fill("Số 3, tổ 9")
    page.locator("select[name=sex]").select_option("male")
    page.get_by_role("button", name="Ký và gửi").click()
    expect(page.locator(".toast")).to_contain_text("Hoàng Mẫu Gặp")
    if (opener := page.locator(".sections .opener")).is_visible():
        opener.click()
        clean(page, "sections")
        page.keyboard.press("Escape")
        expect(opener).to_be_focused()
        opener.press("Enter")
    page.locator(".sections").get_by_role("button", name="Chuỗi lây", exact=True).click()
    expect(page.locator(".node", has_text="Hoàng Mẫu Gặp")).to_contain_text("Đang cách ly")
