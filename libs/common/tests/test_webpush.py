"""Web push is what RFC 8291 and 8292 say: their example, a browser that decrypts, a known sender."""

import json

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from common.testing.push import Browser
from common.webpush import (
    LONGEST_PAYLOAD,
    NotASubscription,
    Sender,
    Subscription,
    encrypted,
    padless,
    unpadded,
)

# RFC 8291, section 5 and appendix A.
EXAMPLE = Subscription(
    "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "BTBZMqHH6r4Tts7J_aSIgg",
)
SENDER_KEY = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


def test_the_example_of_the_standard_comes_out_to_the_byte() -> None:
    key = ec.derive_private_key(int.from_bytes(unpadded(SENDER_KEY)), ec.SECP256R1())
    words = b"When I grow up, I want to be a watermelon"
    assert padless(encrypted(EXAMPLE, words, key=key, salt=unpadded(SALT))) == SEALED


def test_the_browser_alone_reads_it_and_no_two_messages_look_alike() -> None:
    phone, other = Browser("https://push.invalid/a"), Browser("https://push.invalid/b")
    first, again = (encrypted(phone.subscription, "Cảnh báo".encode()) for _ in range(2))
    assert first != again
    assert phone.opened(first).decode() == phone.opened(again).decode() == "Cảnh báo"
    with pytest.raises(InvalidTag):
        other.opened(first)


def test_the_longest_payload_fits_and_a_longer_one_is_refused() -> None:
    phone = Browser("https://push.invalid/a")
    assert len(encrypted(phone.subscription, b"x" * LONGEST_PAYLOAD)) == 4096
    with pytest.raises(ValueError, match="at most"):
        encrypted(phone.subscription, b"x" * (LONGEST_PAYLOAD + 1))


@pytest.mark.parametrize(
    ("p256dh", "auth"), [("", ""), ("AAAA", EXAMPLE.auth), (EXAMPLE.p256dh, "AAAA"), ("é", "é")]
)
def test_keys_that_are_none_are_refused(p256dh: str, auth: str) -> None:
    with pytest.raises(NotASubscription):
        Subscription("https://push.invalid/a", p256dh, auth).keys()


def test_the_sender_signs_for_this_push_service_and_half_a_day() -> None:
    sender = Sender(KEY, "mailto:truc@la-chan.invalid")
    scheme, _, rest = sender.authorization("https://push.invalid:8443/send/1", 1_000).partition(" ")
    parts = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    head, claims, signed = parts["t"].split(".")
    assert scheme == "vapid"
    assert parts["k"] == sender.public_key
    assert json.loads(unpadded(claims)) == {
        "aud": "https://push.invalid:8443",
        "exp": 1_000 + 12 * 3600,
        "sub": "mailto:truc@la-chan.invalid",
    }
    raw = unpadded(signed)
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unpadded(sender.public_key))
    both = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    public.verify(both, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))


def test_a_number_beyond_the_curve_is_no_key() -> None:
    with pytest.raises(ValueError, match="P-256"):
        Sender("/////////////////////////////////////////////w=="[:43] + "=", "mailto:x@la-chan.invalid")
