"""Where private keys are kept: sealed in the database, or in a module that never hands them out."""

from base64 import b64decode, b64encode
from typing import Final

from common.credential.keys import LocalSigner, Signer, kid_of
from common.credential.pkcs11 import Module
from common.mongo.sealing import Vault
from permit.domain.keys import NewKey

KEY_CLASS: Final = "signing-key"
HANDLE: Final = "pkcs11:"
"""Marks the handle of a key that lives in a module."""


class SealedKeys:
    """Keys sealed by the vault beside their public parts; opened for each use and never logged."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def make(self) -> NewKey:
        """Make a key pair, its private part sealed."""
        signer = LocalSigner.generate()
        private = b64encode(signer.private_bytes()).decode()
        sealed = self._vault.seal({"pkcs8": private}, data_class=KEY_CLASS)
        return NewKey(signer.kid.hex(), b64encode(signer.spki).decode(), sealed)

    def signer(self, key: NewKey) -> Signer:
        """Open a key to sign with; `SealBroken` if it is not what was sealed."""
        opened = self._vault.open(key.sealed, data_class=KEY_CLASS)
        return LocalSigner.load(b64decode(opened["pkcs8"]))


class ModuleKeys:
    """
    Keys of a hardware module: they are made there and never leave, a handle is kept in their place.

    Keys that were sealed before the module came still sign what they signed, from *before*.
    """

    def __init__(self, module: Module, before: SealedKeys) -> None:
        self._module = module
        self._before = before

    def make(self) -> NewKey:
        """Make a key pair in the module."""
        label, spki = self._module.generate()
        return NewKey(kid_of(spki).hex(), b64encode(spki).decode(), f"{HANDLE}{label}")

    def signer(self, key: NewKey) -> Signer:
        """Return what signs with a key of the module, or with one that was sealed before it came."""
        if not key.sealed.startswith(HANDLE):
            return self._before.signer(key)
        return self._module.signer(key.sealed.removeprefix(HANDLE), b64decode(key.spki))
