"""
The thread in Chromium over the running system.

A phone declares, the doctor's inbox rings, the checkpoint refuses, the wall changes; then who may sign in.
"""

import asyncio
import re
import threading
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from deploy.local.seed import seed
from deploy.local.stack import Stack
from tests.browser.devices import PHONE, READY, WALL, Devices
from tests.integration.drivers import Permit, Town
from tests.integration.people import UNUSED, Person
from tests.integration.services import Services, eventually

SOON = 30_000
"""Milliseconds; it usually takes a few hundred."""


class Backstage:
    """What happens outside the pages, on a loop of its own: the browser's driver has one too."""

    def __init__(self, stack: Stack) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.services: Services = self.do(self._open(stack))
        self.town = Town(self.services, next(UNUSED))

    async def _open(self, stack: Stack) -> Services:
        return Services(stack)

    def do(self, deed: Coroutine[Any, Any, Any]) -> Any:
        """Do something and wait for it."""
        return asyncio.run_coroutine_threadsafe(deed, self._loop).result(120)

    def close(self) -> None:
        """Hang up."""
        self.do(self.services.close())
        self.do(asyncio.sleep(0.2))  # sockets close in the next rounds of the loop
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def patient_with_permit(self) -> tuple[Person, Permit]:
        """Return somebody who got a permit and was then declared an F0, of which the permit service heard."""

        async def prepare() -> tuple[Person, Permit]:
            person = self.town.somebody()
            paper = await self.town.permits.issues(person)
            await self.town.officer.declares(person)
            await eventually(
                lambda: self.town.permits.shows(paper), lambda view: view["status"] == "suspended"
            )
            return person, paper

        prepared: tuple[Person, Permit] = self.do(prepare())
        return prepared

    def contact(self) -> Person:
        """Return somebody in quarantine at home."""
        person = self.town.somebody()
        self.do(self.town.officer.quarantines(person))
        return person


@pytest.fixture(scope="module")
def backstage(stack: Stack) -> Iterator[Backstage]:
    steps = list(seed(stack))
    assert not [step for step in steps if "FAILED" in step], steps
    backstage = Backstage(stack)
    yield backstage
    backstage.close()


class Pages:
    """Opens pages of the running system; an error on a console counts as a fault here."""

    def __init__(self, devices: Devices, stack: Stack) -> None:
        self.devices, self.stack = devices, stack

    def open(
        self,
        service: str,
        path: str,
        *,
        role: str = "",
        areas: tuple[str, ...] = (),
        person_id: str = "",
        size: tuple[int, int] = WALL,
    ) -> Page:
        """Open a page, signed in unless *role* is empty."""
        bearer = self.stack.token(role, areas=areas, person_id=person_id or None) if role else ""
        page = self.devices.add(bearer, size=size, locale="vi-VN").new_page()
        page.on("console", lambda said: said.type == "error" and self.devices.note(page, said.text))
        page.goto(f"{self.stack.address(service)}{path}")
        return page


@pytest.fixture
def pages(stack: Stack, devices: Devices) -> Pages:
    """Fail the test when a page reports an error, such as a violation of its content security policy."""
    return Pages(devices, stack)


def declares_a_falling_saturation(phone: Page) -> None:
    phone.wait_for_selector(READY, timeout=SOON)
    phone.click("[data-well=yes]")
    measured = {"spo2_percent": "92", "temperature_celsius": "37,9", "pulse_per_minute": "96"}
    for name, value in {**measured, "breaths_per_minute": "20"}.items():
        phone.fill(f"#{name}", value)
    phone.click("[data-next=vitals]")
    phone.fill("#again", "91")
    expect(phone.locator("#countdown")).to_contain_text("0:2", timeout=2 * SOON)  # not before half a minute
    phone.click("[data-next=again]")
    phone.click("[type=submit]")
    expect(phone.locator("#receipt")).to_have_text(re.compile(r"\w{4,}"), timeout=SOON)


