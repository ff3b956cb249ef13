"""
Which keys a database was written with: a service that is handed others must not start.

A wrong vault key opens nobody's name; a wrong person key is worse, because everybody gets a second
pseudonym and nothing seems to be wrong. So each database keeps a mark of every key it has met: eight bytes
that tell two keys apart and say nothing about them.
"""

from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase
from pymongo.errors import DuplicateKeyError

from common.keys import derived_key, named_keys, secret_key
from common.settings import ServiceSettings

COLLECTION: Final = "key_marks"
_MARK_BYTES: Final = 8
Marks = dict[str, str]


class ForeignKeys(RuntimeError):
    """The keys of the settings are not those of this database; the text names the settings, never a key."""


def marks_of(settings: ServiceSettings) -> Marks:
    """Return the mark of each key by its name: `person`, `vault:k1`."""
    person = secret_key(settings.person_key.get_secret_value(), name="person_key")
    vault = named_keys(settings.vault_keys.get_secret_value(), name="vault_keys")
    return {"person": _mark(person), **{f"vault:{key_id}": _mark(key) for key_id, key in vault.items()}}


async def check(database: AsyncIOMotorDatabase[dict[str, Any]], marks: Marks) -> None:
    """
    Compare with what the database knows, and note keys that it meets for the first time.

    Raises `ForeignKeys`; then nothing was noted.
    """
    collection = database[COLLECTION]
    known = {row["_id"]: row["mark"] async for row in collection.find()}
    _refuse_others(marks, known)
    for name, mark in marks.items():
        if name not in known:
            try:
                await collection.insert_one({"_id": name, "mark": mark})
            except DuplicateKeyError:  # another replica was quicker; it may have been given another key
                row = await collection.find_one({"_id": name})
                _refuse_others({name: mark}, {name: row["mark"]} if row else {})


def _refuse_others(marks: Marks, known: Marks) -> None:
    other = sorted(name for name, mark in marks.items() if known.get(name, mark) != mark)
    if other:
        raise ForeignKeys(
            f"keys that this database was not written with: {', '.join(other)}. Give the service the keys of"
            " the time of the backup (docs/operations/backup.md); a new vault key needs an id of its own."
        )


def _mark(key: bytes) -> str:
    return derived_key(key, "mark")[:_MARK_BYTES].hex()
