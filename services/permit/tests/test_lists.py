"""The lists that scanners carry: whom they stop, whom they let go again, and what no crash does to them."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from common.credential import revocation, serial
from common.credential.keys import LocalSigner
from common.credential.listing import Listing, Mark, week_of
from common.credential.refusals import Unverifiable
from common.work.engine import Work
from common.work.model import Cause, Heart
from permit.domain import keyring
from permit.domain.commands import NoteStanding
from permit.domain.model import Source
from permit.translate import to_event
from permit.views.cabinet import ModuleKeys, SealedKeys
from permit.views.list_builder import ListBuilder
from permit.views.lists import Lists
from permit.views.signing import SigningDesk
from services.permit.tests.conftest import Province
from services.permit.tests.memory import MemoryJournal, MemoryRing
from services.permit.tests.samples import HOUR, NOW

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def always_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the journal at every request."""
    monkeypatch.setattr("permit.views.lists._FRESH_SECONDS", -1.0)


_NUMBERS = count(200)


@dataclass
class Scanner:
    """A scanner as the page is one: it takes the full list once and then changes."""

    province: Province
    listing: Listing = field(default_factory=Listing)
    head: Any = None
    bytes_taken: int = 0

    async def get(self, path: str, **headers: str) -> Any:
        from common.testing.sign_in import bearer

        reply = await self.province.client.get(
            f"/v1/revocations/{path}", headers={**bearer("checkpoint_officer"), **headers}
        )
        self.bytes_taken += len(reply.content)
        return reply

    async def sync(self) -> "Scanner":
        root = await self.province.app.state.parts["gate"]._signing.root_key()
        if self.head is None:
            full = await self.get("full")
            assert full.status_code == 200, full.text
            self.head, self.listing = revocation.read_full(full.content, root)
        newest = revocation.read_head((await self.get("head")).content, root)
        if newest.sequence > self.head.sequence:
            reply = await self.get(f"changes/{self.head.sequence + 1}/{newest.sequence}")
            for signed in messages(reply.content):
                self.listing, self.head = revocation.apply(
                    self.listing, self.head, revocation.read_delta(signed, root)
                )
        assert newest.list_hash == self.head.list_hash
        return self

    def mark(self, permit: dict[str, Any]) -> Mark | None:
        return self.listing.mark_of(serial.cti_of(permit["permit_id"]))

    def watches(self, permit: dict[str, Any]) -> bool:
        return self.listing.is_watched(serial.cti_of(permit["permit_id"]))


