"""Proof that a phone is the one that was enrolled: challenges, signatures, and how often one may guess."""

import base64
import hashlib
import hmac
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from common.keys import derived_key
from quarantine.domain.enrolment import DeviceRefused, Phone

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U to misread over the telephone."""
CODE_LETTERS: Final = 10
"""50 bits. At 20 wrong tries in ten minutes from an address nobody finds one of 10,000 open codes."""
GOOD_SECONDS: Final = 60
TRIES: Final = 20
TRIES_SECONDS: Final = 600
_MOST_ADDRESSES: Final = 50_000
_MISREAD: Final = str.maketrans("OIL", "011")


def new_code() -> str:
    """Return a code as it is read out: ABCDE-FGHJK."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS))
    return f"{letters[:5]}-{letters[5:]}"


def normal_code(typed: str) -> str:
    """Return a typed code without marks, with what is easily misread put right."""
    return "".join(letter for letter in typed.upper().translate(_MISREAD) if letter.isalnum())


class Challenges:
    """Challenges carry their own time and proof, so that any process may judge them."""

    def __init__(self, key: bytes, now: Callable[[], float] = time.time) -> None:
        self._key = derived_key(key, "device-challenge")
        self._now = now

    def new(self) -> str:
        """Return a challenge that is good for a minute."""
        body = f"{int(self._now())}.{secrets.token_urlsafe(16)}"
        return f"{body}.{self._proof(body)}"

    def is_good(self, challenge: str) -> bool:
        """Tell whether it is ours and young enough."""
        body, _, proof = challenge.rpartition(".")
        if not body or not hmac.compare_digest(proof.encode(), self._proof(body).encode()):
            return False
        return 0 <= self._now() - int(body.split(".")[0]) <= GOOD_SECONDS

    def _proof(self, body: str) -> str:
        digest = hmac.new(self._key, body.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def signed_text(device_id: str, person_id: str, challenge: str) -> bytes:
    """Return what the phone signs: it names what for, so that a signature is good for nothing else."""
    return f"la-chan-token|{device_id}|{person_id}|{challenge}".encode()


def require_signature(phone: Phone, text: bytes, signature: str) -> None:
    """Refuse with `DeviceRefused` unless *signature* over *text* is of the phone's key."""
    raw = _bytes_of(signature)
    x, _, y = phone.public_key.partition(".")
    try:
        numbers = ec.EllipticCurvePublicNumbers(
            int.from_bytes(_bytes_of(x)), int.from_bytes(_bytes_of(y)), ec.SECP256R1()
        )
        der = utils.encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        numbers.public_key().verify(der, text, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        raise DeviceRefused("Chữ ký của máy không đúng. Hãy ghi danh lại bằng mã mới.") from None


def is_a_point(x: str, y: str) -> bool:
    """Tell whether the coordinates are a point of the curve."""
    try:
        ec.EllipticCurvePublicNumbers(
            int.from_bytes(_bytes_of(x)), int.from_bytes(_bytes_of(y)), ec.SECP256R1()
        ).public_key()
    except ValueError:
        return False
    return True


def _bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Tries:
    """How often an address was wrong lately; only wrong codes count."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()

    def is_spent(self, address: str) -> bool:
        """Tell whether *address* must wait."""
        wrong = self._wrong.get(address)
        if wrong is None:
            return False
        while wrong and wrong[0] <= self._now() - TRIES_SECONDS:
            wrong.popleft()
        return len(wrong) >= TRIES

    def note(self, address: str) -> None:
        """Note a wrong code."""
        self._wrong.setdefault(address, deque(maxlen=TRIES)).append(self._now())
        self._wrong.move_to_end(address)
        if len(self._wrong) > _MOST_ADDRESSES:
            self._wrong.popitem(last=False)
