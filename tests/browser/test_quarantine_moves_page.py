"""Tests of today, a case at home, a handover, a bed: on the officer's phone and desk, in Chromium."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
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
from quarantine.app import Stores, compose
from quarantine.domain.acts import NoteBed, NoteHomeCase
from quarantine.domain.commands import ReleaseFromQuarantine
from quarantine.domain.model import Category, Outcome, Place
from quarantine.domain.registers import Bed, HomeExposure
from quarantine.settings import QuarantineSettings
from quarantine.views.requests import QuarantineOrderBody
from services.quarantine.tests.memory import memory_stores
from tests.browser.devices import PHONE, WALL, Devices
from tests.browser.serving import Serving, serving

DISTRICT = Actor("cb-164", frozenset({"health_officer"}), frozenset({"164"}))
MORNING = datetime(2021, 8, 2, 2, tzinfo=UTC)
WEEK_LATER = datetime(2021, 8, 9, 2, tzinfo=UTC)
NAMES = ("Nguyễn Mẫu An", "Nguyễn Mẫu Bình", "Trần Mẫu Chi", "Lê Mẫu Dung")


@dataclass
class Served(Serving):
    """The service on memory stores behind a real socket, at a standing clock."""

    parts: dict[str, Any]
    stores: Stores
    clock: FrozenClock

    def run(self, command: Any, cause: str) -> None:
        self.do(self.parts["work"].run(command, Cause(cause)))

    def order(self, number: int, *, place: Place = Place.HOME) -> str:
        """Order an F1 into quarantine as an officer would."""
        who = {
            "full_name": NAMES[number],
            "passport": f"B12345{number:02}",
            "birth_year": 1990,
            "sex": "male",
        }
        body = QuarantineOrderBody(
            person=PersonBody.model_validate({**who, "phone": f"091234567{number}"}),
            commune_code="05443",
            address="Số 12, tổ 3",
            category=Category.F1,
            place=place,
            last_exposure_on=date(2021, 8, 1),
            household_id="ho-1" if number < 3 else "ho-2",
            confirm=True,
        )
        command = self.do(self.parts["intake"].to_order(body, DISTRICT))
        self.run(command, f"order-{number}-{self.clock.now()}")
        return str(command.person_id)

    def hear_of_beds(self) -> None:
        """Let the files hear what the facilities told, as the relay and the consumer would."""
        for stored in self.stores.moves.facilities.aggregates.values():  # type: ignore[attr-defined]
            hall = stored.state
            for one in hall.occupants:
                bed = Bed(one.assignment_id, hall.facility_id, one.room, one.since)
                self.run(NoteBed(one.person_id, bed), one.assignment_id)


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    clock = FrozenClock(MORNING)
    settings = sample_settings(QuarantineSettings, drain_seconds=0)
    stores = memory_stores()
    service = compose(Runtime(settings, clock=clock, jwks=sample_jwks(), in_memory=True), stores, settings)
    app = service.app(Mode.API)
    with serving(app, service.drain) as here:
        yield Served(here.address, here.loop, app.state.parts, stores, clock)


@pytest.fixture
def served(running: Served) -> Served:
    """Three at home and one who is to go to a facility, a week later."""
    running.stores.cases.aggregates.clear()  # type: ignore[attr-defined]
    running.stores.moves.facilities.aggregates.clear()  # type: ignore[attr-defined]
    running.clock.set(MORNING)
    for number in range(3):
        running.order(number)
    running.order(3, place=Place.FACILITY)
    running.clock.set(WEEK_LATER)
    return running


OpenPage = Callable[..., Page]


@pytest.fixture
def opened(served: Served, devices: Devices) -> OpenPage:
    """Open a page signed in as an officer."""

    def open_page(path: str = "/cases", *, area: str = "164", size: tuple[int, int] = WALL) -> Page:
        bearer = token("health_officer", (area,), subject=f"cb-{area}", name="Y sĩ Mẫu Bình")
        page = devices.add(bearer, size=size).new_page()
        page.goto(f"{served.address}{path}")
        page.wait_for_selector("html[data-ready]", timeout=30_000)
        return page

    return open_page


def section(page: Page, name: str) -> None:
    """Open a section of the officer's page; on a phone those of other days are behind one button."""
    opener = page.locator(".sections .opener")
    if opener.is_visible():
        opener.press("Enter")
    page.locator(".sections").get_by_role("button", name=name, exact=True).press("Enter")


def picture(page: Page, name: str) -> None:
    """Keep a picture where the environment asks for it."""
    if folder := os.environ.get("LACHAN_SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def clean(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", [PHONE, WALL], ids=["phone", "desk"])