def messages(body: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(body):
        size = int.from_bytes(body[at : at + 4], "big")
        yield body[at + 4 : at + 4 + size]
        at += 4 + size


def builder_of(province: Province) -> ListBuilder:
    """Return another worker's builder on the same stores."""
    made, signing = province.stores.lists, province.app.state.parts["gate"]._signing
    flags = province.stores.watch.permit_flags
    return ListBuilder(made.standings, made.changes, flags, made.journal, signing, province.clock)


async def built(province: Province) -> None:
    await province.app.state.parts["list_builder"].round()


async def applied(province: Province) -> dict[str, Any]:
    from services.permit.tests.conftest import IDENTITY

    person = {**IDENTITY, "cccd": f"019084{next(_NUMBERS):06d}"}
    permit: dict[str, Any] = (await province.apply(person=person)).json()
    assert permit["status"] == "issued"
    return permit


async def bar(province: Province, permit: dict[str, Any], sequence: int, *, is_barred: bool) -> None:
    command = NoteStanding(permit["person_id"], Source.F0, is_barred, sequence)
    await province.app.state.parts["holders"].run(command, Cause(f"{permit['person_id']}-{sequence}"))


async def act(province: Province, permit: dict[str, Any], what: str) -> None:
    path = f"/v1/permits/{permit['permit_id']}/{what}"
    reply = await province.post(path, {"reason": "Đang xác minh thông tin"}, "permit_officer")
    assert reply.status_code == 200, reply.text


async def test_a_suspended_permit_is_on_the_next_change_and_leaves_the_list_when_reinstated(
    province: Province,
) -> None:
    permit, other = await applied(province), await applied(province)
    await built(province)
    scanner = await Scanner(province).sync()
    assert scanner.mark(permit) is None
    before = scanner.bytes_taken
    await bar(province, permit, 1, is_barred=True)
    await built(province)
    province.clock.move(timedelta(seconds=2))
    await scanner.sync()
    assert scanner.mark(permit) is Mark.SUSPENDED
    assert scanner.mark(other) is None
    assert scanner.bytes_taken - before < 500
    await bar(province, permit, 2, is_barred=False)
    await act(province, other, "revocation")
    await built(province)
    await scanner.sync()
    assert scanner.mark(permit) is None
    assert scanner.mark(other) is Mark.REVOKED
    assert (await Scanner(province).sync()).listing == scanner.listing


async def test_a_list_does_not_tell_why_a_permit_is_suspended(province: Province) -> None:
    by_health, by_officer = await applied(province), await applied(province)
    await bar(province, by_health, 1, is_barred=True)
    await act(province, by_officer, "suspension")
    await built(province)
    scanner = await Scanner(province).sync()
    assert scanner.mark(by_health) is scanner.mark(by_officer) is Mark.SUSPENDED


async def test_a_shard_drops_when_its_week_is_over(province: Province) -> None:
    permit = await applied(province)
    await act(province, permit, "revocation")
    await built(province)
    scanner = await Scanner(province).sync()
    assert list(scanner.listing.shards) == [week_of(NOW + 71 * HOUR)]
    province.clock.move(14 * DAY)
    await built(province)
    await scanner.sync()
    assert scanner.listing.shards == {}
    assert scanner.listing.oldest_week == week_of(province.clock.now())


async def contradicted(province: Province, permit: dict[str, Any]) -> None:
    """Show a permit at two checkpoints at once."""
    for post in ("thai-nguyen", "phu-binh"):
        await province.scan(qr=permit["qr"], checkpoint_id=post)


async def cleared(province: Province, permit: dict[str, Any]) -> None:
    path = f"/v1/permits/{permit['permit_id']}/flag-clearance"
    reply = await province.post(path, {"reason": "Hai xe cùng đoàn, đã xem"}, "permit_officer")
    assert reply.status_code == 200, reply.text


async def test_a_flagged_permit_travels_with_the_changes_and_is_checked_with_care(
    province: Province,
) -> None:
    permit, other = await applied(province), await applied(province)
    await built(province)
    scanner = await Scanner(province).sync()
    await contradicted(province, permit)
    assert (await province.scan(qr=permit["qr"]))["reason_code"] == "valid", "nobody compared yet"
    await province.look()
    await built(province)
    await scanner.sync()
    assert scanner.watches(permit)
    assert not scanner.watches(other)
    assert scanner.mark(permit) is None
    verdict = await province.scan(qr=permit["qr"])
    assert (verdict["verdict"], verdict["reason_code"]) == ("check", "watched")
    assert (await province.scan(qr=other["qr"]))["reason_code"] == "valid"
    await province.look()
    await cleared(province, permit)
    await built(province)
    assert not (await scanner.sync()).watches(permit)
    assert (await province.scan(qr=permit["qr"]))["reason_code"] == "valid"


async def test_scans_looked_at_again_make_no_change_and_do_not_raise_a_cleared_flag(
    province: Province,
) -> None:
    permit = await applied(province)
    await contradicted(province, permit)
    await province.look()
    await built(province)
    entries = dict(province.stores.lists.journal.entries)
    await province.look()
    await builder_of(province).round()
    assert province.stores.lists.journal.entries == entries
    await cleared(province, permit)
    await province.look()
    await builder_of(province).round()
    assert not (await Scanner(province).sync()).watches(permit)


async def test_a_flag_outlives_a_worker_that_dies_before_it_is_on_the_list(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    permit = await applied(province)
    await built(province)
    await contradicted(province, permit)
    await province.look()

    async def dies(_entry: Any) -> bool:
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(province.stores.lists.journal, "append", dies)
        with pytest.raises(ConnectionError):
            await built(province)
    await builder_of(province).round()
    assert (await Scanner(province).sync()).watches(permit)


class MemoryModule:
    """A hardware module: keys by label; what it hands out are signatures."""

    def __init__(self) -> None:
        self._keys: dict[str, LocalSigner] = {}

    def generate(self) -> tuple[str, bytes]:
        signer = LocalSigner.generate()
        label = f"key-{len(self._keys)}"
        self._keys[label] = signer
        return label, signer.spki

    def signer(self, label: str, _spki: bytes) -> LocalSigner:
        return self._keys[label]


async def test_a_root_key_in_a_hardware_module_signs_lists_and_changes(province: Province) -> None:
    ring, journal = MemoryRing(), MemoryJournal()
    work: Work[Any, Any] = Work(
        Heart("keyring", keyring.decide, to_event, lambda: None), ring, province.clock
    )
    keys = ModuleKeys(MemoryModule(), SealedKeys(province.runtime.vault))  # type: ignore[arg-type]
    signing = SigningDesk(province.runtime, ring, {}, "VN-19", keys)
    await signing.establish(work)
    made, flags = province.stores.lists, province.stores.watch.permit_flags
    await ListBuilder(made.standings, made.changes, flags, journal, signing, province.clock).round()
    root = await signing.root_key()
    assert (await signing.ring()).root.sealed == "pkcs11:key-0"
    [entry] = await journal.after(0)
    assert revocation.read_delta(entry.signed, root).sequence == 1
    assert revocation.read_head((await Lists(journal, signing).head()).body, root).sequence == 1


async def test_a_round_without_news_makes_no_change(province: Province) -> None:
    await applied(province)
    await built(province)
    entries = dict(province.stores.lists.journal.entries)
    await applied(province)
    await built(province)
    await builder_of(province).round()
    assert province.stores.lists.journal.entries == entries


async def test_several_workers_at_once_make_one_history(province: Province) -> None:
    permits = [await applied(province) for _ in range(6)]
    workers = [builder_of(province) for _ in range(3)]
    for sequence in range(1, 7):
        for number, permit in enumerate(permits):
            await bar(province, permit, sequence, is_barred=(sequence + number) % 2 == 0)
        await asyncio.gather(*(worker.round() for worker in workers))
    await workers[0].round()
    scanner = await Scanner(province).sync()
    told = [scanner.mark(permit) for permit in permits]
    assert told == [Mark.SUSPENDED if number % 2 == 0 else None for number in range(6)]
    numbers = sorted(province.stores.lists.journal.entries)
    assert numbers == list(range(1, len(numbers) + 1))


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("step", ["before", "after"])
async def test_a_worker_killed_while_it_appends_loses_and_doubles_nothing(
    province: Province, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    permit, other = await applied(province), await applied(province)
    await built(province)
    scanner = await Scanner(province).sync()
    await bar(province, permit, 1, is_barred=True)
    await act(province, other, "revocation")
    journal = province.stores.lists.journal
    append = journal.append

    async def dies(entry: Any) -> bool:
        if step == "after":
            await append(entry)
        raise Killed

    monkeypatch.setattr(journal, "append", dies)
    with pytest.raises(Killed):
        await built(province)
    monkeypatch.setattr(journal, "append", append)
    await builder_of(province).round()
    await scanner.sync()
    assert (scanner.mark(permit), scanner.mark(other)) == (Mark.SUSPENDED, Mark.REVOKED)
    assert sorted(journal.entries) == [1, 2]


async def test_a_slow_worker_that_wrote_what_is_no_longer_true_is_put_right(province: Province) -> None:
    permit = await applied(province)
    quick, slow = builder_of(province), builder_of(province)
    await quick.round()
    await slow.round()
    await bar(province, permit, 1, is_barred=True)
    journal, append = province.stores.lists.journal, province.stores.lists.journal.append

    async def meanwhile(entry: Any) -> bool:
        journal.append = append
        await bar(province, permit, 2, is_barred=False)
        await quick.round()  # sees a permit that is valid on a list that does not have it: nothing to do
        return bool(await append(entry))  # and then the slow one bars it

    journal.append = meanwhile
    people, slow._token = await slow._changes.since(slow._token)
    slow._people |= people or set()
    moves = await slow._next_moves(NOW)
    assert moves is not None
    await slow._append(moves, NOW)
    del slow
    await quick.round()
    assert (await Scanner(province).sync()).mark(permit) is None


async def test_who_is_far_behind_is_sent_to_the_full_list(province: Province) -> None:
    await built(province)
    scanner = Scanner(province)
    for path in ("changes/2/3", "changes/3/2", "changes/1/9000"):
        assert (await scanner.get(path)).status_code == 404
    assert (await scanner.get("changes/0/1")).status_code == 422


async def test_what_is_known_is_not_sent_again(province: Province) -> None:
    scanner = Scanner(province)
    assert (await scanner.get("head")).status_code == 404
    await built(province)
    for path in ("head", "full", "changes/1/1"):
        first = await scanner.get(path)
        again = await scanner.get(path, **{"If-None-Match": first.headers["etag"]})
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert "immutable" in first.headers["cache-control"]


async def test_a_list_is_signed_once_per_version_and_not_for_who_has_it(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    await built(province)
    scanner, signed = Scanner(province), list[int]()
    sign = revocation.sign_head

    def counted(head: Any, root: Any) -> bytes:
        signed.append(head.sequence)
        return sign(head, root)

    monkeypatch.setattr(revocation, "sign_head", counted)
    tags = {path: (await scanner.get(path)).headers["etag"] for path in ("head", "full")}
    firsts = len(signed)
    assert firsts <= 2
    for _ in range(3):
        for path, tag in tags.items():
            assert (await scanner.get(path, **{"If-None-Match": tag})).status_code == 304
            assert (await scanner.get(path)).status_code == 200
    assert len(signed) == firsts
    fresh = Lists(province.stores.lists.journal, province.part("gate")._signing)
    for path, tag in tags.items():
        served = await getattr(fresh, path)(tag)
        assert (served.body, f'"{served.version}"') == (b"", tag)
    assert len(signed) == firsts, "another process signs nothing for a 304 either"
    await bar(province, await applied(province), 1, is_barred=True)
    await built(province)
    assert (await scanner.get("head", **{"If-None-Match": tags["head"]})).status_code == 200
    assert len(signed) == firsts + 1


async def test_the_head_is_only_as_young_as_the_last_look(province: Province) -> None:
    await built(province)
    scanner = await Scanner(province).sync()
    province.clock.move(5 * HOUR)
    root = await province.app.state.parts["gate"]._signing.root_key()
    dead = revocation.read_head((await scanner.get("head")).content, root)
    assert dead.issued_at <= NOW
    await built(province)
    alive = revocation.read_head((await scanner.get("head")).content, root)
    assert province.clock.now() - alive.issued_at <= timedelta(minutes=30)
    assert alive.list_hash == dead.list_hash
    with pytest.raises(Unverifiable):
        revocation.read_head((await scanner.get("head")).content, root, newest_seen=alive.sequence + 1)
