"""
The common part of every composition root: a service says what it is made of, this runs it.

A service's app.py builds its stores and hearts on a `Runtime` and ends with `runtime.service(...)`;
its __main__.py calls `main(build, Settings)`. Modes: `api` serves HTTP, `worker` consumes, relays and
fires timers (and serves /healthz, /readyz, /metrics), `all` does both; `openapi` prints the document.
"""

import argparse
import gc
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Protocol, TypeVar

from fastapi import APIRouter, FastAPI

from common.backbone import Backbone
from common.clocks import clock_for
from common.geo import Units, data_folder
from common.health import Readiness
from common.http.app import create_app
from common.http.auth import KeySource
from common.http.citizens import verifier_of
from common.http.jwks import RemoteJwks
from common.http.openapi import print_document
from common.http.server import serve
from common.http.sse import Broadcast, TooManyReaders
from common.kernel.clock import Clock
from common.keyring import Keyring
from common.logs import set_up_logs
from common.measured import MeasuredLedger, MeasuredWork
from common.messaging.subscription import Subscription
from common.mongo import client as mongo
from common.mongo import key_marks
from common.mongo.access_log import AccessLog, MemoryAccessLog, MongoAccessLog
from common.settings import ServiceSettings, Settings, load
from common.tracing import set_up_tracing
from common.work.engine import Contended
from common.work.ledger import Contexts, Ledger, no_contexts
from common.work.model import AggregateStore, Heart, RecordStore
from common.work.relay import Bell

S = TypeVar("S")
R = TypeVar("R")

SWITCH_SECONDS: Final = 0.0005
"""For how long the driver's threads wait for their microseconds (Python's 5 ms cost a tenth under load)."""


class Mode(StrEnum):
    """Which half of a service this process runs."""

    API = "api"
    WORKER = "worker"
    ALL = "all"

    @property
    def serves(self) -> bool:
        """Tell whether people's requests are answered here."""
        return self is not Mode.WORKER

    @property
    def works(self) -> bool:
        """Tell whether facts are consumed, relayed and timers fired here."""
        return self is not Mode.API


class Background(Protocol):
    """Something that runs beside the rest: a feed, a sender."""

    async def start(self) -> None:
        """Begin."""

    async def stop(self) -> None:
        """End, finishing what was begun."""


class Runtime:
    """
    What every service stands on, made from its settings. Making it opens no connection.

    *in_memory* is for unit tests: no database is asked for anything, stores are the tests' own.
    """

    def __init__(
        self,
        settings: ServiceSettings,
        *,
        clock: Clock | None = None,
        jwks: KeySource | None = None,
        in_memory: bool = False,
    ) -> None:
        self.settings = settings
        self.in_memory = in_memory
        self.name = settings.service_name
        self.clock: Clock = clock or clock_for(settings.rehearsal)
        self.folder = data_folder(settings.data_folder)
        self.units = Units.load(self.folder)
        keyring = Keyring.of(settings)
        self.pseudonyms, self.vault, self.blind = keyring.pseudonyms, keyring.vault, keyring.blind
        keys = jwks or RemoteJwks(settings.oidc_issuer, jwks_uri=settings.oidc_jwks_uri)
        self.verifier = verifier_of(settings, keys)
        self.client = mongo.open_client(settings.mongo_uri.get_secret_value(), app_name=self.name)
        self.database = mongo.open_database(self.client, settings.database_name)
        durable_log = MongoAccessLog(self.database["access_log"], self.clock)
        self.access_log: AccessLog = MemoryAccessLog(self.clock) if in_memory else durable_log
        self.bell = Bell()
        self.stores: list[Any] = []
        self.works: list[MeasuredWork[Any, Any]] = []
        self.ledgers: list[Ledger[Any, Any]] = []

    def work(self, heart: Heart[S, R], store: AggregateStore[S]) -> MeasuredWork[S, R]:
        """Make the unit of work of one kind of aggregate; its outbox and timers are looked after."""
        made = MeasuredWork(heart, store, self.clock, on_facts=self.bell.ringing(store))
        self.works.append(made)
        self.stores.append(store)
        return made

    def ledger(
        self, heart: Heart[Any, R], store: RecordStore[S], contexts: Contexts = no_contexts
    ) -> MeasuredLedger[S, R]:
        """Make the ledger of one kind of record; its outbox is looked after."""
        made = MeasuredLedger(heart, store, self.clock, contexts, on_facts=self.bell.ringing(store))
        self.ledgers.append(made)
        self.stores.append(store)
        return made

    def service(self, title: str, routers: Iterable[APIRouter], **more: Any) -> "Service":
        """Finish the composition: see `Service` for what *more* may be."""
        return Service(self, title, list(routers), **more)


