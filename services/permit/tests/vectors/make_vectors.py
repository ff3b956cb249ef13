"""
Writes permit.json: texts that every verifier must judge alike, hostile ones among them.

    python services/permit/tests/vectors/make_vectors.py

Keys are fixed and signatures deterministic, so the file only changes when the format does. pytest and
node read the same file; a verifier that accepts what another refuses fails its build.
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from common.credential import base45, cose, recovery, revocation, strict_cbor, trust_list
from common.credential.keys import LocalSigner
from common.credential.listing import Listing, Moves, Shard, hash_of, row_hash, week_of
from common.credential.narrowing import Narrowing
from common.credential.revocation import Delta, Head
from common.credential.travel_permit import SignedWindow, sign
from libs.common.tests.credential.samples import (
    CURRENT,
    EARLY,
    LIMITED,
    NOW,
    OLD,
    REVOKED,
    ROOT,
    STRANGER,
    permit,
    trust,
    trusted_key,
)

FILE = Path(__file__).with_name("permit.json")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
Vector = dict[str, Any]


def seconds(at: datetime) -> int:
    return int(at.timestamp())


def claims(**changes: Any) -> dict[Any, Any]:
    """The claims of the sample permit as a map, to be broken; None drops one."""
    body = {1: b"mau-mau!", 2: "NGUYỄN VĂN MẪU", 3: "0999", 4: 1984, 5: 4, 6: [5431, 9], 8: "20C12345"}
    sample: dict[Any, Any] = {
        1: "VN-19",
        4: seconds(NOW + 71 * HOUR),
        5: seconds(NOW - HOUR),
        6: seconds(NOW - 2 * HOUR),
        7: bytes(range(10)),
        -65537: body,
    }
    for name, value in changes.items():
        holder, key = (body, int(name[1:])) if name.startswith("b") else (sample, int(name[1:]))
        holder[key] = value
    return {
        key: {k: v for k, v in value.items() if v is not None} if isinstance(value, dict) else value
        for key, value in sample.items()
        if value is not None
    }


def framed(payload: bytes, signer: LocalSigner = CURRENT, protected: bytes | None = None) -> list[Any]:
    header = protected if protected is not None else strict_cbor.dumps({1: -7, 4: signer.kid})
    signature = signer.sign(cbor2.dumps(["Signature1", header, b"", payload]))
    return [header, {}, payload, signature]


def text(message: bytes) -> str:
    return "TP1:" + base45.encode(message)


def signed(
    payload: bytes | dict[Any, Any], signer: LocalSigner = CURRENT, protected: bytes | None = None
) -> str:
    body = payload if isinstance(payload, bytes) else strict_cbor.dumps(payload)
    return text(b"\xd2" + cbor2.dumps(framed(body, signer, protected)))


GOOD = strict_cbor.dumps(claims())
GOOD_FRAME = framed(GOOD)


def reframed(at: int, value: Any) -> str:
    return text(b"\xd2" + cbor2.dumps([value if k == at else part for k, part in enumerate(GOOD_FRAME)]))


def with_signature(r: int, s: int) -> str:
    return reframed(3, r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def accepted() -> Iterator[tuple[str, str]]:
    r, s = (int.from_bytes(part, "big") for part in (GOOD_FRAME[3][:32], GOOD_FRAME[3][32:]))
    yield "a permit with windows and plate", sign(permit(), CURRENT)
    yield "without windows", sign(permit(windows=()), CURRENT)
    yield "without plate", sign(permit(plate=""), CURRENT)
    yield "without paper", sign(permit(id_tail=""), CURRENT)
    yield "a window over midnight", sign(permit(windows=(SignedWindow(31, 1200, 300),)), CURRENT)
    yield "thirty areas", sign(permit(areas=tuple(f"{5431 + 3 * k:05d}" for k in range(30))), CURRENT)
    yield "a whole province", sign(permit(areas=("19",)), CURRENT)
    yield (
        "expired: the caller judges the dates",
        sign(permit(valid_from=NOW - 9 * HOUR, valid_until=NOW - HOUR, issued_at=NOW - 9 * HOUR), CURRENT),
    )
    yield "not yet valid: the caller judges the dates", sign(permit(valid_from=NOW + HOUR), CURRENT)
    yield "issued four minutes ahead of a slow clock", sign(permit(issued_at=NOW + 4 * HOUR / 60), CURRENT)
    yield "a limited key within its limits", sign(permit(category=2, areas=("165",)), LIMITED)
    yield "the other signature of the pair (n - s)", with_signature(r, ORDER - s)
    yield "a name that starts with a byte order mark", signed(claims(b2="\ufeffMẪU"))
    yield "a name beyond the basic plane", signed(claims(b2="MẪU \U00020089"))
    yield "the last second that can be named", signed(claims(c6=seconds(NOW)))


def certificate() -> str:
    """A genuine recovery certificate, signed by another authority's key."""
    made = recovery.Certificate(
        issuer="VN-19-YT",
        cti=bytes(range(10, 20)),
        issued_at=NOW - DAY,
        valid_from=NOW - DAY,
        valid_until=NOW + 100 * DAY,
        holder=b"mau-mau!",
        name="NGUYỄN VĂN MẪU",
        id_tail="0999",
        birth_year=1984,
    )
    return recovery.sign(made, STRANGER)


