"""How many persons were heard through each app, by area: counted from the facts, nobody named."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from ioc_aggregation.domain.summary import Tree
from ioc_aggregation.ports.sources import AppUsers

FRESH = timedelta(seconds=20)
"""For so long readers share one count."""


class AppCounts:
    """Counts for the scoreboard."""

    def __init__(self, users: AppUsers, tree: Tree) -> None:
        self._users, self._tree = users, tree
        self._counted: tuple[datetime, dict[str, dict[str, int]]] | None = None

    async def by_area(self, now: datetime, within: timedelta) -> Mapping[str, dict[str, int]]:
        """Return by code of area and app how many persons declared through it *within* so long."""
        if self._counted is None or not timedelta(0) <= now - self._counted[0] < FRESH:
            self._counted = now, self._summed(await self._users.by_commune(now - within))
        return self._counted[1]

    def _summed(self, communes: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
        """Add districts and the province, which are the sums of their communes."""
        sums: dict[str, Counter[str]] = {}
        for commune, apps in communes.items():
            for code in {commune, self._tree.unit(commune).parent_code, self._tree.province.code}:
                sums.setdefault(code, Counter()).update(apps)
        return {code: dict(apps) for code, apps in sums.items()}