def test_a_household_is_found_negative_with_three_taps(opened: OpenPage, size: tuple[int, int]) -> None:
    page = opened(size=size)
    page.get_by_role("button", name="Xét nghiệm", exact=True).first.click()
    expect(page.locator(".moves .duty")).to_have_count(4)
    clean(page)
    picture(page, f"tests-{size[0]}")
    page.get_by_role("button", name="Chọn hết").click()
    page.get_by_role("button", name="Âm tính: 4 người").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    clean(page)
    page.get_by_role("button", name="Ghi kết quả").click()
    expect(page.get_by_text("Đã ghi âm tính cho 4 người.")).to_be_visible()
    expect(page.get_by_text("Không ai quá hạn xét nghiệm")).to_be_visible()
    expect(page.locator(".three-up button").nth(2)).to_contain_text("4")


@pytest.mark.parametrize("size", [PHONE, WALL], ids=["phone", "desk"])
def test_a_member_is_ordered_and_a_handover_accepted(
    served: Served, opened: OpenPage, size: tuple[int, int]
) -> None:
    [who] = [c for c in _cases(served) if _name(served, c) == NAMES[2]]
    served.run(ReleaseFromQuarantine(who, DISTRICT, Outcome.WRONG_ENTRY, _note(served, who)), f"undo-{size}")
    served.run(NoteHomeCase(who, HomeExposure("pf0", 3, date(2021, 8, 9))), f"exposed-{size}")
    page = opened(size=size)
    section(page, "Người nhà, chuyển giao")
    expect(page.get_by_text("tiếp xúc đến 09/08/2021")).to_be_visible()
    clean(page)
    picture(page, f"proposals-{size[0]}")
    page.get_by_role("button", name=f"Ra quyết định cho {NAMES[2]}").click()
    expect(page.get_by_text("Không ai chờ quyết định")).to_be_visible()

    page.get_by_role("button", name="Hôm nay", exact=True).click()
    page.get_by_role("button", name=NAMES[1], exact=True).click()
    page.get_by_role("button", name=f"Chuyển giao {NAMES[1]}").first.click()
    page.get_by_label("Xã, phường nhận").select_option("05500")
    page.get_by_label("Nơi sẽ cách ly").fill("Tổ 5, nhà bố mẹ")
    page.get_by_label("Lý do (xã nhận sẽ đọc)").fill("Về ở với bố mẹ")
    clean(page)
    page.get_by_role("button", name="Gửi đề nghị").click()
    expect(page.get_by_text("Đã gửi đề nghị chuyển 1 người.")).to_be_visible()

    taker = opened(area="05500", size=size)
    section(taker, "Người nhà, chuyển giao")
    expect(taker.get_by_text("“Về ở với bố mẹ”")).to_be_visible()
    picture(taker, f"handover-{size[0]}")
    taker.get_by_role("button", name=f"Nhận {NAMES[1]}", exact=True).press("Enter")
    expect(taker.get_by_text("Đã nhận", exact=True)).to_be_visible()
    clean(taker)


@pytest.mark.parametrize("size", [PHONE, WALL], ids=["phone", "desk"])
def test_a_facility_is_set_up_and_a_bed_given(
    served: Served, opened: OpenPage, size: tuple[int, int]
) -> None:
    page = opened("/co-so-cach-ly", size=size)
    expect(page.get_by_text("Chưa có cơ sở nào")).to_be_visible()
    page.get_by_role("button", name="Lập cơ sở").click()
    page.get_by_label("Tên cơ sở").fill("Trường Mẫu")
    page.get_by_label("Phòng và số giường").fill("A1-A3 4\nB1 2")
    clean(page)
    page.get_by_role("button", name="Lưu cơ sở").click()
    expect(page.get_by_role("button", name="Trống 14/14 giường")).to_be_visible()
    page.get_by_role("button", name=f"Xếp giường cho {NAMES[3]}").click()
    page.get_by_role("dialog").get_by_role("button", name="Xếp giường").click()
    expect(page.get_by_text(f"{NAMES[3]}: phòng B1, Trường Mẫu.")).to_be_visible()
    served.hear_of_beds()
    page.reload()
    expect(page.get_by_role("button", name="Trống 13/14 giường")).to_be_visible()
    expect(page.locator(".room", has_text="B1")).to_contain_text(NAMES[3])
    clean(page)
    picture(page, f"facilities-{size[0]}")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_text("13 of 14 beds free")).to_be_visible()


def _cases(served: Served) -> list[str]:
    return list(served.stores.cases.aggregates)  # type: ignore[attr-defined]


def _name(served: Served, person_id: str) -> str:
    case = served.stores.cases.aggregates[person_id].state  # type: ignore[attr-defined]
    vault = served.parts["runtime"].vault
    return str(vault.open(case.person.sealed, person_id=person_id)["full_name"])


def _note(served: Served, person_id: str) -> str:
    return str(served.parts["intake"].sealed_note(person_id, "Nhập nhầm người"))
