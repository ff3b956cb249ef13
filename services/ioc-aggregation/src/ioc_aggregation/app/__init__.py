"""Composition: what the figures are made of."""

import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from common.geo import Units
from common.kernel.clock import local_day
from common.messaging.catalogue import load as load_catalogue
from common.messaging.inspection import Inspector
from common.mongo.leases import MongoLease
from common.service import Runtime, Service
from common.web.pages import PageSettings, page_routes
from common.work.model import AggregateStore, Heart
from ioc_aggregation.channels import Lease, PartnerChannel
from ioc_aggregation.consumers import GROUP, subscriptions
from ioc_aggregation.domain.decide import decide
from ioc_aggregation.domain.model import Level, Published, Unit
from ioc_aggregation.domain.rules import IocRules
from ioc_aggregation.domain.summary import Tree
from ioc_aggregation.ports import TotalsReader, TotalsStore
from ioc_aggregation.routes import router
from ioc_aggregation.rulebook import load_rulebook
from ioc_aggregation.settings import IocSettings
from ioc_aggregation.store import Fold, MongoTotals, PublishedAreas
from ioc_aggregation.translate import to_event
from ioc_aggregation.views.board import Board
from ioc_aggregation.views.heartbeat import Heartbeat
from ioc_aggregation.views.window import Window

PAGES = Path(__file__).parent.parent / "pages"


class Totals(TotalsStore, TotalsReader, Protocol):
    """Where facts and totals are kept."""


def build(settings: IocSettings) -> Service:
    """The figures of the province for its operations centre (IOC)."""
    runtime = Runtime(settings)
    since = local_day(runtime.clock.now()) - timedelta(days=settings.history_days)
    totals = MongoTotals(runtime.database, flows_since=since)
    holder = settings.worker_name or f"{socket.gethostname()}:{os.getpid()}"
    lease = MongoLease(runtime.database, "partners", holder)
    return compose(settings, runtime, totals, PublishedAreas(runtime.database), lease)


def compose(
    settings: IocSettings,
    runtime: Runtime,
    totals: Totals,
    published: AggregateStore[Published],
    lease: Lease,
) -> Service:
    """Put the service together on its stores, wherever they are kept."""
    clock, catalogue, rules = runtime.clock, load_catalogue(), rules_of(runtime)
    board = Board(totals, tree_of(runtime.units), clock, rules, poll_seconds=settings.poll_seconds)
    bus = Heartbeat(lambda: Inspector(settings.kafka_bootstrap, catalogue), clock)
    window = Window(board, clock, bus, catalogue.read_by(GROUP))
    work = runtime.work(Heart("area", decide, to_event, lambda: rules(clock.now())), published)
    partners = PartnerChannel(board, work, lease, every_seconds=settings.publish_seconds)
    pages = page_routes({"/": PAGES / "wall.html"}, PageSettings(settings.oidc_issuer), PAGES)
    return runtime.service(
        "Lá Chắn - Trung tâm điều hành",
        [router, pages],
        parts={"window": window},
        subscriptions=subscriptions(Fold(totals, on_change=board.wake)),
        background=[board],
        api_background=[bus] if not runtime.in_memory else [],
        worker_background=[partners],
        streams=[window.broadcast],
        stores=[totals],
    )


def tree_of(units: Units) -> Tree:
    """Return the province's units as the domain knows them."""
    every = (units.province(), *units.districts(), *units.communes())
    return Tree(Unit(u.code, u.name, Level(u.level), u.parent_code, u.population) for u in every)


def rules_of(runtime: Runtime) -> Callable[[datetime], IocRules]:
    """Return the rules in force at an instant."""
    rulebook = load_rulebook(runtime.folder / "rules" / "ioc")
    return lambda at: rulebook.at(at).rules
