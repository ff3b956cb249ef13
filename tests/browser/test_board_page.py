"""The checkpoint board in Chromium: on the wall and on a phone, live, by keyboard, and the flags it shows."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from common.service import Mode, Runtime
from common.testing.sign_in import bearer, sample_jwks, sample_settings, token
from common.work.model import Cause, Errand, NewRecord
from deploy.local.people import CHECKPOINTS
from permit.app import compose
from permit.domain.flags import WatchScan
from permit.domain.scans import Mode as ScanMode
from permit.domain.scans import Scan
from permit.domain.verdict import Judgement, Verdict
from permit.settings import PermitSettings
from services.permit.tests.memory import memory_stores
from tests.browser.devices import PHONE, READY, WALL, Devices, pictured
from tests.browser.serving import Serving, serving

LEADER = token("leader", ("19",), name="Lê Thị Lãnh Đạo Mẫu")
SCANNER = token("checkpoint_officer", ("165",), name="Trần Văn Chốt Mẫu")
REASONS = ("expired", "outside-hours", "outside-area", "not-valid-now", "plate-mismatch", "bad-signature")


@dataclass
class Board(Serving):
    """The service on memory stores behind a real socket, with a morning of invented scans."""

    stores: Any
    watch: Any
    posts: dict[str, Any]

    def record(self, scans: list[Scan]) -> None:
        self.do(self._record(scans))

    async def _record(self, scans: list[Scan]) -> None:
        await self.stores.scans.append([NewRecord(each.scan_id, each, {}) for each in scans])
        await self.watch.run_batch([Errand(WatchScan(s.scan_id), Cause(s.scan_id)) for s in scans])

    def scan(self, name: str, post: str, at: datetime, **changes: Any) -> Scan:
        reason = changes.pop("reason", "valid")
        verdict = Verdict.ALLOWED if reason == "valid" else Verdict.REFUSED
        verdict = Verdict.CHECK if reason == "plate-mismatch" else verdict
        sample = Scan(
            scan_id=name,
            permit_id=f"{random.Random(name).getrandbits(60):016d}"[:16],
            person_id=f"p-{name}",
            checkpoint=self.posts[post],
            judgement=Judgement(verdict, reason),
            mode=ScanMode.ONLINE,
            scanned_at=at,
            received_at=at,
            officer="chot-mau",
            list_age_seconds=None,
        )
        return replace(sample, **changes)


def morning(board: Board, now: datetime) -> list[Scan]:
    """Four hours: one post with full lanes, one ordinary, one offline with old lists, two silent."""
    dice, scans = random.Random(7), []
    pace = {"thai-nguyen": (24, 3), "pho-yen": (5, 2), "song-cong": (3, 1)}
    for post, (per_minute, lanes) in pace.items():
        for minute in range(240):
            is_full = post == "thai-nguyen" and minute < 90
            count = per_minute if is_full else dice.randrange(per_minute // 2 + 1)
            for n in range(count):
                at = now - timedelta(minutes=minute, seconds=dice.randrange(50))
                reason = dice.choice(REASONS[:5]) if dice.random() < 0.06 else "valid"
                more: dict[str, Any] = {"lane": str(n % lanes + 1), "reason": reason}
                if post == "song-cong":
                    more |= {"mode": ScanMode.OFFLINE, "list_age_seconds": 100_000, "received_at": now}
                scans.append(board.scan(f"{post}-{minute}-{n}", post, at, **more))
    return scans


@pytest.fixture(scope="module")
def board() -> Iterator[Board]:
    settings = sample_settings(PermitSettings)
    stores = memory_stores()
    service = compose(Runtime(settings, jwks=sample_jwks(), in_memory=True), stores, settings)
    with serving(service.app(Mode.API)) as running:
        for post in CHECKPOINTS:
            body = {name: value for name, value in post.items() if name != "checkpoint_id"}
            url = f"{running.address}/v1/checkpoints/{post['checkpoint_id']}"
            assert httpx.put(url, json=body, headers=bearer("administrator"), timeout=20).status_code == 200
        placed = {key: stored.state for key, stored in stores.checkpoints.aggregates.items()}  # type: ignore[attr-defined]
        watch = next(each.work for each in service.subscriptions if each.group == "permit.watch")
        served = Board(running.address, running.loop, stores, watch, placed)
        now = datetime.now(UTC)
        served.record(morning(served, now))
        here = served.scan("far-1", "thai-nguyen", now - timedelta(minutes=12), permit_id="0123456789ABCDEF")
        there = replace(
            here,
            scan_id="far-2",
            checkpoint=served.posts["pho-yen"],
            scanned_at=now - timedelta(minutes=8),
            received_at=now - timedelta(minutes=8),
        )
        bad = [
            served.scan(
                f"bad-{n}",
                "pho-yen",
                now - timedelta(minutes=n),
                reason="bad-signature",
                permit_id="unreadable",
            )
            for n in range(3)
        ]
        served.record([here, there, *bad])
        yield served


def opened(
    board: Board, devices: Devices, who: str = LEADER, size: tuple[int, int] = WALL, path: str = ""
) -> Page:
    page = devices.add(who, size=size).new_page()
    page.goto(f"{board.address}/board{path}")
    page.wait_for_selector(READY)
    page.wait_for_selector(".kpi")
    return page


def test_a_leader_sees_which_post_is_full_and_which_is_silent(board: Board, devices: Devices) -> None:
    page = opened(board, devices)
    full = page.locator("tr", has=page.get_by_role("button", name="Chốt Thành phố Thái Nguyên"))
    expect(full).to_contain_text("≥")
    expect(page.locator("tr", has=page.get_by_role("button", name="Chốt Huyện Phú Bình"))).to_contain_text(
        "Im lặng"
    )
    expect(page.locator(".kpi.alarm")).to_contain_text("mở thêm làn")
    expect(page.locator(".why")).to_contain_text("Giấy đã hết hạn")
    assert page.evaluate("document.documentElement.scrollWidth") <= WALL[0]
    assert Axe().run(page).response["violations"] == []


def test_a_scan_appears_by_itself(board: Board, devices: Devices) -> None:
    page = opened(board, devices, path="?post=tru-so")
    expect(page.locator(".kpi.alarm")).to_contain_text("gọi bộ đàm")
    now = datetime.now(UTC)
    board.record([board.scan("live-1", "tru-so", now)])
    expect(page.locator(".kpi.alarm")).to_have_count(0)
    expect(page.locator(".kpi").nth(2)).to_contain_text("trong 1 lượt")


def test_by_keyboard_to_a_post_by_hour_and_back(board: Board, devices: Devices) -> None:
    page = opened(board, devices)
    first = page.locator("tbody tr").first.get_by_role("button").inner_text()
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(first)
    page.locator("#by-hour").click()
    expect(page.locator("#by-hour")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bảng chốt")


def test_a_district_at_a_time(board: Board, devices: Devices) -> None:
    page = opened(board, devices)
    page.get_by_role("button", name="Thị xã Phổ Yên", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    assert "district=172" in page.url


def test_an_officer_sees_the_own_post_on_a_phone_and_no_flags(board: Board, devices: Devices) -> None:
    page = opened(board, devices, SCANNER, PHONE)
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("#flags")).to_have_count(0)
    expect(page.locator(".kpi.warn")).to_contain_text("danh sách cũ nhất")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert Axe().run(page).response["violations"] == []


def test_a_flag_shows_its_evidence_and_is_cleared_with_a_reason(board: Board, devices: Devices) -> None:
    page = opened(board, devices)
    flag = page.locator("#flags > ul > li", has_text="0123-4567-89AB-CDEF")
    expect(flag).to_contain_text("Đi nhanh hơn mọi loại xe: Chốt Thành phố Thái Nguyên → Chốt Thị xã Phổ Yên")
    expect(flag).to_contain_text("km/h")
    expect(page.locator("#flags > ul > li", has_text="Mã bị sửa")).to_contain_text("Chốt Thị xã Phổ Yên")
    flag.get_by_role("button").click()
    page.get_by_label("Đã tìm hiểu thế nào").fill("Đã gọi chủ xe: cho mượn điện thoại, đã nhắc nhở")
    page.locator("dialog").get_by_role("button", name="Đã xem, gỡ").click()
    expect(flag).to_have_count(0)


@pytest.mark.parametrize("size", [WALL, PHONE])
def test_a_supervisor_sees_where_officers_decided_otherwise_and_why(
    board: Board, devices: Devices, size: tuple[int, int]
) -> None:
    now = datetime.now(UTC).isoformat()
    items = [
        {"act": "emergency", "reason_code": "urgent-care", "note": "Xe chở sản phụ", "plate": "20C-115.00"},
        {"act": "let-pass", "reason_code": "on-the-way-home", "told": "just-expired"},
        {"act": "let-pass", "reason_code": "office-confirmed", "told": "expired"},
    ]
    told = [
        {**item, "action_id": f"viec-mau-{n}", "checkpoint_id": "thai-nguyen", "acted_at": now}
        for n, item in enumerate(items)
    ]
    url, officer = f"{board.address}/v1/gate-actions", bearer("checkpoint_officer", subject="chot-mau")
    assert httpx.post(url, json={"items": told}, headers=officer, timeout=20).status_code == 200
    page = opened(board, devices, size=size)
    post = page.locator("#exceptions .acts > li")
    expect(post).to_have_count(1)
    expect(post).to_contain_text("Chốt Thành phố Thái Nguyên")
    expect(post.locator("[data-act=let-pass]")).to_contain_text("2")
    expect(post.locator("[data-act=emergency]")).to_contain_text("1")
    newest = page.locator("#exceptions .hand")
    expect(newest).to_contain_text("Cấp cứu, sinh nở – Xe chở sản phụ")
    expect(newest).to_contain_text("máy báo: Giấy đã hết hạn")
    expect(newest.locator("li")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert Axe().run(page).response["violations"] == []
    pictured(page, "board")
    if size is WALL:
        page.get_by_role("button", name="Thị xã Phổ Yên", exact=True).click()
        expect(page.locator("#exceptions")).to_contain_text("Không có lượt nào")
    by_officer = opened(board, devices, SCANNER, size)
    expect(by_officer.locator("#exceptions")).to_have_count(0)


def test_a_citizen_is_told_whom_the_board_is_for(board: Board, devices: Devices) -> None:
    page = devices.add(token("citizen", (), person_id="p1")).new_page()
    page.goto(f"{board.address}/board")
    page.wait_for_selector(READY)
    expect(page.get_by_role("alert")).to_contain_text("không xem được bảng chốt")
