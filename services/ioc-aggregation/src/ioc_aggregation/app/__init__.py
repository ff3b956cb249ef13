"""Composition: what the figures are made of."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from fastapi import APIRouter

from common.geo import Units
from common.kernel.clock import local_day
from common.messaging.catalogue import load as load_catalogue
from common.messaging.inspection import Inspector
from common.mongo.leases import MongoLease
from common.service import Runtime, Service
from common.web.pages import PageSettings, page_routes
from common.work.model import AggregateStore, Heart
from ioc_aggregation.app.reporting import reporting
from ioc_aggregation.channels import Lease, PartnerChannel
from ioc_aggregation.consumers import GROUP, subscriptions
from ioc_aggregation.domain.decide import decide
from ioc_aggregation.domain.model import Level, Published, Unit
from ioc_aggregation.domain.rules import IocRules
from ioc_aggregation.domain.summary import Tree
from ioc_aggregation.parts import rollout as rollout_part
from ioc_aggregation.parts.exchange import exchange_parts
from ioc_aggregation.parts.resources import KeptResources, Resourcing, resources_of
from ioc_aggregation.parts.retention import purge_of
from ioc_aggregation.parts.sources import SourceStores, sources_of
from ioc_aggregation.parts.sources import in_mongo as sources_in_mongo
from ioc_aggregation.parts.traces import Tracing, traces_of
from ioc_aggregation.ports import Checks, Mails, Totals
from ioc_aggregation.routes import router
from ioc_aggregation.routes.exchange import router as exchange_router
from ioc_aggregation.routes.reports import router as report_router
from ioc_aggregation.routes.tables import router as table_router
from ioc_aggregation.rulebook import load_rulebook
from ioc_aggregation.settings import IocSettings
from ioc_aggregation.store import (
    Fold,
    FollowingTotals,
    MemoryChecks,
    MongoChecks,
    MongoGenerations,
    MongoMails,
    MongoTotals,
    PublishedAreas,
)
from ioc_aggregation.store.resources import MemoryResources, MongoResources
from ioc_aggregation.translate import to_event
from ioc_aggregation.views.board import Board
from ioc_aggregation.views.checking import Checking
from ioc_aggregation.views.heartbeat import Heartbeat
from ioc_aggregation.views.hindsight import Hindsight
from ioc_aggregation.views.tables import Tables
from ioc_aggregation.views.window import Window

PAGES = Path(__file__).parent.parent / "pages"
SCREENS = {"/": PAGES / "wall.html", "/bao-cao": PAGES / "reports" / "reports.html"}
SCREENS |= {
    "/trien-khai": PAGES / "rollout" / "rollout.html",
    "/vi-sao": PAGES / "why" / "why.html",
}


@dataclass(frozen=True, slots=True)
class Stores:
    """Where the service keeps what it knows; tests hand in their own."""

    totals: Totals
    published: AggregateStore[Published]
    mails: Mails
    checks: Checks = field(default_factory=MemoryChecks)
    resources: KeptResources = field(default_factory=MemoryResources)
    rollout: rollout_part.RolloutStores = field(default_factory=rollout_part.RolloutStores)
    sources: SourceStores = field(default_factory=SourceStores)


def build(settings: IocSettings) -> Service:
    """The figures of the province for its operations centre (IOC)."""
    runtime = Runtime(settings)
    since = local_day(runtime.clock.now()) - timedelta(days=settings.history_days)
    totals = FollowingTotals(
        MongoGenerations(runtime.database),
        lambda number: MongoTotals(runtime.database, flows_since=since, generation=number),
    )
    holder = settings.worker_name or f"{socket.gethostname()}:{os.getpid()}"
    stores = Stores(
        totals,
        PublishedAreas(runtime.database),
        MongoMails(runtime.database),
        MongoChecks(runtime.database),
        MongoResources(runtime.database),
        rollout_part.in_mongo(runtime),
        sources_in_mongo(runtime),
    )
    partners, reports = (MongoLease(runtime.database, name, holder) for name in ("partners", "reports"))
    return compose(settings, runtime, stores, partners, reports)


def compose(
    settings: IocSettings,
    runtime: Runtime,
    stores: Stores,
    partners_lease: Lease,
    reports_lease: Lease,
) -> Service:
    """Put the service together on its stores, wherever they are kept."""
    totals, clock, catalogue, rules = stores.totals, runtime.clock, load_catalogue(), rules_of(runtime)
    board = Board(totals, tree_of(runtime.units), clock, rules, poll_seconds=settings.poll_seconds)
    bus = Heartbeat(lambda: Inspector(settings.kafka_bootstrap, catalogue), clock)
    checking = Checking(stores.checks)
    sourced = sources_of(runtime, stores.sources, board, rules)
    window = Window(board, clock, bus, catalogue.read_by(GROUP), checking, sourced.sources)
    own = {"window": window, **_tables(settings, runtime, board, totals)}
    fold = Fold(totals, on_change=board.wake)
    areas = runtime.work(Heart("area", decide, to_event, lambda: rules(clock.now())), stores.published)
    partners = PartnerChannel(board, areas, partners_lease, every_seconds=settings.publish_seconds)
    reports = reporting(settings, runtime, board, stores.mails, reports_lease)
    resources, rollout, traces = _panels(settings, runtime, stores, window)
    return runtime.service(
        "Lá Chắn - Trung tâm điều hành",
        [*_own_routers(settings), *resources.routers, *rollout.routers, *traces.routers],
        parts=own | reports.parts | resources.parts | rollout.parts | traces.parts,
        subscriptions=subscriptions(fold, resources.door, rollout.door, sourced.door),
        background=[board, reports.workshop, checking],
        api_background=[bus, sourced.api_background] if not runtime.in_memory else [],
        worker_background=[partners, reports.mailer, sourced.worker_background, purge_of(runtime)],
        streams=[window.broadcast],
        stores=[totals, stores.mails, stores.checks, *resources.stores, *rollout.stores, *sourced.stores],
    )


def _tables(settings: IocSettings, runtime: Runtime, board: Board, totals: Totals) -> dict[str, object]:
    hindsight = Hindsight(board, totals, runtime.clock, settings.as_of_days)
    tables = Tables(hindsight, runtime.clock, settings.history_days)
    return {"tables": tables, **exchange_parts(runtime, hindsight, settings.history_days)}


def _panels(
    settings: IocSettings, runtime: Runtime, stores: Stores, window: Window
) -> tuple[Resourcing, rollout_part.Rollout, Tracing]:
    return (
        resources_of(runtime, stores.resources, window),
        rollout_part.rollout_of(runtime, stores.rollout, window, stores.sources.users),
        traces_of(runtime, stores.totals, window, settings.history_days),
    )


def _own_routers(settings: IocSettings) -> tuple[APIRouter, ...]:
    pages = page_routes(SCREENS, PageSettings(settings.oidc_issuer), PAGES)
    return router, table_router, report_router, exchange_router, pages


def tree_of(units: Units) -> Tree:
    """Return the province's units as the domain knows them."""
    every = (units.province(), *units.districts(), *units.communes())
    return Tree(Unit(u.code, u.name, Level(u.level), u.parent_code, u.population) for u in every)


def rules_of(runtime: Runtime) -> Callable[[datetime], IocRules]:
    """Return the rules in force at an instant."""
    rulebook = load_rulebook(runtime.folder / "rules" / "ioc")
    return lambda at: rulebook.at(at).rules
