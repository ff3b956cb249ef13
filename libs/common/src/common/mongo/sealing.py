"""
Personal data at rest: sealed with AES-256-GCM, opened only by those who may read it.

A sealed text is `s1.<key id>.<data class>.<base64url(nonce + ciphertext + tag)>`. The version, the
key id, the data class and (optionally) the person are authenticated, so a blob moved to another
class or person does not open. Nonces are random 96-bit: change the active key before 2**32 seals
(NIST SP 800-38D 8.3), which `reseal` makes a quiet background job.
"""

import base64
import binascii
import json
import os
import re
from typing import Any, ClassVar, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from common.kernel.errors import DomainError, Kind
from common.keys import named_keys

_VERSION: Final = "s1"
_NONCE_BYTES: Final = 12
_CLASS: Final = re.compile(r"[a-z0-9-]{1,32}")
PERSON: Final = "person"
"""Data class of who somebody is: name, papers, phone, address."""


class SealBroken(DomainError):
    """The sealed text was changed, moved, or its key is gone. Nobody's input is at fault."""

    slug: ClassVar[str] = "seal-broken"
    kind: ClassVar[Kind] = Kind.REFUSED
    title: ClassVar[str] = "Không mở được dữ liệu cá nhân đã niêm phong. Hãy báo quản trị hệ thống"


class Vault:
    """Seals and opens small dictionaries of personal fields; holds several keys, seals with one."""

    def __init__(self, keys: dict[str, bytes], *, active: str | None = None) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._active = active or next(iter(keys))
        if self._active not in self._ciphers:
            raise ValueError("the active key is not among the keys")

    @classmethod
    def parse(cls, text: str) -> "Vault":
        """Build from the setting `id:base64,id:base64`; the first key seals, all of them open."""
        return cls(named_keys(text, name="vault_keys"))

    def seal(self, fields: dict[str, Any], *, data_class: str = PERSON, person_id: str = "") -> str:
        """Seal *fields* (JSON values). Given a *person_id*, only that person's id opens it again."""
        if not _CLASS.fullmatch(data_class):
            raise ValueError("a data class is a short kebab-case word")
        return self._seal(_canonical(fields), data_class, person_id)

    def open(self, sealed: str, *, data_class: str | None = None, person_id: str = "") -> dict[str, Any]:
        """Open a sealed text; `SealBroken` if it, its class or its person is not the one sealed."""
        key_id, found_class, body = _parse(sealed)
        if data_class is not None and data_class != found_class:
            raise SealBroken
        fields: dict[str, Any] = json.loads(self._open(key_id, found_class, person_id, body))
        return fields

    def reseal(self, sealed: str, *, person_id: str = "") -> str:
        """Return *sealed* under the active key; the very same text if it already is."""
        key_id, data_class, body = _parse(sealed)
        if key_id == self._active:
            return sealed
        return self._seal(self._open(key_id, data_class, person_id, body), data_class, person_id)

    def is_current(self, sealed: str) -> bool:
        """Tell whether *sealed* is under the active key, so that rotation may skip it."""
        return sealed.startswith(f"{_VERSION}.{self._active}.")

    def _seal(self, plain: bytes, data_class: str, person_id: str) -> str:
        nonce = os.urandom(_NONCE_BYTES)
        header = _header(self._active, data_class)
        cipher = self._ciphers[self._active].encrypt(nonce, plain, _bound(header, person_id))
        return f"{header}.{base64.urlsafe_b64encode(nonce + cipher).decode().rstrip('=')}"

    def _open(self, key_id: str, data_class: str, person_id: str, body: bytes) -> bytes:
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise SealBroken
        bound = _bound(_header(key_id, data_class), person_id)
        try:
            return cipher.decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], bound)
        except (InvalidTag, ValueError):
            raise SealBroken from None


def _header(key_id: str, data_class: str) -> str:
    return f"{_VERSION}.{key_id}.{data_class}"


def _bound(header: str, person_id: str) -> bytes:
    return f"{header}|{person_id}".encode()


def _canonical(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _parse(sealed: str) -> tuple[str, str, bytes]:
    parts = sealed.split(".")
    if len(parts) != 4 or parts[0] != _VERSION:  # version, key, class, body
        raise SealBroken
    try:
        body = base64.urlsafe_b64decode(parts[3] + "=" * (-len(parts[3]) % 4))
    except (binascii.Error, ValueError):
        raise SealBroken from None
    return parts[1], parts[2], body
