"""Composition root: from settings to a running F0 monitoring service."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from fastapi import APIRouter

from common.service import Runtime, Service
from common.sms import SmsGateway
from common.web.declaration import declaration_routes
from common.web.pages import PageSettings, origin_of, page_routes
from common.work.model import AggregateStore, Heart, RecordStore
from f0_monitoring import ports, routes
from f0_monitoring.consumers import subscriptions
from f0_monitoring.domain.commands import FileReport
from f0_monitoring.domain.decide import decide
from f0_monitoring.domain.declare import file_report
from f0_monitoring.domain.model import Patient, Report
from f0_monitoring.domain.roster import Doctor, decide_doctor
from f0_monitoring.domain.watched import Watched
from f0_monitoring.parts import care, consulting, facilities, intake
from f0_monitoring.parts import messages as messaging
from f0_monitoring.parts.duty import duty_pages, duty_parts
from f0_monitoring.parts.retention import retention_parts
from f0_monitoring.parts.rules import rule_parts
from f0_monitoring.routes import care as care_routes
from f0_monitoring.routes import duty
from f0_monitoring.routes import rules as rule_routes
from f0_monitoring.rulebook import RiskRuleBooks, load_risk_rules
from f0_monitoring.settings import F0MonitoringSettings
from f0_monitoring.store.messages import MongoMessages
from f0_monitoring.store.mongo import MongoDoctors, MongoPatients, MongoReports
from f0_monitoring.translate import to_event
from f0_monitoring.views.desk import Desk
from f0_monitoring.views.intake import Intake
from f0_monitoring.views.staff import Staff

PAGES = Path(__file__).parent / "pages"
DESKS = {
    "/doctor": PAGES / "doctor.html",
    "/quy-tac": PAGES / "rules" / "rules.html",
    "/intake": PAGES / "intake" / "intake.html",
    "/tu-khai": PAGES / "self" / "self.html",
}
ROUTERS = (routes.router, *routes.intake, duty.router, care_routes.router, rule_routes.router)


class PatientStore(ports.Patients, AggregateStore[Patient], Protocol):
    """Where records are kept and looked up."""


class ReportStore(ports.Reports, RecordStore[Report], Protocol):
    """Where declarations are kept and looked up."""


class DoctorStore(ports.Doctors, AggregateStore[Doctor], Protocol):
    """Where the roster is kept."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Where the service keeps what it knows; tests hand in their own."""

    patients: PatientStore
    reports: ReportStore
    doctors: DoctorStore
    care: care.CareStores
    intake: intake.IntakeStores
    consulting: consulting.ConsultingStores
    places: facilities.FacilityStores
    messages: messaging.MessageStore


def in_mongo(runtime: Runtime) -> Stores:
    """Keep everything in the service's database."""
    reports = MongoReports(runtime.database)
    patients = MongoPatients(runtime.database, reports)
    return Stores(
        patients,
        reports,
        MongoDoctors(runtime.database),
        care.in_mongo(runtime),
        intake.in_mongo(runtime),
        consulting.in_mongo(runtime, patients),
        facilities.in_mongo(runtime),
        MongoMessages(runtime.database),
    )


def build(settings: F0MonitoringSettings) -> Service:
    """Build F0 monitoring (theo dõi F0): records, declarations twice a day, risk, doctors, consultations."""
    runtime = Runtime(settings)
    return compose(runtime, in_mongo(runtime), settings)


