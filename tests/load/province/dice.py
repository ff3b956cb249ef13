"""Chance: one stream of draws per person and purpose, so that a seed fixes every life whatever runs first."""

import hashlib
import uuid

import numpy as np

_KEYS = uuid.UUID("6d0f1c62-6f1c-5d0e-9c55-7b1a4c0d2022")


class Dice:
    """Everything drawn comes from here; how fast the system answers cannot change a draw."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def of(self, *names: object) -> np.random.Generator:
        """Return a fresh stream of draws that depends on the seed and *names* alone."""
        digest = hashlib.blake2b(_joined(names), digest_size=8).digest()
        return np.random.default_rng([self._seed, int.from_bytes(digest)])

    def key(self, *names: object) -> str:
        """Return the idempotency key of one deed: the same for a repetition, another for every other deed."""
        return str(uuid.uuid5(_KEYS, f"{self._seed}/{_joined(names).decode()}"))


def _joined(names: tuple[object, ...]) -> bytes:
    return "/".join(str(name) for name in names).encode()
