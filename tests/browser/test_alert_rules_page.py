"""The page of the alert rules in Chromium: read by anybody who is called, tried out by an operator."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from alerting.app import compose
from alerting.domain.commands import NoteSilence
from alerting.domain.model import Kind
from alerting.settings import AlertingSettings
from alerting.store.stations import MemoryStations
from common.clocks import FrozenClock
from common.kernel.areas import Area
from common.service import Mode, Runtime
from common.testing.sign_in import sample_jwks, sample_settings, token
from common.work.model import Cause
from services.alerting.tests.conftest import RULES_FOLDER
from services.alerting.tests.memory import MemoryAnswers, MemoryConditions, calling_stores
from tests.browser.devices import PHONE, READY, WALL, Devices, pictured
from tests.browser.serving import Serving, serving

TEXT = (RULES_FOLDER / "response-2021-08-21.yaml").read_text("utf-8")
TODAY = datetime(2021, 11, 24, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def served() -> Iterator[Serving]:
    """The service on the day after a patient of medium risk missed one declaration, and a contact three."""
    clock, store = FrozenClock(TODAY - timedelta(days=1)), MemoryConditions()
    settings = sample_settings(AlertingSettings, drain_seconds=0)
    runtime = Runtime(settings, clock=clock, jwks=sample_jwks(), in_memory=True)
    service = compose(settings, runtime, store, calling_stores(), MemoryAnswers(), MemoryStations())
    with serving(service.app(Mode.API), service.drain) as here:
        place, at = Area("05437", "164"), clock.now()
        notes = (
            NoteSilence(Kind.PATIENT_SILENT, "p-1", place, at, 1, "p-1", 1, "medium"),
            NoteSilence(Kind.CONTACT_SILENT, "p-2", place, at, 1, "p-2", 3),
        )
        for number, note in enumerate(notes):
            here.do(runtime.works[0].run(note, Cause(f"fact-{number}")))
        clock.move(timedelta(days=1))
        yield here


def opened(served: Serving, devices: Devices, role: str, size: tuple[int, int]) -> Page:
    bearer = token(role, ("19",), subject=f"{role}-1", name="Mẫu Bình")
    page = devices.add(bearer, size=size).new_page()
    page.goto(f"{served.address}/quy-tac")
    page.wait_for_selector(READY)
    return page


@pytest.mark.parametrize("size", [WALL, PHONE], ids=["wall", "phone"])
def test_who_is_called_when_is_said_in_plain_words(
    served: Serving, devices: Devices, size: tuple[int, int]
) -> None:
    page = opened(served, devices, "health_officer", size)
    silent = page.locator("#contact-silent")
    expect(silent).to_contain_text("Vắng 3 lần liên tiếp")
    expect(silent).to_contain_text("Từ 22:00 đến 06:00 không gọi")
    expect(page.locator(".file")).to_contain_text("theo trí nhớ, phải kiểm tra")
    expect(page.get_by_role("button", name="Chạy thử")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    found = Axe().run(page)
    assert [(v["id"], v["nodes"][0]["html"]) for v in found.response["violations"]] == []
    pictured(page, "alert-rules")


def test_a_change_is_tried_on_yesterday_before_anybody_is_called_by_it(
    served: Serving, devices: Devices
) -> None:
    page = opened(served, devices, "ioc_operator", WALL)
    page.get_by_role("button", name="Chạy thử").click()
    box = page.get_by_label("Nội dung tệp quy tắc (YAML)")
    run = page.locator("form .btn")
    box.fill("kinds: [")
    run.click()
    expect(page.get_by_role("alert")).to_contain_text("Tệp quy tắc chưa dùng được")
    box.fill(TEXT.replace("medium: [{missed_in_a_row: 2,", "medium: [{missed_in_a_row: 1,"))
    run.click()
    expect(page.locator("#seen")).to_contain_text("23/11/2021")
    expect(page.get_by_text("2 tình trạng có cảnh báo, 1 tình trạng sẽ khác")).to_be_visible()
    expect(page.get_by_role("row", name="F0 im lặng").first).to_contain_text("0 → 1")
    for size in (WALL, PHONE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        pictured(page, "alert-rules-tried")
