"""Supervision, put together: its store, its unit of work, its desk and its pages."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from fastapi import APIRouter

from common.service import Runtime
from common.web.pages import PageSettings, page_routes
from common.work.engine import Work
from common.work.model import AggregateStore, Heart
from quarantine.domain.supervision.decide import decide
from quarantine.domain.supervision.model import Supervision
from quarantine.ports import Cases
from quarantine.ports.photos import Photos
from quarantine.ports.supervision import Supervisions
from quarantine.routes import supervision as routes
from quarantine.rulebook.supervision import read_watch_rules
from quarantine.settings import QuarantineSettings
from quarantine.store.supervision import MongoSupervisions
from quarantine.translate.supervision import to_event
from quarantine.views.supervision.desk import SupervisionDesk
from quarantine.views.supervision.intake import SupervisionIntake
from quarantine.views.supervision.photos import PhotoDesk


class SupervisionStore(Supervisions, AggregateStore[Supervision], Protocol):
    """Where supervision is kept and looked up."""


@dataclass(frozen=True, slots=True)
class Supervising:
    """What the service gets: routes and pages, their parts, the unit of work that facts are handed to."""

    routers: list[APIRouter]
    parts: dict[str, Any]
    work: Work[Any, Any]


def in_mongo(runtime: Runtime) -> SupervisionStore:
    """Keep it in the service's database."""
    return MongoSupervisions(runtime.database)


def supervision_of(
    runtime: Runtime,
    stores: tuple[SupervisionStore, Photos],
    cases: Cases,
    settings: QuarantineSettings,
    pages: Path,
) -> Supervising:
    """Make it on its stores; *pages* is the folder of the service's pages."""
    # The times of check-ins are drawn by a secret of this service: nobody outside can foresee them.
    secret, (store, photos) = runtime.blind.token("random check-ins"), stores
    folder = runtime.folder / "rules" / "supervision"
    book = read_watch_rules(folder, secret, as_of=settings.rules_as_of)
    work = runtime.work(Heart("supervision", decide, to_event, lambda: book), store)
    phones = {"enrolled-phones": "yes"}
    web = PageSettings(settings.oidc_issuer, meta=phones, devices=("geolocation",))
    page = page_routes({"/diem-danh": pages / "supervision" / "check-in.html"}, web)
    intake = SupervisionIntake(runtime, cases, store, book)
    return Supervising(
        routers=[routes.router, page],
        parts={
            "supervision": work,
            "supervision_desk": SupervisionDesk(runtime, cases, store, book),
            "supervision_intake": intake,
            "photo_desk": PhotoDesk(runtime, cases, store, photos, intake),
        },
        work=work,
    )