def refused_text() -> Iterator[tuple[str, str, str]]:
    good = sign(permit(), CURRENT)
    yield "foreign", "an address", "https://example.org/TP1:"
    yield "foreign", "a health certificate", "HC1:" + good[4:]
    yield "foreign", "a recovery certificate", certificate()
    yield "foreign", "a recovery certificate's prefix alone", "RC1:"
    yield "foreign", "a permit's text under the prefix of certificates", "RC1:" + good[4:]
    yield "foreign", "the prefix in small letters", "tp1:" + good[4:]
    yield "foreign", "a space before the prefix", " " + good
    yield "foreign", "nothing", ""
    yield "too-long", "a hundred thousand letters", "TP1:" + "A" * 100_000
    yield "damaged", "the prefix alone", "TP1:"
    yield "damaged", "a small letter", good[:20] + "a" + good[21:]
    yield "damaged", "a letter outside ASCII", good[:20] + "Đ" + good[21:]
    yield "damaged", "a line break at the end", good + "\n"
    yield "damaged", "a lone last letter", good + "A" * (1 + (3 - (len(good) - 4) % 3) % 3)
    yield "damaged", "a group beyond two bytes", "TP1::::"
    yield "damaged", "a pair beyond one byte", "TP1:::"
    yield "damaged", "cut in half", good[: len(good) // 6 * 3 + 1]
    yield "damaged", "two letters swapped in the frame", good[:5] + good[6] + good[5] + good[7:]


def refused_frame() -> Iterator[tuple[str, str, str]]:
    frame = cbor2.dumps(GOOD_FRAME)
    array = frame[1:]
    yield "damaged", "no tag", text(frame)
    yield "damaged", "the tag of COSE_Mac0", text(b"\xd1" + frame)
    yield "damaged", "the tag in two bytes", text(b"\xd8\x12" + frame)
    yield "damaged", "the tag of CWT around it", text(b"\xd8\x3d\xd2" + frame)
    yield "damaged", "a byte after the end", text(b"\xd2" + frame + b"\x00")
    yield "damaged", "an indefinite array", text(b"\xd2\x9f" + array + b"\xff")
    yield "damaged", "a length in more bytes than it needs", text(b"\xd2\x98\x04" + array)
    yield "damaged", "five parts", text(b"\xd2" + cbor2.dumps([*GOOD_FRAME, b""]))
    yield "damaged", "a header in the unprotected place", reframed(1, {4: CURRENT.kid})
    yield "damaged", "null instead of the payload", reframed(2, None)
    yield "damaged", "a text as payload", reframed(2, "payload")
    yield "damaged", "an array that promises 2**32 items", text(b"\xd2\x9a\xff\xff\xff\xff")
    yield "damaged", "a string that promises 2**63 bytes", text(b"\xd2\x84\x5b\x7f" + b"\xff" * 7)
    yield "damaged", "forty levels", text(b"\xd2" + b"\x81" * 40 + b"\x00")
    for name, header in (
        ("an empty header", b""),
        ("a header without key id", cbor2.dumps({1: -7})),
        ("a header without algorithm", cbor2.dumps({4: CURRENT.kid})),
        ("a header with content type", cbor2.dumps({1: -7, 3: 0, 4: CURRENT.kid})),
        ("a critical header", cbor2.dumps({1: -7, 2: [4], 4: CURRENT.kid})),
        ("a header key twice", b"\xa3\x01\x26\x01\x26\x04\x48" + CURRENT.kid),
        ("true beside key one", b"\xa3\x01\x26\x04\x48" + CURRENT.kid + b"\xf5\x27"),
        ("header keys out of order", b"\xa2\x04\x48" + CURRENT.kid + b"\x01\x26"),
        ("a key id of seven bytes", b"\xa2\x01\x26\x04\x47" + CURRENT.kid[:7]),
        ("a key id as text", cbor2.dumps({1: -7, 4: "12345678"})),
        ("the algorithm as text", b"\xa2\x01\x65ES256\x04\x48" + CURRENT.kid),
        ("a header in an indefinite map", b"\xbf\x01\x26\x04\x48" + CURRENT.kid + b"\xff"),
    ):
        yield "damaged", name, signed(GOOD, protected=header)


def refused_key() -> Iterator[tuple[str, str, str]]:
    yield "unknown-key", "a stranger's key", sign(permit(), STRANGER)
    yield "unknown-key", "the root key", sign(permit(), ROOT)
    yield "key-revoked", "a revoked key", sign(permit(), REVOKED)
    yield "key-not-yet", "a key of tomorrow", sign(permit(), EARLY)
    yield "key-expired", "a key past its time", sign(permit(issued_at=NOW - 40 * DAY), OLD)
    yield "key-not-allowed", "a category beyond the key", sign(permit(areas=("165",)), LIMITED)
    yield "key-not-allowed", "an area beyond the key", sign(permit(category=2, areas=("165", "172")), LIMITED)
    yield "outside-key-period", "issued before the key", sign(permit(issued_at=NOW - 31 * DAY), CURRENT)
    yield "outside-key-period", "outliving the key", sign(permit(valid_until=NOW + 91 * DAY), CURRENT)
    yield "issued-in-future", "issued six minutes ahead", sign(permit(issued_at=NOW + 6 * HOUR / 60), CURRENT)
    for algorithm in (-8, -35, -37, 5, 0, -65535):
        header = cbor2.dumps({1: algorithm, 4: CURRENT.kid})
        yield "wrong-algorithm", f"algorithm {algorithm}", signed(GOOD, protected=header)


def refused_signature() -> Iterator[tuple[str, str, str]]:
    signature = GOOD_FRAME[3]
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    edited = GOOD.replace("VĂN".encode(), "THỊ".encode()[:4].ljust(4, b"A")[:4])
    yield "bad-signature", "an edited name", reframed(2, edited)
    yield "bad-signature", "a longer end", reframed(2, strict_cbor.dumps(claims(c4=seconds(NOW + 99 * HOUR))))
    yield "bad-signature", "one bit of the signature", reframed(3, bytes([signature[0] ^ 1]) + signature[1:])
    yield "bad-signature", "a signature of zeros", with_signature(0, 0)
    yield "bad-signature", "r is zero", with_signature(0, s)
    yield "bad-signature", "s is zero", with_signature(r, 0)
    yield "bad-signature", "r is the order", with_signature(ORDER, s)
    yield "bad-signature", "s is the order", with_signature(r, ORDER)
    yield "bad-signature", "all ones", reframed(3, b"\xff" * 64)
    yield "bad-signature", "r and s swapped", with_signature(s, r)
    yield "bad-signature", "a signature in DER", reframed(3, encode_dss_signature(r, s))
    yield "bad-signature", "63 bytes", reframed(3, signature[:63])
    yield "bad-signature", "65 bytes", reframed(3, signature + b"\x00")
    yield "bad-signature", "no signature", reframed(3, b"")
    yield "bad-signature", "a stranger's signature under our key id", reframed(3, framed(GOOD, STRANGER)[3])
    yield (
        "bad-signature",
        "a header that was not signed",
        reframed(0, strict_cbor.dumps({1: -7, 4: LIMITED.kid})),
    )


def refused_claims() -> Iterator[tuple[str, str, str]]:
    end = seconds(NOW + 71 * HOUR)
    broken: list[tuple[str, Any]] = [
        ("no end", claims(c4=None)),
        ("the end as text", claims(c4=str(end))),
        ("the end as a negative number", claims(c4=-end)),
        ("the end is zero", claims(c4=0)),
        ("the end after the year 9999", claims(c4=253_402_300_800)),
        ("the end as bytes", claims(c4=b"\x00")),
        ("the end as an array", claims(c4=[end])),
        ("no start", claims(c5=None)),
        ("the end before the start", claims(c4=seconds(NOW - 2 * HOUR))),
        ("the end is the start", claims(c4=seconds(NOW - HOUR))),
        ("no time of issue", claims(c6=None)),
        ("no number", claims(c7=None)),
        ("a number of nine bytes", claims(c7=bytes(9))),
        ("a number as text", claims(c7="0123456789")),
        ("no issuer", claims(c1=None)),
        ("an empty issuer", claims(c1="")),
        ("an issuer as a number", claims(c1=19)),
        ("an additional claim", {**claims(), 2: "subject"}),
        ("a text key", {**claims(), "4": end}),
        ("the body as an array", {**claims(), -65537: [1, 2]}),
        ("a body key too many", claims(b9=1)),
        ("no name", claims(b2=None)),
        ("an empty name", claims(b2="")),
        ("a name of 101 letters", claims(b2="A" * 101)),
        ("a name with a line break", claims(b2="MẪU\nĐƯỢC QUA")),
        ("a name as a number", claims(b2=1)),
        ("no holder", claims(b1=None)),
        ("a holder of seven bytes", claims(b1=b"mau-mau")),
        ("five digits of paper", claims(b3="12345")),
        ("a birth year as text", claims(b4="1984")),
        ("a birth year of 1800", claims(b4=1800)),
        ("category zero", claims(b5=0)),
        ("no area", claims(b6=None)),
        ("an empty list of areas", claims(b6=[])),
        ("41 areas", claims(b6=[5431] + [1] * 40)),
        ("an area twice", claims(b6=[5431, 0])),
        ("a negative step", claims(b6=[5431, -9])),
        ("a commune of six digits", claims(b6=[100_000])),
        ("a district of four digits", claims(b6=[101_000])),
        ("a province of three digits", claims(b6=[200_100])),
        ("areas beyond all levels", claims(b6=[200_099, 200_099])),
        ("an empty list of windows", claims(b7=[])),
        ("five windows", claims(b7=[[127, 300, 600]] * 5)),
        ("a window of two numbers", claims(b7=[[127, 300]])),
        ("a window on no day", claims(b7=[[0, 300, 600]])),
        ("a window on an eighth day", claims(b7=[[128, 300, 600]])),
        ("a window that starts at minute 1440", claims(b7=[[127, 1440, 600]])),
        ("a window that ends at minute 1441", claims(b7=[[127, 300, 1441]])),
        ("a window without length", claims(b7=[[127, 300, 300]])),
        ("a plate in small letters", claims(b8="20c12345")),
        ("an empty plate", claims(b8="")),
        ("claims as an array", strict_cbor.dumps([1, 2])),
        ("claims as a number", b"\x01"),
        ("no claims", b""),
        ("true as end", _raw(4, b"\xf5")),
        ("null as end", _raw(4, b"\xf6")),
        ("undefined as end", _raw(4, b"\xf7")),
        ("a float as end", _raw(4, b"\xfb" + struct.pack(">d", end))),
        ("infinity as end", _raw(4, b"\xf9\x7c\x00")),
        ("not a number as end", _raw(4, b"\xf9\x7e\x00")),
        ("a bignum as end", _raw(4, b"\xc2\x45\x02\x00\x00\x00\x00")),
        ("2**53 as end", _raw(4, b"\x1b" + struct.pack(">Q", 2**53))),
        ("a date tag around the end", _raw(4, b"\xc1\x1a" + struct.pack(">I", end))),
        ("the end in eight bytes", _raw(4, b"\x1b" + struct.pack(">Q", end))),
        ("the end twice", b"\xa7" + GOOD[1:8] + _pair(4) + _pair(4) + GOOD[8 + len(_pair(4)) :]),
        ("a byte after the claims", GOOD + b"\x00"),
        ("an indefinite map of claims", b"\xbf" + GOOD[1:] + b"\xff"),
        ("bytes that are not UTF-8 as issuer", GOOD.replace(b"\x65VN-19", b"\x65VN-\xff9")),
        ("half a surrogate pair as issuer", GOOD.replace(b"\x65VN-19", b"\x65VN\xed\xa0\x80")),
        ("a map as a key", b"\xa1\xa0\x01"),
        ("bytes as a key", b"\xa1\x41\x01\x01"),
    ]
    for name, payload in broken:
        yield "bad-claims", name, signed(payload)


def _pair(key: int) -> bytes:
    return cbor2.dumps(key) + cbor2.dumps(claims()[key])


def _raw(key: int, value: bytes) -> bytes:
    """The good claims with one value in a spelling of its own."""
    if GOOD.count(_pair(key)) != 1:
        raise AssertionError("the pair to be replaced is not unique")
    return GOOD.replace(_pair(key), cbor2.dumps(key) + value)


def lists() -> Iterator[Vector]:
    """Trust lists: one good, the others not to be believed."""
    good = trust_list.publish(trust(), ROOT)
    forged = trust_list.publish(trust(), STRANGER)
    late = seconds(NOW + 24 * HOUR)
    doubled = {1: 8, 2: seconds(NOW), 3: late, 4: [trust_list._entry(trusted_key(CURRENT))] * 2}
    renamed = {**trust_list._entry(trusted_key(STRANGER)), 1: CURRENT.kid}
    wrong_kid = {1: 8, 2: seconds(NOW), 3: late, 4: [renamed]}
    at = seconds(NOW)
    yield {"name": "the list in force", "expect": "believed", "data": good, "now": at, "newest_seen": 7}
    yield {"name": "signed by another", "expect": "unknown-key", "data": forged, "now": at, "newest_seen": 0}
    yield {"name": "edited", "expect": "bad-signature", "data": _edited(good), "now": at, "newest_seen": 0}
    yield {
        "name": "older than one seen",
        "expect": "list-rolled-back",
        "data": good,
        "now": at,
        "newest_seen": 8,
    }
    yield {"name": "past its end", "expect": "list-expired", "data": good, "now": late, "newest_seen": 0}
    for name, payload in (("a key id twice", doubled), ("a key id that is not the key's", wrong_kid)):
        data = cose.sign(strict_cbor.dumps(payload), ROOT)
        yield {"name": name, "expect": "bad-claims", "data": data, "now": at, "newest_seen": 0}
    data = cose.sign(strict_cbor.dumps({1: 8}), ROOT)
    yield {"name": "a list without keys", "expect": "bad-claims", "data": data, "now": at, "newest_seen": 0}


def _edited(good: bytes) -> bytes:
    at = good.index(bytes.fromhex("0107")) + 1  # the sequence
    return good[:at] + b"\x09" + good[at + 1 :]


def judgements() -> Iterator[Vector]:
    """Where and when a genuine permit is shown, and what the officer is told."""
    thai_nguyen, phu_binh = ["05434", "164", "19"], ["05908", "173", "19"]
    night = permit(
        areas=("173", "172", "165"),
        windows=(SignedWindow(127, 1200, 300),),
        valid_from=NOW - 9 * HOUR,
        issued_at=NOW - 9 * HOUR,
    )
    friday = permit(
        windows=(SignedWindow(16, 1320, 240),), valid_from=NOW - 20 * HOUR, issued_at=NOW - 20 * HOUR
    )
    short = permit(valid_until=NOW)
    minutes = timedelta(minutes=1)
    cases: list[tuple[str, str, Any, list[str], str, datetime]] = [
        ("valid", "valid", permit(), thai_nguyen, "20C12345", NOW),
        ("no plate seen", "valid", permit(), thai_nguyen, "", NOW),
        ("another plate", "plate-mismatch", permit(), thai_nguyen, "20C99999", NOW),
        ("too early", "not-yet-valid", permit(), thai_nguyen, "", NOW - HOUR - minutes),
        ("the last second", "valid", short, thai_nguyen, "", NOW),
        ("three minutes late", "just-expired", short, thai_nguyen, "", NOW + 3 * minutes),
        ("five minutes late", "just-expired", short, thai_nguyen, "", NOW + 5 * minutes),
        ("six minutes late", "expired", short, thai_nguyen, "", NOW + 6 * minutes),
        ("another district", "outside-area", permit(), phu_binh, "", NOW),
        ("in the evening, within grace", "valid", permit(), thai_nguyen, "", NOW + 614 * minutes),
        ("in the evening, after grace", "outside-hours", permit(), thai_nguyen, "", NOW + 615 * minutes),
        ("night driver at 04:55", "valid", night, phu_binh, "", NOW - 305 * minutes),
        ("night driver at 05:20", "outside-hours", night, phu_binh, "", NOW - 280 * minutes),
        ("night driver off the route at 10:00", "outside-area", night, thai_nguyen, "", NOW),
        ("Friday night on Saturday at 03:00", "valid", friday, thai_nguyen, "", NOW - 7 * HOUR),
        ("Friday night on Saturday at 23:00", "outside-hours", friday, thai_nguyen, "", NOW + 13 * HOUR),
        ("any hour", "valid", permit(windows=()), thai_nguyen, "", NOW + 16 * HOUR),
    ]
    for name, reason, shown, codes, plate, at in cases:
        text = sign(shown, CURRENT)
        yield {
            "name": name,
            "expect": reason,
            "text": text,
            "codes": codes,
            "plate": plate,
            "now": seconds(at),
        }


def changes() -> Iterator[Vector]:
    """What is offered to a scanner that has a list: what it takes, and what it then says of two permits."""
    first, second, third = _history()
    good = permit()
    other = permit(cti=bytes(range(10, 20)))
    start = [first]
    forged = revocation.sign_delta(second[1], STRANGER)
    last = bytes([second[0][-1] ^ 1])
    narrower, gone = _narrowing_history(third[2])
    cases: list[tuple[str, str, list[bytes]]] = [
        ("one change", "believed", [second[0]]),
        ("un-revoked, watched", "believed", [second[0], third[0]]),
        ("a change left out", "list-gap", [third[0]]),
        ("in the wrong order", "list-gap", [third[0], second[0]]),
        ("the same change twice", "list-rolled-back", [second[0], second[0]]),
        ("signed by another", "unknown-key", [forged]),
        ("its signature edited", "bad-signature", [second[0][:-1] + last]),
        ("a result that was not signed", "damaged", [_delta(second[1], list_hash=b"x" * 32)]),
        ("another list before it", "list-gap", [_delta(second[1], before=b"x" * 32)]),
        ("a head in its place", "bad-claims", [first[0]]),
        ("a trust list in its place", "bad-claims", [trust_list.publish(trust(), ROOT)]),
        ("half a row", "bad-claims", [_broken(second[1])]),
        ("cut in half", "damaged", [second[0][: len(second[0]) // 2]]),
        ("narrower hours", "believed", [second[0], third[0], narrower[0]]),
        ("as granted again", "believed", [second[0], third[0], narrower[0], gone[0]]),
        ("narrower hours left out", "list-gap", [second[0], third[0], gone[0]]),
        ("narrower hours, another result", "damaged", [*_upto(narrower[1], list_hash=b"x" * 32)]),
        *((name, "bad-claims", [_retold(narrower[1], at, value)]) for name, at, value in _bad_moves()),
        ("a week beyond counting", "bad-claims", [_delta(second[1], oldest_week=2**31)]),
    ]
    for name, expect, offered in cases:
        state, head = start[0][2], start[0][1]
        for signed in offered if expect == "believed" else ():
            state, head = revocation.apply(state, head, revocation.read_delta(signed, trusted_key(ROOT)))
        yield {
            "name": name,
            "expect": expect,
            "full": revocation.full_list(first[0], first[2].packed()).hex(),
            "changes": [signed.hex() for signed in offered],
            "newest_seen": 3,
            "list_hash": head.list_hash.hex(),
            "says": [
                {
                    "text": sign(shown, CURRENT),
                    "mark": state.mark_of(shown.cti),
                    "is_watched": state.is_watched(shown.cti),
                    "terms": _told(state.narrowing_of(shown.cti)),
                }
                for shown in (good, other)
            ],
        }


def _history() -> tuple[Any, Any, Any]:
    """Three lists: the first permit suspended; then the second revoked; then the first free and watched."""
    one, two = row_hash(bytes(range(10))), row_hash(bytes(range(10, 20)))
    week = week_of(NOW + 71 * HOUR)
    listing = Listing(week - 1, {week - 1: Shard({b"a" * 8: 2}), week: Shard({one: 1, b"z" * 8: 2})})
    head = Head(3, NOW - HOUR, NOW, hash_of(listing.packed()))
    first = (revocation.sign_head(head, ROOT), head, listing)
    steps: list[tuple[int, dict[int, Moves]]] = [
        (week - 1, {week: Moves(barred={two: 2})}),
        (week, {week: Moves(released=frozenset((one,)), watched={one: 1})}),
    ]
    made: list[Any] = []
    for number, (oldest, moves) in enumerate(steps, 4):
        after = listing.after(oldest, moves)
        delta = Delta(number, NOW, hash_of(listing.packed()), hash_of(after.packed()), oldest, moves)
        made.append((revocation.sign_delta(delta, ROOT), delta, after))
        listing = after
    return first, made[0], made[1]


NARROWER = Narrowing(NOW + 5 * HOUR, (SignedWindow(127, 480, 960),), ("165",))
SHORTER = Narrowing(valid_until=NOW + 6 * HOUR)


def _narrowing_history(listing: Listing) -> tuple[Any, Any]:
    """The first permit has fewer hours and places, the second a sooner end; then the first is as granted."""
    one, two = row_hash(bytes(range(10))), row_hash(bytes(range(10, 20)))
    week = week_of(NOW + 71 * HOUR)
    other = dict.fromkeys((b"b" * 8, b"a" * 8), NARROWER.packed())
    made: list[Any] = []
    for number, moves in enumerate(
        (
            Moves(narrowed={one: NARROWER.packed(), two: SHORTER.packed(), **other}),
            Moves(widened=frozenset((one,))),
        ),
        6,
    ):
        after = listing.after(week, {week: moves})
        delta = Delta(number, NOW, hash_of(listing.packed()), hash_of(after.packed()), week, {week: moves})
        made.append((revocation.sign_delta(delta, ROOT), delta, after))
        listing = after
    return made[0], made[1]


def _upto(delta: Delta, **changes: Any) -> Iterator[bytes]:
    _, second, third = _history()
    yield from (second[0], third[0], _delta(delta, **changes))


def _told(narrowing: Narrowing | None) -> dict[str, Any] | None:
    if narrowing is None:
        return None
    return {
        "until": seconds(narrowing.valid_until) if narrowing.valid_until else None,
        "windows": [[w.weekdays, w.from_minute, w.to_minute] for w in narrowing.windows or ()] or None,
        "areas": list(narrowing.areas) if narrowing.areas else None,
    }


def _bad_terms() -> Iterator[tuple[str, bytes]]:
    """What stands in the place of changed terms."""
    until = seconds(NOW)
    yield "that say nothing", strict_cbor.dumps({})
    yield "that are a list", strict_cbor.dumps([until])
    yield "with an unknown one", strict_cbor.dumps({1: until, 4: 1})
    yield "with an end as text", strict_cbor.dumps({1: str(until)})
    yield "with an end before all time", strict_cbor.dumps({1: 0})
    yield "without hours", strict_cbor.dumps({2: []})
    yield "with an empty window", strict_cbor.dumps({2: [[127, 300, 300]]})
    yield "with a window of no day", strict_cbor.dumps({2: [[0, 300, 400]]})
    yield "with more windows than a code may have", strict_cbor.dumps({2: [[127, 300, 400]] * 5})
    yield "without places", strict_cbor.dumps({3: []})
    yield "with a place beyond its level", strict_cbor.dumps({3: [101_000]})
    yield "in another spelling", bytes((0xB8, 1)) + strict_cbor.dumps({1: until})[1:]
    yield "with a rest", strict_cbor.dumps({1: until}) + bytes(1)


def _bad_moves() -> Iterator[tuple[str, int, Any]]:
    """What stands in the place of the moves of changed terms (the fifth) and of who is as granted again."""
    rows = b"c" * 8
    for name, packed in _bad_terms():
        yield f"terms {name}", 4, [packed, rows]
    yield "terms without rows", 4, [NARROWER.packed()]
    yield "terms for half a row", 4, [NARROWER.packed(), rows[:-1]]
    yield "terms that are text", 4, ["terms", rows]
    yield "terms as a map", 4, {1: rows}
    yield "half a row as granted", 5, rows[:-1]


def _retold(delta: Delta, at: int, value: Any) -> bytes:
    payload = cbor2.loads(cbor2.loads(revocation.sign_delta(delta, ROOT)[1:])[2])
    [week] = payload[8]
    payload[8][week][at] = value
    return cose.sign(strict_cbor.dumps(payload), ROOT)


def _delta(delta: Delta, **changes: Any) -> bytes:
    return revocation.sign_delta(replace(delta, **changes), ROOT)


def _broken(delta: Delta) -> bytes:
    payload = cbor2.loads(cbor2.loads(revocation.sign_delta(delta, ROOT)[1:])[2])
    [week] = payload[8]
    payload[8][week][0] = payload[8][week][0][:-1]
    return cose.sign(strict_cbor.dumps(payload), ROOT)


def full_lists() -> Iterator[Vector]:
    """Full lists: one good, the others not to be believed."""
    signed, head, listing = _history()[0]
    forged = revocation.sign_head(head, STRANGER)
    good, packed = revocation.full_list(signed, listing.packed()), listing.packed()
    swapped = packed[:16] + packed[16:].replace(row_hash(bytes(range(10))), b"z" * 7 + b"a")
    cases = [
        ("the newest", "believed", good, 3),
        ("older than one seen", "list-rolled-back", good, 4),
        ("signed by another", "unknown-key", revocation.full_list(forged, packed), 0),
        ("a row exchanged", "damaged", revocation.full_list(signed, swapped), 0),
        ("a row left out", "damaged", good[:-9], 0),
        ("empty", "damaged", b"", 0),
        ("a change as its head", "bad-claims", revocation.full_list(_history()[1][0], packed), 0),
    ]
    unsorted = packed[:4] + packed[25:] + packed[4:25]
    odd = Head(3, NOW, NOW, hash_of(unsorted))
    cases.append(
        ("another spelling", "damaged", revocation.full_list(revocation.sign_head(odd, ROOT), unsorted), 0)
    )
    cases += _narrowed_lists()
    for name, expect, data, seen in cases:
        yield {"name": name, "expect": expect, "data": data.hex(), "newest_seen": seen}


def _narrowed_lists() -> Iterator[tuple[str, str, bytes, int]]:
    """Full lists with changed terms: whatever is not the one spelling is refused, though it is signed."""
    listing = _narrowing_history(_history()[2][2])[0][2]
    packed = listing.packed()
    terms, rows = NARROWER.packed(), b"a" * 8 + b"b" * 8 + row_hash(bytes(range(10)))
    rows = b"".join(sorted(rows[at : at + 8] for at in (0, 8, 16)))
    group = len(terms).to_bytes(2) + (3).to_bytes(4) + terms + rows
    assert packed.count(group) == 1
    swapped = group[: -len(rows)] + rows[8:16] + rows[:8] + rows[16:]
    split = b"".join(
        len(terms).to_bytes(2) + (len(part) // 8).to_bytes(4) + terms + part for part in (rows[:8], rows[8:])
    )
    flagged = (week_of(NOW + 71 * HOUR) | 1 << 31).to_bytes(4)
    counted = flagged + (2).to_bytes(4)
    assert packed.count(counted) == 1
    broken = [
        ("changed terms", "believed", packed),
        ("rows of changed terms out of order", "damaged", packed.replace(group, swapped)),
        (
            "the same terms in two groups",
            "damaged",
            packed.replace(group, split).replace(counted, flagged + (3).to_bytes(4)),
        ),
        ("changed terms cut short", "damaged", packed[:-3]),
        ("a group of terms too few", "damaged", packed.replace(counted, flagged + (1).to_bytes(4))),
        ("a group of terms too many", "damaged", packed.replace(counted, flagged + (3).to_bytes(4))),
        ("no changed terms at all", "damaged", packed + flagged + bytes(4)),
        (
            "a group without rows",
            "damaged",
            packed.replace(counted, flagged + (3).to_bytes(4)) + group[:2] + bytes(4) + terms,
        ),
        *(
            (f"terms {name}", "damaged", packed.replace(group, _group(bad, rows)))
            for name, bad in _bad_terms()
        ),
    ]
    for name, expect, body in broken:
        head = Head(6, NOW, NOW, hash_of(body))
        yield name, expect, revocation.full_list(revocation.sign_head(head, ROOT), body), 0


def _group(terms: bytes, rows: bytes) -> bytes:
    return len(terms).to_bytes(2) + (len(rows) // 8).to_bytes(4) + terms + rows


def listed_judgements() -> Iterator[Vector]:
    """The graver reason is told, whatever list it comes from."""
    late = NOW + 72 * HOUR
    thai_nguyen, phu_binh = ["05434", "164", "19"], ["05908", "173", "19"]
    one, other = ["05440", "164", "19"], ["05599", "165", "19"]
    hours, place = Narrowing(windows=(SignedWindow(127, 540, 570),)), Narrowing(areas=("165",))
    soon = Narrowing(valid_until=NOW - HOUR / 60)
    narrowed: list[tuple[str, str, str | None, bool, list[str], datetime, Narrowing]] = [
        ("old code, new hours over", "outside-hours", None, False, one, NOW, hours),
        ("old code within new hours", "valid", None, False, one, NOW - HOUR * 3 / 4, hours),
        ("old code, place taken out", "outside-area", None, False, one, NOW, place),
        ("old code at a place that stays", "valid", None, False, other, NOW, place),
        ("old code, new end just over", "just-expired", None, False, one, NOW, soon),
        ("old code, new end over", "expired", None, False, one, NOW + HOUR, soon),
        ("old code, new hours over, suspended", "not-valid-now", "suspended", False, one, NOW, hours),
        ("old code, new hours over, watched", "outside-hours", None, True, one, NOW, hours),
        ("old code, new hours, watched", "watched", None, True, one, NOW - HOUR * 3 / 4, hours),
    ]
    cases: list[tuple[str, str, str | None, bool, list[str], datetime]] = [
        ("suspended", "not-valid-now", "suspended", False, thai_nguyen, NOW),
        ("revoked", "revoked", "revoked", False, thai_nguyen, NOW),
        ("suspended and watched", "not-valid-now", "suspended", True, thai_nguyen, NOW),
        ("suspended in another district", "not-valid-now", "suspended", False, phu_binh, NOW),
        ("revoked after its end", "revoked", "revoked", False, thai_nguyen, late),
        ("watched", "watched", None, True, thai_nguyen, NOW),
        ("watched in another district", "outside-area", None, True, phu_binh, NOW),
        ("watched after its end", "expired", None, True, thai_nguyen, late),
        ("on no list", "valid", None, False, thai_nguyen, NOW),
    ]
    text = sign(permit(), CURRENT)
    for name, expect, standing, is_watched, codes, at, *terms in [*cases, *narrowed]:
        yield {
            "narrowing": terms[0].packed().hex() if terms else None,
            "name": name,
            "expect": expect,
            "text": text,
            "standing": standing,
            "is_watched": is_watched,
            "codes": codes,
            "now": seconds(at),
        }


def document() -> dict[str, Any]:
    """Everything the two verifiers are tested with."""
    texts: list[Vector] = [{"name": n, "expect": "verified", "text": t} for n, t in accepted()]
    for group in (refused_text(), refused_frame(), refused_key(), refused_signature(), refused_claims()):
        texts += [{"name": name, "expect": reason, "text": found} for reason, name, found in group]
    return {
        "about": "Made by make_vectors.py with fixed test keys. Synthetic persons. Times are Unix seconds.",
        "now": seconds(NOW),
        "root_spki": ROOT.spki.hex(),
        "trust_list": trust_list.publish(trust(), ROOT).hex(),
        "texts": texts,
        "lists": [{**vector, "data": vector["data"].hex()} for vector in lists()],
        "judgements": list(judgements()),
        "full_lists": list(full_lists()),
        "changes": list(changes()),
        "listed_judgements": list(listed_judgements()),
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(document(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