@dataclass(eq=False)
class Service:
    """
    A composed service.

    *parts* are handed to routes by name, besides `runtime`; *subscriptions* are what it listens to;
    *background* runs in every mode, *api_background* where requests are answered, *worker_background*
    where facts are consumed; *streams* are ended on shutdown; *stores* need indexes but have no unit
    of work (read models); *large_bodies* are the paths that take files, with their limit in bytes.
    """

    runtime: Runtime
    title: str
    routers: list[APIRouter]
    parts: Mapping[str, Any] = field(default_factory=dict)
    subscriptions: Iterable[Subscription] = ()
    background: Iterable[Background] = ()
    api_background: Iterable[Background] = ()
    worker_background: Iterable[Background] = ()
    streams: Iterable[Broadcast] = ()
    stores: Iterable[Any] = ()
    readiness: Readiness = field(default_factory=Readiness)
    large_bodies: Mapping[str, int] = field(default_factory=dict)

    def app(self, mode: Mode = Mode.ALL) -> FastAPI:
        """Make the HTTP application of this process; its lifespan starts and stops all the rest."""

        @asynccontextmanager
        async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
            await self.start(mode)
            try:
                yield
            finally:
                await self.stop()

        return create_app(
            self.title,
            self.routers if mode.serves else [],
            lifespan=lifespan,
            settings=self.runtime.settings,
            verifier=self.runtime.verifier,
            readiness=self.readiness,
            parts={"runtime": self.runtime, **self.parts},
            transient=(*mongo.TRANSIENT, Contended, TooManyReaders),
            large_bodies=self.large_bodies,
        )

    async def start(self, mode: Mode) -> None:
        """Create indexes, then start what *mode* runs. Kafka may still be away."""
        self._running: list[Background] = []
        if not self.runtime.in_memory:
            await self._prepare_mongo()
        wanted = [*self.background]
        if mode.works:
            backbone = Backbone(self.runtime, list(self.subscriptions), with_change_bell=not mode.serves)
            backbone.add_checks(self.readiness)
            wanted += [backbone, *self.worker_background]
        if mode.serves:
            wanted += self.api_background
        for thing in wanted:
            await thing.start()
            self._running.append(thing)
        if gc.get_freeze_count():
            gc.freeze()  # what was made since `main` froze stays, too: the application with all its routes

    async def _prepare_mongo(self) -> None:
        await key_marks.check(self.runtime.database, key_marks.marks_of(self.runtime.settings))
        for store in (*self.runtime.stores, *self.stores, self.runtime.access_log):
            if hasattr(store, "ensure_indexes"):
                await store.ensure_indexes()
        self.readiness.add("mongo", lambda: mongo.answers(self.runtime.client))

    def drain(self) -> None:
        """Be unready and end the live streams; open requests may still finish."""
        self.readiness.drain()
        for stream in self.streams:
            stream.close()

    async def stop(self) -> None:
        """Stop everything in reverse order; what was accepted is finished first."""
        for thing in reversed(self._running):
            await thing.stop()
        for work in self.runtime.works:
            await work.stop()
        for ledger in self.runtime.ledgers:
            await ledger.stop()
        self.runtime.client.close()


Build = Callable[[Any], Service]


def main(build: Build, settings: type[Settings], arguments: list[str] | None = None) -> int:
    """Run a service in the mode given on the command line until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(description=(build.__doc__ or "").strip() or None)
    parser.add_argument("mode", choices=[*map(str, Mode), "openapi"], nargs="?", default="all")
    wanted = parser.parse_args(arguments).mode
    if wanted == "openapi":
        from common.testing.sign_in import sample_settings

        return print_document(build(sample_settings(settings)).app())
    loaded = load(settings)
    set_up_logs(loaded.service_name, level=loaded.log_level)
    set_up_tracing(loaded.service_name, loaded.otlp_endpoint)
    service = build(loaded)
    gc.freeze()  # what was loaded by now stays; looking through it again and again costs 5 % of a busy worker
    gc.set_threshold(50_000, 20, 20)
    sys.setswitchinterval(SWITCH_SECONDS)
    return serve(
        service.app(Mode(wanted)),
        host=loaded.http_host,
        port=loaded.http_port,
        drain_seconds=loaded.drain_seconds,
        on_drain=service.drain,
    )
