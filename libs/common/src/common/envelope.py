"""
The envelope in which keys leave the cluster: a file that only its passphrase opens.

    kubectl get secret ... | python -m common.envelope seal keys.envelope      # asks for the passphrase
    python -m common.envelope open keys.envelope

scrypt (n = 2^17, r = 8, p = 1: a guess costs 128 MB) and AES-256-GCM. The passphrase is asked for, or is in
LACHAN_ENVELOPE_PASSPHRASE for a job; it belongs into another safe than the file.
"""

import argparse
import getpass
import os
import sys
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC: Final = b"LCENV1\n"
SHORTEST: Final = 12
_SALT, _NONCE, _KEY = 16, 12, 32
_COST: Final = 2**17
PASSPHRASE: Final = "LACHAN_ENVELOPE_PASSPHRASE"


class NotOpened(Exception):
    """The passphrase is another one, or the file was changed."""


def seal(content: bytes, passphrase: str) -> bytes:
    """Return *content* sealed; ValueError for a passphrase under twelve characters."""
    if len(passphrase) < SHORTEST:
        raise ValueError(f"a passphrase has at least {SHORTEST} characters")
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    return MAGIC + salt + nonce + AESGCM(_key(passphrase, salt)).encrypt(nonce, content, MAGIC)


def unseal(sealed: bytes, passphrase: str) -> bytes:
    """Return what was sealed; raises `NotOpened`."""
    salt, nonce = (
        sealed[len(MAGIC) : len(MAGIC) + _SALT],
        sealed[len(MAGIC) + _SALT :][:_NONCE],
    )
    if not sealed.startswith(MAGIC) or len(nonce) < _NONCE:
        raise NotOpened("this is no envelope")
    body = sealed[len(MAGIC) + _SALT + _NONCE :]
    try:
        return AESGCM(_key(passphrase, salt)).decrypt(nonce, body, MAGIC)
    except (InvalidTag, ValueError):
        raise NotOpened("wrong passphrase, or the file was changed") from None


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=_KEY, n=_COST, r=8, p=1).derive(passphrase.encode())


def main(words: list[str] | None = None) -> int:
    """Seal standard input into a file, or print what is in one."""
    parser = argparse.ArgumentParser(prog="python -m common.envelope", description=__doc__)
    parser.add_argument("act", choices=("seal", "open"))
    parser.add_argument("file", type=Path)
    given = parser.parse_args(words)
    passphrase = os.environ.get(PASSPHRASE) or getpass.getpass("Passphrase: ")
    try:
        if given.act == "seal":
            given.file.write_bytes(seal(sys.stdin.buffer.read(), passphrase))
            given.file.chmod(0o600)
        else:
            sys.stdout.buffer.write(unseal(given.file.read_bytes(), passphrase))
    except (NotOpened, ValueError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