def compose(
    runtime: Runtime, stores: Stores, settings: F0MonitoringSettings, gateway: SmsGateway | None = None
) -> Service:
    """Put the service together on its stores; *gateway* stands in for the one of the settings."""
    patients, reports, rules = stores.patients, stores.reports, load_risk_rules(runtime.folder / "rules")
    work = runtime.work(Heart("patient", decide, to_event, lambda: rules), patients)
    roster = runtime.work(Heart("doctor", decide_doctor, to_event, lambda: None), stores.doctors)
    staff = Staff(runtime, patients, stores.doctors, work, roster)
    coming = intake.intake_of(runtime, stores.intake, patients, staff, rules, work, reports)
    places = facilities.facilities_of(runtime, stores.places, patients, settings, PAGES)
    talks, post = _talks(runtime, stores, settings, gateway)
    parts: dict[str, Any] = {
        "work": work,
        "roster": roster,
        "staff": staff,
        "intake": Intake(runtime, staff),
        **coming.parts,
        **talks.parts,
        **places.parts,
        **_looks(runtime, stores, staff, rules, post),
        **care.care_parts(runtime, patients, work, staff, stores.care, rules),
        "ledger": runtime.ledger(_report_heart(rules), reports, _patients_of(patients)),
    }
    parts |= retention_parts(runtime, parts)
    return runtime.service(
        "Lá Chắn - Theo dõi F0",
        [*ROUTERS, *talks.routers, *places.routers, *_pages(settings)],
        parts=parts,
        subscriptions=subscriptions(work, parts["timeline"], coming.door, post.work, *places.doors),
        **_beside(parts, coming, talks, post),
    )


def _beside(
    parts: dict[str, Any], coming: intake.Coming, talks: consulting.Consulting, post: messaging.Messaging
) -> dict[str, Any]:
    return {
        "streams": [parts["live"].broadcast],
        "large_bodies": coming.large_bodies,
        "stores": [*coming.stores, *talks.stores, *parts["purge"].stores],
        "background": coming.background,
        "api_background": [parts["live"], *talks.background],
        "worker_background": [
            parts["rotation"],
            *coming.worker_background,
            *post.worker_background,
            parts["purge"],
        ],
    }


def _looks(
    runtime: Runtime, stores: Stores, staff: Staff, rules: RiskRuleBooks, post: messaging.Messaging
) -> dict[str, Any]:
    patients, reports, doctors = stores.patients, stores.reports, stores.doctors
    return {
        **rule_parts(runtime, patients, reports, rules),
        **duty_parts(runtime, doctors, staff),
        "courier": post.courier,
        "messages": post.work,
        "desk": Desk(runtime, patients, reports, doctors, rules),
    }


def _talks(
    runtime: Runtime, stores: Stores, settings: F0MonitoringSettings, gateway: SmsGateway | None
) -> tuple[consulting.Consulting, messaging.Messaging]:
    patients, doctors, talks = stores.patients, stores.doctors, stores.consulting
    around = (patients, doctors, talks.consultations, talks.keys)
    return (
        consulting.consulting_of(runtime, talks, patients, doctors, settings, PAGES, stores.messages),
        messaging.messaging_of(runtime, stores.messages, around, settings, gateway),
    )


def _pages(settings: F0MonitoringSettings) -> tuple[APIRouter, ...]:
    meta = {"inbox-url": settings.inbox_url, "quarantine-url": settings.quarantine_url}
    web = PageSettings(settings.oidc_issuer, meta=meta, connect=(origin_of(settings.quarantine_url),))
    # The verification page reads codes: with WebAssembly, and from the camera.
    reading = PageSettings(settings.oidc_issuer, meta=meta, wasm=True, devices=("camera",))
    return (
        declaration_routes("f0", web),
        page_routes(DESKS, web, PAGES),
        duty_pages(settings, PAGES),
        page_routes({"/xac-minh": PAGES / "verify" / "verify.html"}, reading),
    )


def _report_heart(rules: RiskRuleBooks) -> Heart[Any, RiskRuleBooks]:
    return Heart("report", file_report, to_event, lambda: rules)


def _patients_of(patients: ports.Patients) -> Callable[[list[Any]], Awaitable[Mapping[str, Any]]]:
    """Load, in one query per batch, what declarations are judged by."""

    async def load(commands: list[FileReport]) -> Mapping[str, Watched]:
        found = await patients.watched({command.person_id for command in commands})
        return {c.report_id: found[c.person_id] for c in commands if c.person_id in found}

    return load
