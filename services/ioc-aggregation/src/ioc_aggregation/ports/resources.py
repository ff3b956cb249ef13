"""Where what stations and facilities have and ask for is kept."""

from typing import Protocol

from ioc_aggregation.domain.resources import Note, Resources


class ResourceStore(Protocol):
    """The latest of each; every write may be repeated and come in any order."""

    async def note(self, notes: list[Note]) -> None:
        """Keep of each facility, item and request the note with the highest sequence."""

    async def everything(self) -> Resources:
        """Return all facilities and stocks, requests that are open, and the newest of the others."""
