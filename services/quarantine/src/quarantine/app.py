"""Composition root: from settings to a running quarantine service."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from fastapi import APIRouter

from common.service import Background, Runtime, Service
from common.sms import SmsGateway
from common.web.pages import PageSettings, page_routes
from common.work.model import AggregateStore, Heart, RecordStore
from quarantine import ports, routes
from quarantine.consumers import subscriptions
from quarantine.domain.commands import RecordReport
from quarantine.domain.decide import decide
from quarantine.domain.model import Case
from quarantine.domain.reports import Declarants, Report, record
from quarantine.domain.rules import QuarantineRules
from quarantine.parts import files, messages, moves, outside, papers, phones, photos, retention, supervision
from quarantine.ports import citizens as citizens_ports
from quarantine.ports.photos import Photos
from quarantine.rulebook import read_rules
from quarantine.settings import QuarantineSettings
from quarantine.store import MongoCases, MongoReports
from quarantine.translate import to_event
from quarantine.views.desk import Desk
from quarantine.views.followed import followed_all
from quarantine.views.intake import Intake
from quarantine.views.preview import Preview

PAGES = Path(__file__).parent / "pages"
ROUTERS = (*routes.routers, *routes.moves, *outside.ROUTERS, *photos.ROUTERS)


class CaseStore(ports.Cases, citizens_ports.AgedCases, AggregateStore[Case], Protocol):
    """Where files are kept and looked up."""


class ReportStore(ports.Reports, citizens_ports.AgedReports, RecordStore[Report], Protocol):
    """Where declarations are kept and looked up."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Where the service keeps what it knows; tests hand in their own."""

    cases: CaseStore
    reports: ReportStore
    supervisions: supervision.SupervisionStore
    moves: moves.MoveStores
    office: papers.PaperStores
    files: files.FileStores
    phones: phones.PhoneStores
    callbacks: outside.CallbackStore
    photos: Photos
    messages: messages.MessageStore


def in_mongo(runtime: Runtime) -> Stores:
    """Keep everything in the service's database."""
    reports = MongoReports(runtime.database)
    return Stores(
        MongoCases(runtime.database, reports),
        reports,
        supervision.in_mongo(runtime),
        moves.in_mongo(runtime),
        papers.in_mongo(runtime),
        files.in_mongo(runtime),
        phones.in_mongo(runtime),
        outside.in_mongo(runtime),
        photos.in_mongo(runtime),
        messages.in_mongo(runtime),
    )


def build(settings: QuarantineSettings) -> Service:
    """Build quarantine (cách ly y tế): orders, daily declarations, release."""
    runtime = Runtime(settings)
    return compose(runtime, in_mongo(runtime), settings)


def compose(
    runtime: Runtime, stores: Stores, settings: QuarantineSettings, gateway: SmsGateway | None = None
) -> Service:
    """Put the service together on its stores; *gateway* stands in for the one of the settings."""
    cases, reports = stores.cases, stores.reports
    rules = read_rules(runtime.folder / "rules" / "quarantine", as_of=settings.rules_as_of)
    work = runtime.work(_case_heart(rules), cases)
    ledger = runtime.ledger(_report_heart(rules), reports, _declarants(cases))
    desk, intake = Desk(runtime, cases, reports, rules), Intake(runtime, cases)
    watched = stores.supervisions, stores.photos
    watch = supervision.supervision_of(runtime, watched, cases, settings, PAGES)
    moving = moves.moves_of(runtime, stores.moves, cases, work, (desk, intake), rules)
    office = papers.office_of(runtime, stores.office, cases, rules, work, PAGES)
    linked = files.files_of(runtime, stores.files, cases, work, desk, intake)
    enrolled = phones.phones_of(runtime, stores.phones, cases, (desk, watch.parts["photo_desk"]), settings)
    purge = retention.purge_of(runtime, work, cases, reports, (stores.phones.enrolments, stores.photos))
    own: dict[str, Any] = {"work": work, "ledger": ledger, "desk": desk, "intake": intake, "purge": purge}
    own["preview"] = Preview(runtime, cases, rules)
    post = messages.messaging_of(runtime, stores.messages, cases, stores.supervisions, settings, gateway)
    own |= outside.outside_parts(runtime, stores.callbacks, cases, ledger, desk, settings.sms_secret)
    return runtime.service(
        "Quarantine",
        [*ROUTERS, *watch.routers, *office.routers, *enrolled.routers, _pages(settings)],
        parts=own | _parts(watch, moving, office, linked, enrolled, post),
        subscriptions=subscriptions(work, watch.work, *moving.doors, office.fold, post.work),
        background=office.background,
        worker_background=[*_of_workers(office, linked, post), purge],
        large_bodies={**office.large_bodies, **outside.LARGE_BODIES, **photos.LARGE_BODIES},
        stores=[*moving.stores, *office.stores, *linked.stores, *enrolled.stores, stores.photos],
    )


def _pages(settings: QuarantineSettings) -> APIRouter:
    desks = {"/cases": PAGES / "cases.html", **moves.DESKS}
    return page_routes(desks, PageSettings(settings.oidc_issuer), PAGES)


def _of_workers(*made: Any) -> list[Background]:
    """Gather what the parts of the service run in workers."""
    return [one for each in made for one in each.worker_background]


def _parts(*made: Any) -> dict[str, Any]:
    """Gather what the parts of the service give to its routes."""
    return {name: part for each in made for name, part in each.parts.items()}


def _case_heart(rules: QuarantineRules) -> Heart[Case, QuarantineRules]:
    return Heart("case", decide, to_event, lambda: rules)


def _report_heart(rules: QuarantineRules) -> Heart[Any, QuarantineRules]:
    return Heart("report", record, to_event, lambda: rules)


def _declarants(cases: ports.Cases) -> Callable[[list[Any]], Awaitable[Mapping[str, Any]]]:
    """Load, in one query per batch, the files that declarations are for and those of the declarants."""

    async def load(commands: list[RecordReport]) -> Mapping[str, Declarants]:
        wanted = {command.person_id for command in commands}
        wanted |= {command.by.person_id for command in commands if command.by.person_id}
        found = await followed_all(cases, await cases.many(wanted))
        return {
            command.report_id: Declarants(found.get(command.person_id), found.get(command.by.person_id or ""))
            for command in commands
        }

    return load
