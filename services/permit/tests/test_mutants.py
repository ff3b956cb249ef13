"""Mutants of permits, broken letter by letter and byte by byte: both verifiers say the same of each."""

import json
import os
import random
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.credential import base45, strict_cbor, travel_permit
from common.credential.travel_permit import SignedWindow
from libs.common.tests.credential.samples import CURRENT, NOW, permit
from services.permit.tests.test_javascript import NODE
from services.permit.tests.test_vectors import TRUSTED, VECTORS, outcome
from services.permit.tests.vectors.make_vectors import GOOD, GOOD_FRAME, claims, signed, text

SEED = int(os.environ.get("MUTANT_SEED", "20220115"))
EACH = int(os.environ.get("MUTANTS", "1200"))
"""Mutants of each kind; MUTANTS=50000 for a long evening."""
OUTCOMES = Path(__file__).parent / "vectors" / "outcomes.mjs"
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
GENUINE = [vector["text"] for vector in VECTORS["texts"] if vector["expect"] == "verified"]
UNBROKEN = {*GENUINE, signed(GOOD)}
MESSAGE = base45.decode(GENUINE[0].removeprefix("TP1:"))


def broken(data: bytes, dice: random.Random) -> bytes:
    """Flip, drop, double, insert or swap a few bytes."""
    found = bytearray(data)
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(found))
        match dice.randrange(5):
            case 0:
                found[at] ^= 1 << dice.randrange(8)
            case 1:
                del found[at]
            case 2:
                found.insert(at, dice.choice((0, 0x18, 0x5F, 0x9F, 0xA0, 0xD2, 0xF6, 0xFB, 0xFF)))
            case 3:
                found[at:at] = found[at : at + dice.randint(1, 8)]
            case 4:
                found[at] = dice.randrange(256)
    return bytes(found)


def letters(dice: random.Random) -> str:
    """A misread print: some letters of a genuine text are others."""
    found = list(dice.choice(GENUINE))
    for _ in range(dice.randint(1, 4)):
        found[dice.randrange(len(found))] = dice.choice(LETTERS)
    return "".join(found)


def odd_claims(dice: random.Random) -> dict[object, object]:
    """Claims of the right keys and the wrong values."""
    values = [0, -1, 2**53, 2**53 - 1, "", "x", b"", b"\xff" * 10, [], [1], {}, True, None, 1.5, 253402300800]
    key = dice.choice(
        ["c1", "c4", "c5", "c6", "c7", "c-65537", "b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8"]
    )
    return claims(**{key: dice.choice(values)})


def kinds() -> dict[str, Iterator[str]]:
    dice = random.Random(SEED)
    return {
        "misread letters": (letters(dice) for _ in range(EACH)),
        "broken messages": (text(broken(MESSAGE, dice)) for _ in range(EACH)),
        "broken headers under a right signature": (
            signed(GOOD, protected=broken(GOOD_FRAME[0], dice)) for _ in range(EACH // 2)
        ),
        "broken claims under a right signature": (signed(broken(GOOD, dice)) for _ in range(EACH)),
        "odd claims under a right signature": (signed(encoded(odd_claims(dice))) for _ in range(EACH // 2)),
    }


def encoded(body: dict[object, object]) -> bytes:
    import cbor2

    try:
        return strict_cbor.dumps(body)
    except (TypeError, ValueError):
        return cbor2.dumps(body)


@pytest.mark.skipif(NODE is None and not os.environ.get("CI"), reason="node is not installed")
def test_python_and_javascript_say_the_same_of_every_mutant(tmp_path: Path) -> None:
    named = [(kind, mutant) for kind, mutants in kinds().items() for mutant in mutants]
    file = tmp_path / "texts.json"
    file.write_text(json.dumps([mutant for _, mutant in named]), "utf-8")
    assert NODE is not None
    run = subprocess.run(
        [NODE, str(OUTCOMES), str(file)], capture_output=True, text=True, timeout=300, check=True
    )
    theirs = json.loads(run.stdout)
    ours = [outcome(mutant) for _, mutant in named]
    differing = [
        (kind, python, javascript, mutant)
        for (kind, mutant), python, javascript in zip(named, ours, theirs, strict=True)
        if python != javascript
    ]
    assert differing == []
    accepted = Counter(
        kind
        for (kind, mutant), said in zip(named, ours, strict=True)
        if said == "verified" and mutant not in UNBROKEN
    )
    # What nobody signed is never accepted; a broken claim that was truly signed may still be a permit.
    assert accepted.keys() <= {"broken claims under a right signature", "odd claims under a right signature"}
    assert len(set(ours)) >= 6, "the mutants reach deep"


codes = st.sampled_from(["19", "164", "172", "05434", "05860", "05518"])
windows = st.builds(
    SignedWindow,
    weekdays=st.integers(1, 127),
    from_minute=st.integers(0, 700),
    to_minute=st.integers(701, 1440),
)
names = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=40)


@settings(max_examples=150, deadline=None)
@given(
    name=names,
    tail=st.sampled_from(["", "0999", "A1B2"]),
    year=st.integers(1890, 2200),
    areas=st.sets(codes, min_size=1).map(lambda found: tuple(sorted(found))),
    times=st.lists(windows, max_size=3).map(tuple),
    plate=st.sampled_from(["", "20C12345", "29ĐA1234"]),
)
def test_whatever_a_permit_says_is_read_as_it_was_written(
    name: str, tail: str, year: int, areas: tuple[str, ...], times: tuple[SignedWindow, ...], plate: str
) -> None:
    written = permit(name=name, id_tail=tail, birth_year=year, areas=areas, windows=times, plate=plate)
    read = travel_permit.verify(travel_permit.sign(written, CURRENT), TRUSTED, NOW)
    assert read == written or {*read.areas} == {*written.areas}
    assert (read.name, read.windows, read.plate) == (name, times, plate)


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=300), seed=st.integers(0, 2**32))
def test_no_broken_message_is_accepted_or_breaks_the_verifier(data: bytes, seed: int) -> None:
    assert outcome(text(data)) != "verified"
    changed = broken(MESSAGE, random.Random(seed))
    assert outcome(text(changed)) != "verified" or changed == MESSAGE
