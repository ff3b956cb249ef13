"""
Keys in a hardware security module, by PKCS #11: they are made there, sign there and never leave.

Needs the optional package `python-pkcs11` (extra `pkcs11`) and the module's own library. A module is slow
beside memory and its signatures are not deterministic: the same document signed twice is two good texts.
"""

import hashlib
import importlib
import secrets
import threading
from dataclasses import dataclass
from typing import Any, Final

from common.credential.keys import Algorithm, kid_of, public_key

_CURVE: Final = bytes.fromhex("06082a8648ce3d030107")
"""Object identifier of P-256, DER."""
_POINT_DER: Final = 2
"""Head of the OCTET STRING in which a module hands out a point of 65 bytes."""
_SPKI_HEAD: Final = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
"""SubjectPublicKeyInfo of an uncompressed P-256 point (RFC 5480), up to the point."""


@dataclass(frozen=True, slots=True)
class ModuleSettings:
    """Which module and which token in it; the PIN is a secret and is not shown."""

    library: str
    token_label: str
    pin: str

    def __repr__(self) -> str:
        return f"ModuleSettings({self.library!r}, {self.token_label!r})"


class Module:
    """
    One open session of a token.

    PKCS #11 sessions are not for several threads at once, so calls wait for each other. A module that lost
    the session (restarted, another user logged out) is opened anew once per call.
    """

    def __init__(self, settings: ModuleSettings) -> None:
        try:
            pkcs11 = importlib.import_module("pkcs11")
        except ImportError as missing:
            raise RuntimeError(
                "keys in a module need the optional package python-pkcs11: install common[pkcs11]"
            ) from missing
        self._pkcs11: Any = pkcs11
        self._settings = settings
        self._session: Any = None
        self._lock = threading.Lock()

    def generate(self) -> tuple[str, bytes]:
        """Make a P-256 key pair in the token; return its label and its public part (SPKI)."""
        label = f"la-chan-{secrets.token_hex(8)}"
        with self._lock:
            spki: bytes = self._again(lambda session: self._generate(session, label))
        return label, spki

    def signer(self, label: str, spki: bytes) -> "ModuleSigner":
        """Return what signs with the key of *label*."""
        return ModuleSigner(self, label, spki)

    def sign(self, label: str, digest: bytes) -> bytes:
        """Return the raw signature (r and s) of a SHA-256 digest; LookupError if the key is not there."""
        with self._lock:
            signature: bytes = self._again(lambda session: self._sign(session, label, digest))
        return signature

    def close(self) -> None:
        """End the session."""
        with self._lock:
            if self._session is not None:
                self._session.close()
                self._session = None

    def _generate(self, session: Any, label: str) -> bytes:
        p11 = self._pkcs11
        curve = session.create_domain_parameters(
            p11.KeyType.EC, {p11.Attribute.EC_PARAMS: _CURVE}, local=True
        )
        kept = {p11.Attribute.SENSITIVE: True, p11.Attribute.EXTRACTABLE: False}
        public, _ = curve.generate_keypair(store=True, label=label, private_template=kept)
        spki = _SPKI_HEAD + bytes(public[p11.Attribute.EC_POINT])[_POINT_DER:]
        public_key(spki)
        return spki

    def _sign(self, session: Any, label: str, digest: bytes) -> bytes:
        p11 = self._pkcs11
        try:
            key = session.get_key(object_class=p11.ObjectClass.PRIVATE_KEY, label=label)
        except p11.NoSuchKey as missing:
            raise LookupError(f"the module has no key {label}") from missing
        return bytes(key.sign(digest, mechanism=p11.Mechanism.ECDSA))

    def _again(self, act: Any) -> Any:
        gone = (self._pkcs11.SessionHandleInvalid, self._pkcs11.SessionClosed, self._pkcs11.UserNotLoggedIn)
        try:
            return act(self._open())
        except gone:
            self._session = None
            return act(self._open())

    def _open(self) -> Any:
        if self._session is None:
            library = self._pkcs11.lib(self._settings.library)
            token = library.get_token(token_label=self._settings.token_label)
            self._session = token.open(rw=True, user_pin=self._settings.pin)
        return self._session


class ModuleSigner:
    """Signs with one key of a module: the port `common.credential.keys.Signer`."""

    algorithm: Final = Algorithm.ES256

    def __init__(self, module: Module, label: str, spki: bytes) -> None:
        self._module = module
        self._label = label
        self.spki = spki
        self.kid = kid_of(spki)

    def sign(self, data: bytes) -> bytes:
        """Return r and s of *data*, 32 bytes each."""
        return self._module.sign(self._label, hashlib.sha256(data).digest())
