"""What the intake of patients is made of: lists, and the jobs that work them off."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from common.kernel import key_ring
from common.kernel.key_ring import KeyRing
from common.mongo.key_ring import MongoKeyRing
from common.mongo.leases import MongoLease
from common.sealed_papers import Keyring
from common.service import Background, Runtime
from common.sheets.reading import FILE_MAX_BYTES
from common.work.engine import Work
from common.work.model import AggregateStore, Heart
from common.workshop import Workshop
from f0_monitoring import ports
from f0_monitoring.domain import case_lists, revoking, self_answer
from f0_monitoring.domain.case_lists import CaseList
from f0_monitoring.domain.revoking import RevokedCertificate
from f0_monitoring.domain.self_declared import SelfDeclaration
from f0_monitoring.ports.revocations import Revocations
from f0_monitoring.rulebook import RiskRuleBooks
from f0_monitoring.rulebook.end_of_care import EndRuleBook
from f0_monitoring.rulebook.intake import IntakeRuleBook
from f0_monitoring.store.case_lists import MongoCaseLists
from f0_monitoring.store.revocations import MongoRevocations
from f0_monitoring.store.self_declared import MongoSelfDeclarations, MongoTestPhotos
from f0_monitoring.translate import to_event
from f0_monitoring.views.details import DetailsDesk
from f0_monitoring.views.door import IntakeDoor
from f0_monitoring.views.ending import EndDesk
from f0_monitoring.views.fhir.desk import FhirDesk
from f0_monitoring.views.lists.desk import ListDesk
from f0_monitoring.views.lists.job import ListJob
from f0_monitoring.views.revoking import RevocationDesk
from f0_monitoring.views.sealing import Seal
from f0_monitoring.views.self_declared import PHOTO_MAX_BYTES, SelfDeclarationDesk
from f0_monitoring.views.staff import Staff

_LISTS, _PHOTOS = "/v1/case-lists", "/v1/test-photos"


class ListStore(ports.CaseLists, AggregateStore[CaseList], Protocol):
    """Where uploaded lists are kept."""


class DeclarationStore(ports.SelfDeclarations, AggregateStore[SelfDeclaration], Protocol):
    """Where people's own declarations are kept."""


class KeyStore(Keyring, AggregateStore[KeyRing], Protocol):
    """Where the keys of certificates are kept."""


class RevocationStore(Revocations, AggregateStore[RevokedCertificate], Protocol):
    """Where it is kept which certificates were taken back."""


@dataclass(frozen=True, slots=True)
class IntakeStores:
    """Where the intake keeps things."""

    lists: ListStore
    declarations: DeclarationStore
    photos: ports.TestPhotos
    keys: KeyStore
    revocations: RevocationStore


def in_mongo(runtime: Runtime) -> IntakeStores:
    """Return the stores of a running service."""
    database = runtime.database
    return IntakeStores(
        MongoCaseLists(database),
        MongoSelfDeclarations(database),
        MongoTestPhotos(database),
        MongoKeyRing(database, "certificate_keys"),
        MongoRevocations(database),
    )


@dataclass(frozen=True, slots=True)
class Coming:
    """What the composition root adds for the intake."""

    parts: Mapping[str, Any]
    door: IntakeDoor
    stores: tuple[Any, ...]
    background: tuple[Background, ...]
    worker_background: tuple[Background, ...]
    large_bodies: Mapping[str, int]


def intake_of(
    runtime: Runtime,
    stores: IntakeStores,
    patients: ports.Patients,
    staff: Staff,
    rules: RiskRuleBooks,
    work: Work[Any, Any],
    reports: ports.Reports,
) -> Coming:
    """Make everything on its stores."""
    lists = _of_lists(runtime, stores, patients, staff, rules, work)
    patience = IntakeRuleBook.load(runtime.folder / "rules")
    heart = Heart("self-declaration", self_answer.decide, to_event, lambda: patience)
    keys = runtime.work(Heart("certificate-keys", key_ring.decide, to_event, lambda: None), stores.keys)
    seal = Seal(runtime, stores.keys, keys)
    endings = EndRuleBook.load(runtime.folder / "rules")
    parts = {
        **lists,
        "seal": seal,
        "fhir": FhirDesk(runtime, patients, reports),
        "end_desk": EndDesk(runtime, patients, endings, seal, lists["workshop"], stores.revocations),
        **_of_revocations(runtime, stores, patients, endings, seal),
        "self_declarations": runtime.work(heart, stores.declarations),
        "self_desk": SelfDeclarationDesk(runtime, stores.declarations, stores.photos, patients),
        "details_desk": DetailsDesk(runtime, patients),
    }
    door = IntakeDoor(runtime, staff, stores.declarations, work)
    large = {_LISTS: FILE_MAX_BYTES, _PHOTOS: PHOTO_MAX_BYTES}
    return Coming(parts, door, (stores.photos,), (lists["workshop"], seal), (lists["list_job"],), large)


def _of_revocations(
    runtime: Runtime, stores: IntakeStores, patients: ports.Patients, endings: EndRuleBook, seal: Seal
) -> dict[str, Any]:
    heart = Heart("certificate-revocation", revoking.decide_revocation, to_event, lambda: None)
    work = runtime.work(heart, stores.revocations)
    desk = RevocationDesk(runtime, patients, endings, stores.revocations, seal, work)
    return {"revocations": work, "revocation_desk": desk}


def _of_lists(
    runtime: Runtime,
    stores: IntakeStores,
    patients: ports.Patients,
    staff: Staff,
    rules: RiskRuleBooks,
    work: Work[Any, Any],
) -> dict[str, Any]:
    workshop = Workshop(is_apart=not runtime.in_memory)
    heart = Heart("case-list", case_lists.decide, to_event, lambda: None)
    works = {"work": work, "case_lists": runtime.work(heart, stores.lists)}
    job = ListJob(runtime, stores.lists, patients, staff, works, _lease(runtime, "case-lists"))
    return {
        "workshop": workshop,
        "case_lists": works["case_lists"],
        "list_desk": ListDesk(runtime, stores.lists, rules, workshop),
        "list_job": job,
    }


def _lease(runtime: Runtime, name: str) -> MongoLease | None:
    worker = runtime.settings.worker_name or f"{socket.gethostname()}:{os.getpid()}"
    return None if runtime.in_memory else MongoLease(runtime.database, name, worker)
