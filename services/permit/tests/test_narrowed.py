"""An old code of a permit that a change of directive narrowed: who has no network knows it too."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from common.credential import revocation, serial, travel_permit
from common.credential.listing import Listing, Mark, Shard, unpacked, week_of
from common.credential.travel_permit import SignedWindow, TravelPermit
from common.work.timers import TimerLoop
from permit.domain.listed import NewTerms, Standing, listed
from permit.domain.model import Ending, Holder, Limits, Outcome, Permit, Ruling, Status, Window
from permit.domain.verdict import judge
from permit.views.list_builder import _packed
from permit.views.list_moves import Most, Wanted, moves_between
from services.permit.tests.conftest import Province
from services.permit.tests.samples import EVERY_DAY, HOUR, NOW, QUANG_VINH, RULES, terms
from services.permit.tests.test_lists import Scanner, always_fresh, built  # noqa: F401
from services.permit.tests.test_outlook import MONTH, STRICT, granted, play, under

DAY = timedelta(days=1)
LONG = {
    "category": "delivery",
    "windows": [{"weekdays": [1, 2, 3, 4, 5, 6, 7], "from": "04:00", "to": "22:00"}],
    "valid_until": (NOW + 20 * DAY).isoformat(),
}


async def ordered(province: Province, directive: str) -> None:
    """Order a directive for the province and let it reach its permits."""
    body = {"directive": directive, "document": f"Công văn mẫu {directive}"}
    assert (await province.put("/v1/directives/19", body)).status_code == 200
    await province.hear()
    province.clock.move(timedelta(seconds=1))
    await TimerLoop(province.part("rollouts"), province.stores.rollouts, province.clock).fire_due()
    while await province.part("rollout").step():
        pass


def shown(scanner: Scanner, permit: dict[str, Any], code: TravelPermit) -> TravelPermit:
    """Return what the device takes from a code and its lists."""
    assert scanner.mark(permit) is None
    narrowing = scanner.listing.narrowing_of(serial.cti_of(permit["permit_id"]))
    return narrowing.applied(code) if narrowing else code


def offline(code: TravelPermit, at: datetime) -> str:
    windows = tuple(Window(w.weekdays, w.from_minute, w.to_minute) for w in code.windows)
    known = terms(areas=code.areas, windows=windows, plate=code.plate, valid_until=code.valid_until)
    return judge(known, Status.ISSUED, QUANG_VINH, "", at, RULES.checkpoint).reason


async def read(province: Province, text: str) -> TravelPermit:
    return travel_permit.verify(text, await province.part("gate")._signing.trusted(), NOW)


async def test_an_old_code_is_judged_by_the_new_hours_with_and_without_a_network(province: Province) -> None:
    await province.put("/v1/directives/19", {"directive": "19", "document": "Công văn mẫu"})
    permit = (await province.apply(**LONG)).json()
    assert permit["status"] == "issued", permit
    await built(province)
    scanner = await Scanner(province).sync()
    old = await read(province, permit["qr"])
    early = NOW - timedelta(hours=5, minutes=30)  # 04:30 in Vietnam
    assert shown(scanner, permit, old) == old

    province.clock.move(HOUR)
    before = scanner.bytes_taken
    await ordered(province, "16")
    await built(province)
    await scanner.sync()
    assert scanner.bytes_taken - before < 600
    now = shown(scanner, permit, old)
    assert now.windows == (SignedWindow(127, 360, 1260),)
    assert offline(old, early + DAY) == "valid", "what the code alone says"
    assert offline(now, early + DAY) == "outside-hours"
    assert offline(now, NOW + 2 * HOUR) == "valid"
    assert offline(now, NOW + 4 * DAY) == "expired"

    again = await province.get(f"/v1/permits/{permit['permit_id']}", "permit_officer")
    new = await read(province, again.json()["qr"])
    assert new != old
    assert shown(scanner, permit, new) == new, "a new code says what the list says"

    province.clock.move(early + DAY - province.clock.now())
    verdict = await province.scan(qr=permit["qr"])
    assert (verdict["verdict"], verdict["reason_code"]) == ("refused", "outside-hours")
    assert "đã đổi giờ" in verdict["message_vi"]
    assert "trang Giấy đi đường" in verdict["next_vi"]
    assert verdict["shown"]["hours"] == ["06:00-21:00 mỗi ngày"]
    new_code = await province.scan(qr=again.json()["qr"])
    assert "đã đổi giờ" not in new_code["message_vi"], "it says what is true"


async def test_a_permit_that_is_as_granted_again_leaves_the_list(province: Province) -> None:
    await province.put("/v1/directives/19", {"directive": "19", "document": "Công văn mẫu"})
    permit = (await province.apply(**LONG)).json()
    province.clock.move(HOUR)
    await ordered(province, "16")
    await built(province)
    scanner = await Scanner(province).sync()
    old = await read(province, permit["qr"])
    assert shown(scanner, permit, old) != old
    province.clock.move(HOUR)
    await ordered(province, "19")
    await built(province)
    await scanner.sync()
    assert shown(scanner, permit, old) == old
    assert scanner.listing == (await Scanner(province).sync()).listing
    assert scanner.listing.shards == {}


async def test_an_old_code_is_stopped_after_its_new_end_and_when_the_permit_is_revoked(
    province: Province,
) -> None:
    await province.put("/v1/directives/19", {"directive": "19", "document": "Công văn mẫu"})
    permit = (await province.apply(**LONG)).json()
    province.clock.move(HOUR)
    await ordered(province, "16")
    await built(province)
    scanner = await Scanner(province).sync()
    old = await read(province, permit["qr"])
    assert week_of(old.valid_until) > week_of(shown(scanner, permit, old).valid_until)
    path = f"/v1/permits/{permit['permit_id']}/revocation"
    reply = await province.post(path, {"reason": "Đang xác minh thông tin"}, "permit_officer")
    assert reply.status_code == 200
    province.clock.move(10 * DAY)  # the week of the new end is over, that of the old code is not
    await built(province)
    await scanner.sync()
    assert scanner.mark(permit) is Mark.REVOKED


def narrowed() -> tuple[Holder, Permit]:
    wide = (Window(EVERY_DAY, 240, 1320),)
    holder, _ = play(under(STRICT), holder=granted("delivery", windows=wide))
    return holder, holder.permits[0]


def test_a_narrowed_permit_stays_listed_until_its_oldest_code_ends() -> None:
    holder, permit = narrowed()
    [row] = listed(holder)
    end = MONTH["valid_until"]
    assert (row.standing, row.valid_until) == (Standing.NARROWED, end)
    assert row.terms == NewTerms(permit.terms.valid_until, permit.terms.windows)
    over = replace(holder, permits=(replace(permit, ending=Ending.EXPIRED),))
    assert over.status_of(over.permits[0]) is Status.EXPIRED
    assert [row.terms for row in listed(over)] == [NewTerms(permit.terms.valid_until, permit.terms.windows)]


def test_fewer_places_travel_too_and_what_was_taken_back_after_a_code_was_made_is_stopped() -> None:
    holder, permit = narrowed()
    limits = permit.limits
    assert isinstance(limits, Limits)
    fewer = replace(permit, terms=replace(permit.granted, areas=("165",)))
    assert [row.terms for row in listed(replace(holder, permits=(fewer,)))] == [NewTerms(areas=("165",))]
    back = replace(permit, ruling=Ruling(Outcome.QUEUED, "", ""))
    assert [row.standing for row in listed(replace(holder, permits=(back,)))] == [Standing.SUSPENDED]


def test_a_change_takes_what_fits_and_the_next_ones_the_rest() -> None:
    rows = {number.to_bytes(8): (1 + number % 7).to_bytes(12) for number in range(90)}
    wanted = Wanted({5: {b"z" * 8: 1}}, {5: rows}, None, {})
    known, changes = Listing(), 0
    while True:
        moves, are_all = moves_between(known, wanted, 5, Most(20, 3))
        if not moves:
            break
        assert len(moves[5].narrowed) + len(moves[5].barred) <= 20
        assert len(set(moves[5].narrowed.values())) <= 3
        known = known.after(5, moves)
        changes += 1
        assert changes < 20
        if are_all:
            break
    assert known.shards == {5: Shard({b"z" * 8: 1}, {}, rows)}


def test_a_hundred_thousand_narrowed_permits_take_eight_bytes_each() -> None:
    holder, permit = narrowed()
    [row] = listed(holder)
    assert row.terms
    packed = _packed(row.terms)
    many = {number.to_bytes(8): packed for number in range(100_000)}
    listing = Listing(1, {week_of(permit.granted.valid_until): Shard(narrowed=many)})
    assert len(listing.packed()) < 100_000 * 8 + 100
    assert unpacked(listing.packed()) == listing
    assert revocation.MOST_MOVES * 9 < 65_535
