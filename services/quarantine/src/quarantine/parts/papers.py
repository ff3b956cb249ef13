"""Lists in and out, papers with codes, statistics: what an officer's office needs, put together."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from fastapi import APIRouter

from common.kernel import key_ring, uploads
from common.kernel.key_ring import KeyRing
from common.kernel.uploads import UploadedList
from common.messaging.subscription import Door
from common.mongo.key_ring import MongoKeyRing
from common.mongo.leases import MongoLease
from common.mongo.uploads import MongoUploads
from common.sealed_papers import Keyring
from common.service import Background, Runtime
from common.sheets.reading import FILE_MAX_BYTES
from common.sheets.upload_desk import Uploads
from common.web.pages import PageSettings, page_routes
from common.work.engine import Work
from common.work.model import AggregateStore, Heart, RecordStore
from common.workshop import Workshop
from quarantine import ports
from quarantine.domain.papers import Paper, keep_paper
from quarantine.domain.rules import QuarantineRules
from quarantine.routes import figures, lists, papers
from quarantine.store.figures import MongoFigures
from quarantine.store.papers import MongoPapers
from quarantine.translate import to_event
from quarantine.views.figures.desk import StatisticsDesk
from quarantine.views.figures.fold import FigureFold
from quarantine.views.lists.desk import StayListDesk
from quarantine.views.lists.export import Exporter
from quarantine.views.lists.job import StayListJob
from quarantine.views.papers.desk import PaperDesk
from quarantine.views.papers.seal import PaperSeal

_ROUTERS = (lists.router, papers.router, figures.router)


class ListStore(Uploads, AggregateStore[UploadedList], Protocol):
    """Where uploaded lists are kept."""


class KeyStore(Keyring, AggregateStore[KeyRing], Protocol):
    """Where the keys of papers are kept."""


class PaperStore(ports.Papers, RecordStore[Paper], Protocol):
    """Where printed papers are kept."""


@dataclass(frozen=True, slots=True)
class PaperStores:
    """Where the office keeps things; tests hand in their own."""

    lists: ListStore
    keys: KeyStore
    papers: PaperStore
    figures: ports.FigureStore


def in_mongo(runtime: Runtime) -> PaperStores:
    """Keep everything in the service's database."""
    database = runtime.database
    return PaperStores(
        MongoUploads(database, "stay_list"),
        MongoKeyRing(database, "paper_keys"),
        MongoPapers(database),
        MongoFigures(database),
    )


@dataclass(frozen=True, slots=True)
class Office:
    """What the composition root adds."""

    routers: tuple[APIRouter, ...]
    parts: Mapping[str, Any]
    fold: Door
    stores: tuple[Any, ...]
    background: tuple[Background, ...]
    worker_background: tuple[Background, ...]
    large_bodies: Mapping[str, int]


def office_of(
    runtime: Runtime,
    stores: PaperStores,
    cases: ports.Cases,
    rules: QuarantineRules,
    work: Work[Any, Any],
    pages: Path,
) -> Office:
    """Make everything on its stores; *pages* is the folder of the service's pages."""
    workshop = Workshop(is_apart=not runtime.in_memory)
    list_work = runtime.work(Heart("stay-list", uploads.decide, to_event, _none), stores.lists)
    kept = runtime.ledger(Heart("paper", keep_paper, to_event, _none), stores.papers)
    seal = _seal(runtime, stores)
    job = StayListJob(runtime, stores.lists, cases, {"work": work, "stay_lists": list_work}, _lease(runtime))
    return Office(
        routers=(*_ROUTERS, *_pages(runtime, pages)),
        parts={
            "stay_lists": list_work,
            "stay_list_desk": StayListDesk(runtime, stores.lists, workshop),
            "stay_list_job": job,
            "exporter": Exporter(runtime, cases, workshop),
            "paper_seal": seal,
            "paper_desk": PaperDesk(runtime, cases, stores.papers, rules, seal, workshop, kept),
            "statistics": StatisticsDesk(runtime, stores.figures, workshop),
        },
        fold=FigureFold(stores.figures),
        stores=(stores.figures,),
        background=(workshop, seal),
        worker_background=(job,),
        large_bodies={lists.LISTS: FILE_MAX_BYTES},
    )


def _pages(runtime: Runtime, folder: Path) -> tuple[APIRouter, ...]:
    issuer = runtime.settings.oidc_issuer
    # The verification page reads codes: with WebAssembly, and from the camera.
    reading = PageSettings(issuer, wasm=True, devices=("camera",))
    return (
        page_routes({"/thong-ke": folder / "stats" / "stats.html"}, PageSettings(issuer)),
        page_routes({"/danh-sach": folder / "lists" / "lists.html"}, PageSettings(issuer)),
        page_routes({"/xac-minh-cach-ly": folder / "verify" / "verify.html"}, reading),
    )


def _seal(runtime: Runtime, stores: PaperStores) -> PaperSeal:
    keys = runtime.work(Heart("paper-keys", key_ring.decide, to_event, _none), stores.keys)
    return PaperSeal(runtime, stores.keys, keys)


def _lease(runtime: Runtime) -> MongoLease | None:
    worker = runtime.settings.worker_name or f"{socket.gethostname()}:{os.getpid()}"
    return None if runtime.in_memory else MongoLease(runtime.database, "stay-lists", worker)


def _none() -> None:
    return None
