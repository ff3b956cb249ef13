"""Every page of permits for everybody: by axe, by keyboard alone, and with letters of twice the size."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from common.testing.sign_in import bearer, token
from services.permit.tests.conftest import FIRM
from tests.browser.devices import PHONE, READY, WALL, Devices, pictured
from tests.browser.test_permit_pages import PERSON, Served, served

__all__ = ["served"]

PERMITS = token(("permit_officer", "commune_police"), ("05434",), subject="cong-an", name="Công an Mẫu")
LEADER = token("leader", ("19",), subject="lanh-dao", name="Lê Thị Lãnh Đạo Mẫu")
GATE = token("checkpoint_officer", ("19",), subject="chot", name="Trần Văn Chốt Mẫu")
FIRMS = token("permit_officer", ("19",), subject="mot-cua", name="Cán bộ Một Cửa Mẫu")
EMPLOYER = token("employer", (), subject="cong-ty-mau", name="Phạm Thị Mẫu")
PAGES = {
    "/permits?v=queue": PERMITS,
    "/permits?v=asked": PERMITS,
    "/permits?v=appeals": FIRMS,
    "/permits?v=list": PERMITS,
    "/permits?v=changes": LEADER,
    "/board": LEADER,
    "/scan": GATE,
    "/gate-log": LEADER,
    "/firms": FIRMS,
    "/employer": EMPLOYER,
    "/my-permits": "",
}
SIZES = pytest.mark.parametrize("size", [PHONE, WALL], ids=["phone", "wall"])
EVERY = pytest.mark.parametrize("path", PAGES)

LARGER = """() => {
  const texts = [...document.querySelectorAll('body *')].map(each => [each, parseFloat(getComputedStyle(each).fontSize)]);
  for (const [each, size] of texts) each.style.fontSize = `${size * 2}px`;
}"""
"""What a phone set to twice the letters does: the layout keeps its width."""
WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
  .filter(each => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + 1
    && !each.closest('[tabindex="0"],.posts')).map(each => each.outerHTML.slice(0, 120))"""
"""What sticks out to the right, where the page is wider than the screen."""
CUT = """() => [...document.querySelectorAll('body *')].filter(each => {
  const style = getComputedStyle(each);
  return each.checkVisibility() && each.clientWidth > 8 && each.innerText?.trim() && style.clipPath === 'none'
    && style.overflowX === 'hidden' && each.scrollWidth > each.clientWidth + 1;
}).map(each => each.outerHTML.slice(0, 120))"""
FOCUS = """() => {
  const each = document.activeElement, box = each.getBoundingClientRect(), style = getComputedStyle(each);
  const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const label = each.closest('label');
  return {
    html: each.outerHTML.slice(0, 140), isBody: each === document.body,
    isMarked: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2)
      || ['date', 'time', 'datetime-local'].includes(each.type),  // the browser marks their parts itself
    isSeen: !!at && (each.contains(at) || at.contains(each) || !!label?.contains(at)),
    small: Math.min(box.width, box.height) < 24 && !label && style.display !== 'inline' ? `${box.width}x${box.height}` : '',
  };
}"""


@pytest.fixture(scope="module")
def busy(served: Served) -> Iterator[tuple[Served, str]]:
    """A province in which something stands on every page; and the holder's token."""

    def send(method: str, path: str, body: Any, who: dict[str, str]) -> Any:
        reply = httpx.request(method, f"{served.address}{path}", json=body, headers=who, timeout=20)
        assert reply.status_code in (200, 201), reply.text
        return reply.json()

    send("PUT", "/v1/directives/19", {"directive": "16", "document": "Công văn mẫu"}, bearer("administrator"))
    numbers = iter(range(700, 800))
    made = {
        category: served.permit(category=category, person={**PERSON, "cccd": f"019084000{next(numbers)}"})
        for category in ("worker", "family-emergency", "return-home", "personal", "essential-goods")
    }
    police = bearer(("permit_officer", "commune_police"), ("05434",), subject="cong-an")
    question = {"text": "Bạn đi đến đâu, gặp ai, có giấy hẹn nào không?"}
    send("POST", f"/v1/permits/{made['worker']['permit_id']}/questions", question, police)
    refused = made["personal"]
    holder = bearer("citizen", (), person_id=refused["person_id"])
    appeal = {"text": "Tôi phải đi vì mẹ ở một mình, không ai khác giúp được."}
    send("POST", f"/v1/permits/{refused['permit_id']}/appeals", appeal, holder)
    send("PUT", "/v1/my/firm", FIRM, bearer("employer", (), subject="cong-ty-mau"))
    now, gate = datetime.now(UTC).isoformat(), bearer("checkpoint_officer", subject="chot")
    goods = made["essential-goods"]
    shown = {"qr": goods["qr"], "checkpoint_id": "thai-nguyen", "plate": "20C-999.99"}
    send("POST", "/v1/verifications", shown, gate)
    act = {"action_id": "viec-mau-0001", "act": "emergency", "reason_code": "urgent-care", "acted_at": now}
    acts = {"items": [{**act, "checkpoint_id": "thai-nguyen", "plate": "20C-115.00"}]}
    send("POST", "/v1/gate-actions", acts, gate)
    yield served, token("citizen", (), person_id=made["worker"]["person_id"], name="Nguyễn Văn Mẫu")
    served.works["directives"].store.aggregates.clear()


def opened(busy: tuple[Served, str], devices: Devices, path: str, size: tuple[int, int]) -> Page:
    served, holder = busy
    page = devices.add(PAGES[path] or holder, size=size).new_page()
    page.goto(f"{served.address}{path}")
    if path == "/scan":
        page.get_by_role("button", name="Chốt thai-nguyen").click()
    page.wait_for_selector(READY, state="attached")
    page.wait_for_load_state("networkidle") if path != "/board" else page.wait_for_selector(".kpi")
    return page


@SIZES
@EVERY
def test_axe_finds_nothing_and_twice_the_letters_fit(
    busy: tuple[Served, str], devices: Devices, path: str, size: tuple[int, int]
) -> None:
    page = opened(busy, devices, path, size)
    name = path.strip("/").replace("?v=", "-")
    pictured(page, f"page-{name}")
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.evaluate(LARGER)
    pictured(page, f"large-{name}")
    assert page.evaluate(WIDE) == []
    assert page.evaluate(CUT) == []


@SIZES
@EVERY
def test_by_keyboard_everything_is_reached_seen_and_marked(
    busy: tuple[Served, str], devices: Devices, path: str, size: tuple[int, int]
) -> None:
    page = opened(busy, devices, path, size)
    stops = []
    for _ in range(60):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop["isBody"] or (stops and stop["html"] == stops[0]["html"]):
            break
        stops.append(stop)
    assert stops
    faults = [stop for stop in stops if not stop["isMarked"] or not stop["isSeen"] or stop["small"]]
    assert faults == []
    wanted = page.locator(
        "button:visible:enabled, a[href]:visible, input:visible:enabled, select:visible"
    ).count()
    assert len(stops) >= min(wanted, 59) - 8  # radios of one group are one stop
