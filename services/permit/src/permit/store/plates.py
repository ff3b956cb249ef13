"""Number plates at rest: sealed like all that leads to a person, and opened when a file is read."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

from common.mongo.sealing import Vault

PLATE: Final = "plate"
_SEALED: Final = "s1."
_REMEMBERED: Final = 20_000


class Plates:
    """
    Seals the plates in a file's document and opens them again.

    A plate that did not change keeps its spelling: a file that is written for another reason is not
    written anew, although each seal is another text.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._spellings: OrderedDict[tuple[str, str], str] = OrderedDict()

    def sealed(self, document: dict[str, Any]) -> dict[str, Any]:
        """Return the document with sealed plates."""
        person = document["person_id"]
        return _with_plates(document, lambda plate: self._seal(person, plate))

    def opened(self, document: dict[str, Any]) -> dict[str, Any]:
        """Return the document with plates as they are; one kept before they were sealed is read, too."""
        person = document["person_id"]
        return _with_plates(document, lambda text: self._open(person, text))

    def _seal(self, person: str, plate: str) -> str:
        if not plate or plate.startswith(_SEALED):
            return plate
        known = self._spellings.get((person, plate))
        return known or self._remember(
            person, plate, self._vault.seal({PLATE: plate}, data_class=PLATE, person_id=person)
        )

    def _open(self, person: str, text: str) -> str:
        if not text.startswith(_SEALED):
            return text
        plate: str = self._vault.open(text, data_class=PLATE, person_id=person)[PLATE]
        if self._vault.is_current(text):
            self._remember(person, plate, text)
        return plate

    def _remember(self, person: str, plate: str, text: str) -> str:
        self._spellings[person, plate] = text
        self._spellings.move_to_end((person, plate))
        if len(self._spellings) > _REMEMBERED:
            self._spellings.popitem(last=False)
        return text


def _with_plates(document: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    if "permits" not in document:
        return document
    return {**document, "permits": [_permit(permit, change) for permit in document["permits"]]}


def _permit(permit: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    changed = {**permit, "terms": _terms(permit["terms"], change)}
    limits = permit.get("limits")
    if limits and limits.get("granted"):
        changed["limits"] = {**limits, "granted": _terms(limits["granted"], change)}
    return changed


def _terms(terms: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    return {**terms, "plate": change(terms.get("plate", ""))}
