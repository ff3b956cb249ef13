"""What the intake of patients is made of: lists, and the jobs that work them off."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from common.mongo.leases import MongoLease
from common.service import Background, Runtime
from common.sheets.reading import FILE_MAX_BYTES
from common.work.engine import Work
from common.work.model import AggregateStore, Heart
from common.workshop import Workshop
from f0_monitoring import ports
from f0_monitoring.domain import case_lists
from f0_monitoring.domain.case_lists import CaseList
from f0_monitoring.rulebook import RiskRuleBooks
from f0_monitoring.store.case_lists import MongoCaseLists
from f0_monitoring.translate import to_event
from f0_monitoring.views.lists.desk import ListDesk
from f0_monitoring.views.lists.job import ListJob
from f0_monitoring.views.staff import Staff

_LISTS = "/v1/case-lists"


class ListStore(ports.CaseLists, AggregateStore[CaseList], Protocol):
    """Where uploaded lists are kept."""


@dataclass(frozen=True, slots=True)
class IntakeStores:
    """Where the intake keeps things."""

    lists: ListStore


def in_mongo(runtime: Runtime) -> IntakeStores:
    """Return the stores of a running service."""
    return IntakeStores(MongoCaseLists(runtime.database))


@dataclass(frozen=True, slots=True)
class Coming:
    """What the composition root adds for the intake."""

    parts: Mapping[str, Any]
    background: tuple[Background, ...]
    worker_background: tuple[Background, ...]
    large_bodies: Mapping[str, int]

    @staticmethod
    def pages(folder: Path) -> dict[str, Path]:
        """Return the pages of the intake."""
        return {"/intake": folder / "intake" / "intake.html"}


def intake_of(
    runtime: Runtime,
    stores: IntakeStores,
    patients: ports.Patients,
    staff: Staff,
    rules: RiskRuleBooks,
    work: Work[Any, Any],
) -> Coming:
    """Make everything on its stores."""
    workshop = Workshop(is_apart=not runtime.in_memory)
    heart = Heart("case-list", case_lists.decide, to_event, lambda: None)
    works = {"work": work, "case_lists": runtime.work(heart, stores.lists)}
    job = ListJob(runtime, stores.lists, patients, staff, works, _lease(runtime, "case-lists"))
    parts = {
        "case_lists": works["case_lists"],
        "list_desk": ListDesk(runtime, stores.lists, rules, workshop),
        "list_job": job,
    }
    return Coming(parts, (workshop,), (job,), {_LISTS: FILE_MAX_BYTES})


def _lease(runtime: Runtime, name: str) -> MongoLease | None:
    worker = runtime.settings.worker_name or f"{socket.gethostname()}:{os.getpid()}"
    return None if runtime.in_memory else MongoLease(runtime.database, name, worker)
