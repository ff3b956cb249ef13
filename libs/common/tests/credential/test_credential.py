"""Signed documents: format, keys, trust lists, printed codes."""

import io
from datetime import timedelta
from typing import Any

import cbor2
import pytest
import zxingcpp
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cwt import COSE, COSEKey
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from common.credential import base45, cose, render, serial, strict_cbor, travel_permit, trust_list
from common.credential.keys import KeyStatus, LocalSigner, VerificationKey
from common.credential.refusals import Reason, Unverifiable
from libs.common.tests.credential.samples import CURRENT, NOW, OLD, ROOT, STRANGER, permit, trust, trusted_key

DAY = timedelta(days=1)
SAFE = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    SAFE | st.binary(max_size=60) | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(SAFE | st.text(max_size=8), inner, max_size=5)
    ),
    max_leaves=12,
)


def refusal(act: Any) -> Reason:
    with pytest.raises(Unverifiable) as refused:
        act()
    return refused.value.reason


@given(st.binary(max_size=300))
def test_base45_gives_back_what_it_got(data: bytes) -> None:
    assert base45.decode(base45.encode(data)) == data


@given(st.text(alphabet=base45.ALPHABET, max_size=60))
def test_no_two_texts_are_the_same_bytes(text: str) -> None:
    try:
        data = base45.decode(text)
    except Unverifiable:
        return
    assert base45.encode(data) == text


def test_base45_agrees_with_the_examples_of_its_standard() -> None:
    assert base45.encode(b"AB") == "BB8"
    assert base45.encode(b"Hello!!") == "%69 VD92EX0"
    assert base45.encode(b"base-45") == "UJCLQE7W581"
    assert base45.decode("QED8WEX0") == b"ietf!"


@given(VALUES)
def test_strict_cbor_gives_back_what_it_got(value: Any) -> None:
    limits = strict_cbor.Limits(depth=12)
    assert strict_cbor.loads(strict_cbor.dumps(value), limits) == value


@settings(max_examples=500)
@given(st.binary(max_size=60))
def test_whatever_passes_is_the_one_spelling_of_its_value(data: bytes) -> None:
    try:
        value = strict_cbor.loads(data)
    except Unverifiable:
        return
    assert strict_cbor.dumps(value) == data


def test_an_independent_library_reads_our_message() -> None:
    message = cose.sign(b"payload", CURRENT)
    key = COSEKey.from_pem(_pem(CURRENT), kid=CURRENT.kid, alg="ES256")
    assert COSE.new().decode(message, key) == b"payload"


def test_we_read_the_message_of_an_independent_library() -> None:
    private = ec.derive_private_key(7_919 + 1, ec.SECP256R1())
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key = COSEKey.from_pem(pem, kid=CURRENT.kid, alg="ES256")
    signer = COSE.new(alg_auto_inclusion=True, kid_auto_inclusion=False)
    message = signer.encode(b"payload", key, protected={1: -7, 4: CURRENT.kid}, unprotected={})
    payload, _ = cose.verify(message, lambda kid: trust().key_at(kid, NOW))
    assert payload == b"payload"


def _pem(signer: LocalSigner) -> bytes:
    public = serialization.load_der_public_key(signer.spki)
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def test_a_permit_says_again_what_was_signed() -> None:
    text = travel_permit.sign(permit(), CURRENT)
    assert travel_permit.verify(text, trust(), NOW) == permit()
    assert travel_permit.sign(permit(), CURRENT) == text


def test_what_no_verifier_would_accept_is_not_signed() -> None:
    for wrong in (permit(name=""), permit(areas=()), permit(plate="x"), permit(id_tail="123")):
        with pytest.raises(ValueError, match=r"name|areas|shape"):
            travel_permit.sign(wrong, CURRENT)


def test_the_code_names_no_full_paper_and_no_reason() -> None:
    text = travel_permit.sign(permit(), CURRENT)
    message = cbor2.loads(base45.decode(text[4:])[1:])
    body = cbor2.loads(message[2])[-65537]
    assert set(body) == {1, 2, 3, 4, 5, 6, 7, 8}
    assert len(body[3]) == 4


def test_a_printed_code_is_version_12_at_most_and_reads_back() -> None:
    text = travel_permit.sign(permit(), CURRENT)
    assert render.qr_code(text).version <= 12
    picture = Image.open(io.BytesIO(render.png(text)))
    assert zxingcpp.read_barcode(picture).text == text
    with pytest.raises(render.TooDense):
        render.png("A" * 420)


def test_several_keys_are_valid_at_once() -> None:
    both = trust_list.TrustList(1, NOW, NOW + DAY, (trusted_key(CURRENT), trusted_key(STRANGER)))
    for signer in (CURRENT, STRANGER):
        assert travel_permit.verify(travel_permit.sign(permit(), signer), both, NOW) == permit()


def test_a_retired_key_counts_until_its_last_day() -> None:
    day = timedelta(days=1)
    key = trusted_key(OLD, not_after=NOW, accept_until=NOW + 5 * day, status=KeyStatus.RETIRED)
    trusted = trust_list.TrustList(1, NOW, NOW + DAY, (key,))
    text = travel_permit.sign(permit(), OLD)
    assert travel_permit.verify(text, trusted, NOW) == permit()
    assert refusal(lambda: travel_permit.verify(text, trusted, NOW + 6 * day)) is Reason.KEY_EXPIRED


def test_a_trust_list_gives_back_its_keys() -> None:
    assert trust_list.read(trust_list.publish(trust(), ROOT), trusted_key(ROOT), NOW) == trust()


def test_two_keys_of_one_list_never_share_an_id() -> None:
    with pytest.raises(ValueError, match="key id"):
        trust_list.TrustList(1, NOW, NOW, (trusted_key(CURRENT), trusted_key(CURRENT)))


def test_a_private_key_survives_its_envelope() -> None:
    again = LocalSigner.load(CURRENT.private_bytes())
    assert again.kid == CURRENT.kid
    assert trusted_key(CURRENT).verifies(again.sign(b"x"), b"x")


def test_only_p256_keys_are_taken() -> None:
    other = ec.generate_private_key(ec.SECP384R1())
    with pytest.raises(ValueError, match="P-256"):
        LocalSigner(other)
    spki = other.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    with pytest.raises(ValueError, match="P-256"):
        VerificationKey(spki, NOW, NOW, NOW)


@given(st.binary(min_size=10, max_size=10))
def test_a_number_is_read_as_it_was_written(cti: bytes) -> None:
    number = serial.serial_of(cti)
    assert serial.cti_of(number) == cti
    assert serial.normal(serial.spaced(number).lower()) == number


def test_look_alike_letters_of_a_number_do_not_matter() -> None:
    assert serial.normal("o0il-1111-2222-3333") == "0011111122223333"
    assert serial.normal("U234-5678-9ABC-DEFG") is None
    assert serial.normal("short") is None
