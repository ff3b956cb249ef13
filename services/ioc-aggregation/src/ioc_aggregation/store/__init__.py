"""Facts, totals, alerts and directives: in MongoDB, and in memory for tests. `Fold` writes them."""

from ioc_aggregation.store.checks import MemoryChecks, MongoChecks
from ioc_aggregation.store.folding import Fold
from ioc_aggregation.store.generations import FollowingTotals, MongoGenerations
from ioc_aggregation.store.mails import MongoMails
from ioc_aggregation.store.memory import MemoryMails, MemoryTotals
from ioc_aggregation.store.memory_generations import MemoryGenerations
from ioc_aggregation.store.mongo import MongoTotals
from ioc_aggregation.store.published import PublishedAreas

__all__ = [
    "Fold",
    "FollowingTotals",
    "MemoryChecks",
    "MemoryGenerations",
    "MemoryMails",
    "MemoryTotals",
    "MongoChecks",
    "MongoGenerations",
    "MongoMails",
    "MongoTotals",
    "PublishedAreas",
]
