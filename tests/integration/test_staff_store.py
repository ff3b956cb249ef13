"""Firms, staff lists and their pages give the same answers on MongoDB as in memory."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest

from common.kernel.areas import Actor
from common.sheets.pages import ListPage
from common.work.engine import Work
from common.work.model import Cause, Heart
from permit.domain import firms, staff_lists
from permit.domain.firms import FirmStatus, RegisterFirm, SettleFirm, firm_id_of
from permit.domain.staff_lists import ListStatus, NotePage, ReceiveList, VouchFor
from permit.store.staff_lists import MongoFirms, MongoStaffLists
from permit.translate import to_event
from services.permit.tests.memory import MemoryFirms, MemoryStaffLists
from services.permit.tests.samples import BA_HANG, HOUR, OFFICER, OTHER_OFFICER, QUANG_VINH, Frozen

CODES = ("4600123459", "46001234590 01")
ACCOUNTS = tuple(
    Actor(f"congty-{number}", frozenset({"employer"}), frozenset({"164"})) for number in range(4)
)


@dataclass
class Both:
    """The same commands on two stores."""

    clock: Frozen
    real: Any
    twin: Any
    works: list[Work[Any, Any]]
    count: int = 0

    async def hear(self, command: Any, *, is_later: bool = True) -> None:
        self.count += 1
        for work in self.works:
            await work.run(command, Cause(f"cause-{self.count}"))
        if is_later:
            self.clock.at += HOUR / 60

    async def agree(self, ask: str, *given: Any, **more: Any) -> Any:
        """Ask both and return what both answer."""
        found = await getattr(self.real, ask)(*given, **more)
        assert found == await getattr(self.twin, ask)(*given, **more), (ask, given, more)
        return found


async def _both(real: Any, twin: Any, heart: Heart[Any, Any]) -> AsyncIterator[Both]:
    clock = Frozen()
    await real.ensure_indexes()
    works: list[Work[Any, Any]] = [Work(heart, real, clock), Work(heart, twin, clock)]
    yield Both(clock, real, twin, works)
    for work in works:
        await work.stop()


@pytest.fixture
async def town(database: Any) -> AsyncIterator[Both]:
    heart = Heart("firm", firms.decide, to_event, lambda: None)
    async for both in _both(MongoFirms(database), MemoryFirms(), heart):
        yield both


@pytest.fixture
async def lists(database: Any) -> AsyncIterator[Both]:
    heart = Heart("staff-list", staff_lists.decide, to_event, lambda: None)
    async for both in _both(MongoStaffLists(database), MemoryStaffLists(), heart):
        yield both


def registration(number: int, **changes: Any) -> RegisterFirm:
    given: dict[str, Any] = {
        "by": ACCOUNTS[number],
        "name": f"Công ty Mẫu {number}",
        "tax_code": CODES[number == 3],
        "area": BA_HANG if number == 2 else QUANG_VINH,
        "address": "KCN Mẫu",
        "contact": "s1.mau",
        **changes,
    }
    return RegisterFirm(**given)


async def registered(town: Both) -> list[str]:
    for number in range(4):
        await town.hear(registration(number), is_later=number != 1)  # two of them in one instant
    ids = [firm_id_of(account.subject) for account in ACCOUNTS]
    await town.hear(SettleFirm(ids[0], OFFICER, FirmStatus.CONFIRMED))
    await town.hear(SettleFirm(ids[2], OTHER_OFFICER, FirmStatus.REFUSED, "Không có ở địa chỉ này"))
    return ids


async def test_firms_are_found_by_area_and_status_the_longest_waiting_first(town: Both) -> None:
    await registered(town)
    places = ({"164"}, {"172"}, {"19"}, {"05434", "172"}, set[str]())
    for codes, status in product(places, (None, *FirmStatus)):
        everyone = await town.agree("in_areas", codes, status, limit=10)
        walked: list[Any] = []
        after = None
        while page := await town.agree("in_areas", codes, status, limit=1, after=after):
            walked += page
            after = (page[-1].registered_at, page[-1].firm_id)
        assert walked == everyone, "pages follow each other without a gap, in one instant too"
    assert len(await town.agree("in_areas", {"19"}, None, limit=10)) == 4


async def test_a_firm_is_found_by_id_at_its_newest_and_accounts_by_tax_code(town: Both) -> None:
    ids = await registered(town)
    for firm_id in (*ids, "khong-co"):
        await town.agree("of_id", firm_id)
    for code in ("4600123459", "4600123459001", "0000000000"):
        await town.agree("with_tax_code", code)
    assert await town.agree("with_tax_code", "4600123459") == 3
    before = await town.agree("of_id", ids[0])
    await town.hear(registration(0, contact="s1.khac"))
    moved = await town.agree("of_id", ids[0])
    assert (moved.status, moved.registered_at) == (FirmStatus.CONFIRMED, before.registered_at)
    await town.hear(registration(0, area=BA_HANG))
    assert (await town.agree("of_id", ids[0])).status is FirmStatus.REGISTERED
    assert ids[0] in {firm.firm_id for firm in await town.agree("in_areas", {"172"}, None, limit=9)}
    assert ids[0] not in {firm.firm_id for firm in await town.agree("in_areas", {"164"}, None, limit=9)}


def upload(name: str, account: int, *, pages: int = 2, is_vouched: bool = False) -> ReceiveList:
    tally = {"ready": 300, "wrong": 5}
    return ReceiveList(name, ACCOUNTS[account], f"{name}.xlsx", 305, pages, tally, "s1.mau", is_vouched)


async def test_lists_are_found_by_account_status_and_firm(lists: Both) -> None:
    for at, (name, account) in enumerate((("b", 0), ("a", 0), ("c", 1), ("d", 0), ("e", 2))):
        await lists.hear(upload(name, account, is_vouched=account == 2), is_later=at != 0)
    await lists.hear(VouchFor("c"))
    await lists.hear(NotePage("c", 0, {"ready": -200, "issued": 200}))
    await lists.hear(NotePage("c", 0, {"ready": -200, "issued": 200}))  # counted once
    await lists.hear(NotePage("e", 0, {"ready": -200, "queued": 200}))
    await lists.hear(NotePage("e", 1, {"ready": -100, "refused": 100}))
    for name in ("a", "b", "c", "d", "e", "khong-co"):
        await lists.agree("of_id", name)
    assert (await lists.agree("of_id", "c")).tally == {"ready": 100, "wrong": 5, "issued": 200}
    for asker in ACCOUNTS:
        everything = await lists.agree("of_subject", asker.subject, limit=10)
        walked: list[Any] = []
        after = None
        while page := await lists.agree("of_subject", asker.subject, limit=1, after=after):
            walked += page
            after = (page[-1].received_at, page[-1].list_id)
        assert walked == everything
    firms_asked = (None, *(firm_id_of(account.subject) for account in ACCOUNTS))
    for status, firm, limit in product(ListStatus, firms_asked, (1, 10)):
        await lists.agree("in_status", status, firm_id=firm, limit=limit)
    assert [one.list_id for one in await lists.agree("in_status", ListStatus.WAITING, limit=9)] == [
        "a",
        "b",
        "d",
    ]
    assert await lists.agree("waiting_firms") == [firm_id_of("congty-0")]


async def test_pages_are_kept_in_order_and_replaced_whole(lists: Both) -> None:
    pages = [ListPage("a", n, f"s1.mau{n}", ({"row": n, "outcome": "ready"},)) for n in (2, 0, 1)]
    other = ListPage("b", 0, "s1.khac", ())
    for store in (lists.real, lists.twin):
        await store.keep_pages([*pages, other])
        await store.keep_pages([])
    assert [page.number for page in await lists.agree("pages", "a", 0, 10)] == [0, 1, 2]
    assert [page.number for page in await lists.agree("pages", "a", 1, 1)] == [1]
    for asked in (("a", 2, 5), ("a", 3, 5), ("b", 0, 5), ("khong-co", 0, 5)):
        await lists.agree("pages", *asked)
    answered = pages[2].answered("working", ({"row": 1, "outcome": "issued", "permit_id": "X"},))
    assert (answered.before, answered.changes) == ({"ready": 1}, {"ready": -1, "issued": 1})
    for store in (lists.real, lists.twin):
        await store.keep_pages([answered])
        await store.keep_pages([answered])
    assert (await lists.agree("pages", "a", 0, 10))[1] == answered
