"""A doctor who opens an alert finds the number of the station to call, and is told where there is none."""

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from alerting.app import compose
from alerting.domain.commands import NoteRisk
from alerting.domain.model import Kind
from alerting.domain.stations import Station
from alerting.settings import AlertingSettings
from alerting.store.stations import MemoryStations
from common.geo import Units
from common.kernel.areas import Area
from common.service import Mode, Runtime
from common.testing.sign_in import sample_jwks, sample_settings, token
from common.work.model import Cause
from services.alerting.tests.memory import MemoryAnswers, MemoryConditions, calling_stores
from tests.browser.devices import PHONE, WALL, Devices, pictured
from tests.browser.serving import Serving, serving

WITH_STATION, WITHOUT = "05437", "05446"
UNITS = Units.load()


@pytest.fixture(scope="module")
def served() -> Iterator[Serving]:
    """An alert in a commune whose station told its number, and one in a commune that has none."""
    settings = sample_settings(AlertingSettings, drain_seconds=0)
    runtime = Runtime(settings, jwks=sample_jwks(), in_memory=True)
    stations = MemoryStations()
    service = compose(settings, runtime, MemoryConditions(), calling_stores(), MemoryAnswers(), stations)
    with serving(service.app(Mode.API), service.drain) as here:
        told = Station("tram-1", 1, "station", "Trạm y tế mẫu", "0208 3 800 001", WITH_STATION, "164")
        here.do(stations.note([told]))
        for number, commune in enumerate((WITH_STATION, WITHOUT)):
            about = (Kind.RISK_RISING, f"p-{number}", Area(commune, "164"), datetime.now(UTC), 1)
            here.do(runtime.works[0].run(NoteRisk(*about, f"p-{number}", "very_high"), Cause(f"f-{number}")))
        yield here


def unaccented(text: str) -> str:
    """Return *text* as people type it in a hurry."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()


def opened(served: Serving, devices: Devices, size: tuple[int, int]) -> Page:
    page = devices.add(token("doctor", ("164",), subject="doctor-1", name="BS. Mẫu"), size=size).new_page()
    page.goto(f"{served.address}/inbox")
    expect(page.locator(".al")).to_have_count(2)
    return page


@pytest.mark.parametrize("size", [PHONE, WALL], ids=["phone", "wall"])
def test_the_number_of_the_station_is_one_press_away(
    served: Serving, devices: Devices, size: tuple[int, int]
) -> None:
    page = opened(served, devices, size)
    here, there = (UNITS.name_of(code) for code in (WITH_STATION, WITHOUT))
    page.locator(".al", has_text=here).click()
    call = page.get_by_role("link", name="Gọi trạm")
    expect(call).to_have_attribute("href", "tel:02083800001")
    expect(page.get_by_role("link", name="0208 3 800 001")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    found = Axe().run(page)
    assert [(v["id"], v["nodes"][0]["html"]) for v in found.response["violations"]] == []
    pictured(page, "inbox-telephones")

    if size == PHONE:
        page.get_by_role("button", name="Danh sách").click()
    page.locator(".al", has_text=there).click()
    expect(page.get_by_text("Chưa có số máy của trạm")).to_be_visible()
    expect(call).to_have_count(0)


def test_a_filter_leaves_the_places_that_were_asked_for_and_forgets_nothing(
    served: Serving, devices: Devices
) -> None:
    page = opened(served, devices, WALL)
    here, there = (UNITS.name_of(code) for code in (WITH_STATION, WITHOUT))
    place = page.get_by_label("Nơi")
    place.fill(unaccented(there))
    expect(page.locator(".al")).to_have_count(1)
    expect(page.locator(".al")).to_contain_text(there)
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 chưa nhận")
    place.fill("khong co noi nay")
    page.get_by_role("button", name="Hiện tất cả").click()
    expect(page.locator(".al")).to_have_count(2)
    expect(page.locator(".al", has_text=here)).to_be_visible()
    page.get_by_label("Hiện").select_option("waiting")
    expect(page.locator(".al")).to_have_count(2)
