"""Composition root: from settings to a running F0 monitoring service."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from common.service import Runtime, Service
from common.web.declaration import declaration_routes
from common.web.pages import PageSettings, page_routes
from common.work.model import AggregateStore, Heart, RecordStore
from f0_monitoring import ports, routes
from f0_monitoring.consumers import subscriptions
from f0_monitoring.domain.commands import FileReport
from f0_monitoring.domain.decide import decide
from f0_monitoring.domain.declare import file_report
from f0_monitoring.domain.model import Patient, Report
from f0_monitoring.domain.roster import Doctor, decide_doctor
from f0_monitoring.routes import rules as rule_routes
from f0_monitoring.rulebook import RiskRuleBooks, load_risk_rules
from f0_monitoring.rulebook.accuracy import read_accuracy
from f0_monitoring.settings import F0MonitoringSettings
from f0_monitoring.store.mongo import MongoDoctors, MongoPatients, MongoReports
from f0_monitoring.translate import to_event
from f0_monitoring.views.desk import Desk
from f0_monitoring.views.explanation import Explainer
from f0_monitoring.views.foresight import Foresight
from f0_monitoring.views.intake import Intake
from f0_monitoring.views.staff import Staff
from f0_monitoring.views.tables import Tables

PAGES = Path(__file__).parent / "pages"


class PatientStore(ports.Patients, AggregateStore[Patient], Protocol):
    """Where records are kept and looked up."""


class ReportStore(ports.Reports, RecordStore[Report], Protocol):
    """Where declarations are kept and looked up."""


class DoctorStore(ports.Doctors, AggregateStore[Doctor], Protocol):
    """Where the roster is kept."""


def build(settings: F0MonitoringSettings) -> Service:
    """Build F0 monitoring (theo dõi F0): records, declarations twice a day, risk, doctors."""
    runtime = Runtime(settings)
    reports = MongoReports(runtime.database)
    patients = MongoPatients(runtime.database, reports)
    return compose(runtime, patients, reports, MongoDoctors(runtime.database), settings)


def compose(
    runtime: Runtime,
    patients: PatientStore,
    reports: ReportStore,
    doctors: DoctorStore,
    settings: F0MonitoringSettings,
) -> Service:
    """Put the service together on its stores; tests hand in their own."""
    rules = load_risk_rules(runtime.folder / "rules")
    work = runtime.work(Heart("patient", decide, to_event, lambda: rules), patients)
    roster = runtime.work(Heart("doctor", decide_doctor, to_event, lambda: None), doctors)
    ledger = runtime.ledger(_report_heart(rules), reports, _patients_of(patients))
    staff = Staff(runtime, patients, doctors, work, roster)
    parts = {
        "work": work,
        "ledger": ledger,
        "staff": staff,
        "desk": Desk(runtime, patients, reports, doctors, rules),
        "intake": Intake(runtime, staff),
        **_rule_parts(runtime, patients, reports, rules),
    }
    web = PageSettings(settings.oidc_issuer, meta={"inbox-url": settings.inbox_url})
    pages = page_routes({"/doctor": PAGES / "doctor.html", "/quy-tac": PAGES / "rules.html"}, web, PAGES)
    return runtime.service(
        "Lá Chắn - Theo dõi F0",
        [routes.router, rule_routes.router, declaration_routes("f0", web), pages],
        parts=parts,
        subscriptions=subscriptions(work),
    )


def _rule_parts(
    runtime: Runtime, patients: ports.Patients, reports: ports.Reports, rules: RiskRuleBooks
) -> dict[str, Any]:
    """Build what shows, explains and tries out the rules."""
    accuracy = read_accuracy(runtime.folder / "rules")
    return {
        "explainer": Explainer(rules),
        "foresight": Foresight(runtime, patients, reports, rules),
        "tables": Tables(rules, accuracy, runtime.clock),
    }


def _report_heart(rules: RiskRuleBooks) -> Heart[Any, RiskRuleBooks]:
    return Heart("report", file_report, to_event, lambda: rules)


def _patients_of(patients: ports.Patients) -> Callable[[list[Any]], Awaitable[Mapping[str, Any]]]:
    """Load, in one query per batch, the records that declarations are for."""

    async def load(commands: list[FileReport]) -> Mapping[str, Patient]:
        found = await patients.many({command.person_id for command in commands})
        return {c.report_id: found[c.person_id] for c in commands if c.person_id in found}

    return load