def test_a_phone_declares_the_inbox_rings_the_checkpoint_refuses_and_the_wall_changes(
    backstage: Backstage, pages: Pages
) -> None:
    person, paper = backstage.patient_with_permit()
    area = backstage.town.area
    wall = pages.open("ioc_aggregation", "/", role="ioc_operator", areas=("19",))
    wall.wait_for_selector(READY, timeout=SOON)
    label = wall.locator(f'.tile[data-code="{area.commune_code}"]')
    expect(label).to_have_attribute("aria-label", containing("1 F0"), timeout=SOON)
    inbox = pages.open("alerting", "/inbox", role="doctor", areas=(area.district_code,))
    inbox.wait_for_selector(".pane", timeout=SOON)

    phone = pages.open("f0_monitoring", "/khai-bao", role="citizen", person_id=person.person_id, size=PHONE)
    declares_a_falling_saturation(phone)

    row = inbox.locator(".al", has_text=person.person_id[-4:])
    news = inbox.get_by_role("button", name=containing("cảnh báo mới"))
    expect(news.or_(row).first).to_be_visible(timeout=SOON)
    if news.is_visible():  # where older alerts stand, a new one waits behind the button
        news.click()
    expect(row).to_contain_text("SpO₂ 92", timeout=SOON)
    expect(wall.locator(".kpi.alarm .n")).not_to_have_text("0", timeout=SOON)
    scanner = pages.open("permit", "/scan", role="checkpoint_officer", areas=("19",), size=PHONE)
    scanner.get_by_role("button", name=containing("Chốt Thành phố Thái Nguyên")).click(timeout=SOON)
    scanner.wait_for_selector(READY, timeout=SOON)
    scanner.keyboard.type(paper.qr)
    scanner.keyboard.press("Enter")
    expect(scanner.locator("#verdict[open]")).to_have_attribute("data-reason", "not-valid-now", timeout=SOON)
    shown = scanner.locator("#verdict").inner_text().lower()
    assert not [word for word in ("f0", "covid", "bệnh", "cách ly") if word in shown]


def containing(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text))


@pytest.mark.parametrize(
    ("service", "path", "role"),
    [
        ("alerting", "/inbox", "Bác sĩ"),
        ("f0_monitoring", "/doctor", "Bác sĩ"),
        ("ioc_aggregation", "/", "IOC"),
    ],
)
def test_somebody_who_is_not_signed_in_chooses_who_to_be_and_comes_back(
    backstage: Backstage, pages: Pages, service: str, path: str, role: str
) -> None:
    page = pages.open(service, path)
    page.wait_for_url(containing("/oidc/authorize"), timeout=SOON)

    page.locator("li", has_text=role).first.locator("a, button").first.click()

    page.wait_for_url(containing(pages.stack.address(service)), timeout=SOON)
    expect(page.locator("h1, main").first).to_be_visible(timeout=SOON)
    signed_in = (page.evaluate("sessionStorage.getItem('lachan.session')") for _ in range(100))
    assert next((session for session in signed_in if session or page.wait_for_timeout(100)), None)


OPEN_PAGES = [
    ("f0_monitoring", "/doctor", "doctor"),
    ("f0_monitoring", "/khai-bao", "citizen"),
    ("quarantine", "/khai-bao", "citizen"),
    ("quarantine", "/cases", "health_officer"),
    ("permit", "/scan", "checkpoint_officer"),
    ("alerting", "/inbox", "doctor"),
    ("ioc_aggregation", "/", "ioc_operator"),
    ("start", "/", ""),
]


@pytest.mark.parametrize("size", [PHONE, WALL], ids=["phone", "wall"])
@pytest.mark.parametrize(("service", "path", "role"), OPEN_PAGES, ids=str)
def test_a_page_over_the_running_system_is_quiet_and_accessible(
    backstage: Backstage, pages: Pages, service: str, path: str, role: str, size: tuple[int, int]
) -> None:
    is_contact = service == "quarantine"
    person = backstage.contact() if is_contact else backstage.patient_with_permit()[0]
    page = pages.open(
        service,
        path,
        role=role,
        areas=("19",),
        size=size,
        person_id=person.person_id if role == "citizen" else "",
    )
    page.wait_for_load_state("networkidle" if service == "start" else "load")
    page.wait_for_timeout(1_500)

    found = Axe().run(page).response["violations"]
    serious = [each["id"] for each in found if each["impact"] in ("serious", "critical")]
    assert serious == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways"
