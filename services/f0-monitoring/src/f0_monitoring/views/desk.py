"""
What goes out: the desk opens sealed records for those who may read them.

Every opening is noted in the access log first.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from common.http.pagination import Page, PageQuery, write_cursor
from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.service import Runtime
from f0_monitoring.domain import criteria, declare, slots
from f0_monitoring.domain.access import may_read
from f0_monitoring.domain.errors import NoSuchPatient
from f0_monitoring.domain.model import CareState, Level, Patient, Report
from f0_monitoring.ports import After, Doctors, Patients, Reports, Search
from f0_monitoring.rulebook import RiskRuleBooks
from f0_monitoring.views import answers
from f0_monitoring.views.record import CarerView, Opened, PatientView, patient_view
from f0_monitoring.views.regulations import Regulations

REPORTS_SHOWN, FAMILY_SHOWN, READINGS_SHOWN = 60, 20, 50


class Desk:
    """Turns records into views for those who may read them."""

    def __init__(
        self,
        runtime: Runtime,
        patients: Patients,
        reports: Reports,
        doctors: Doctors,
        rules: RiskRuleBooks,
    ) -> None:
        self._runtime = runtime
        self._patients = patients
        self._reports = reports
        self._doctors = doctors
        self._rules = rules
        self.regulations = Regulations(rules, runtime.clock)

    async def show(self, person_id: str, by: Actor, purpose: str) -> PatientView:
        """Open one record for somebody who may read it; `NoSuchPatient` for everybody else."""
        [view] = await self._opened([await self._readable(person_id, by)], by, purpose)
        return view

    async def read(self, person_id: str, by: Actor, purpose: str) -> Patient:
        """Return one record to a view of it, for somebody who may read it; the reading is noted first."""
        patient = await self._readable(person_id, by)
        await self._runtime.access_log.note(by, [person_id], purpose)
        return patient

    async def worklist(self, search: Search, page: PageQuery, by: Actor) -> Page[PatientView]:
        """Open a page of records that the reader is responsible for, the worst and most silent first."""
        after = page.after(int, datetime, str)
        key: After | None = (int(str(after[0])), after[1], str(after[2])) if after else None  # type: ignore[assignment]
        found = await self._patients.find(search, limit=page.limit + 1, after=key)
        shown = found[: page.limit]
        items = await self._opened(shown, by, "Danh sách người bệnh")
        last = shown[-1] if len(found) > page.limit else None
        return Page(items=items, next=_cursor(last) if last else None)

    def search(
        self,
        by: Actor,
        *,
        mine: bool,
        is_open: bool,
        commune_code: str | None,
        risk: Level | None,
        care: CareState | None,
        q: str,
    ) -> Search:
        """Bound what is looked for to the areas and the patients of *by*."""
        return Search(
            area_codes=by.area_codes,
            carer_id=by.subject if "doctor" in by.roles else "",
            is_own_only=mine,
            is_open=is_open,
            commune_code=commune_code,
            level=risk,
            care=care,
            tokens=tuple(self._runtime.blind.tokens_of_query(q)) if q else (),
        )

    async def reports_of(self, person_id: str, by: Actor) -> answers.ReportsView:
        """Show a person's declarations to those who may read the record."""
        patient = await self._readable(person_id, by)
        await self._runtime.access_log.note(by, [person_id], "Xem tờ khai sức khỏe")
        rows = await self._reports.latest_of(person_id, limit=REPORTS_SHOWN)
        return answers.ReportsView(items=[self._report_view(patient, row) for row in rows])

    async def me(self, by: Actor) -> answers.MeView:
        """Show citizens what they owe, what was received last, their doctor and whom they declare for."""
        patient = await self._readable(by.person_id or "", by)
        [view] = await self._opened([patient], by, "Trang của tôi")
        last = await self._reports.latest_of(patient.person_id, limit=1)
        return answers.MeView(
            person_id=view.person_id,
            full_name=view.person.full_name,
            commune_name=view.commune_name,
            duty=self._duty(patient),
            last_receipt=self._report_view(patient, last[0]) if last else None,
            patient=view,
            family=await self._family(by),
            as_of=view.as_of,
        )

    async def readings_of(self, by: Actor) -> answers.ReadingsView:
        """Show citizens who read their data."""
        rows = await self._runtime.access_log.readings_of(by.person_id or "", limit=READINGS_SHOWN)
        items = [answers.ReadingView(at=r.at, roles=list(r.roles), purpose=r.purpose) for r in rows]
        return answers.ReadingsView(items=items)

    async def _readable(self, person_id: str, by: Actor) -> Patient:
        patient = (await self._patients.many([person_id])).get(person_id)
        if patient is None or not may_read(by, patient):
            raise NoSuchPatient("Không có hồ sơ F0 này trong phạm vi của bạn.")
        return patient

    async def _opened(self, patients: Collection[Patient], by: Actor, purpose: str) -> list[PatientView]:
        """Note the reading first, then open the seals."""
        await self._runtime.access_log.note(by, [patient.person_id for patient in patients], purpose)
        now = self._runtime.clock.now()
        carers = await self._carers(patients)
        words = {word.code: word.vi for word in self._rules.form(local_day(now)).conditions}
        return [patient_view(p, self._open(p, carers, words), now) for p in patients]

    def _open(self, patient: Patient, carers: dict[str, CarerView], words: dict[str, str]) -> Opened:
        vault, units = self._runtime.vault, self._runtime.units
        carer = carers.get(patient.carer_id or "")
        sealed_notes = (step.note for step in patient.history)
        return Opened(
            person=vault.open(patient.sealed, person_id=patient.person_id) if patient.sealed else {},
            commune_name=units.name_of(patient.area.commune_code),
            district_name=units.name_of(patient.area.district_code),
            doctor=carer.model_copy(update={"reason": patient.carer_reason}) if carer else None,
            notes=tuple(self._note(patient, note) for note in sealed_notes),
            conditions=words,
            wording=self._rules.wording,
        )

    def _note(self, patient: Patient, sealed: str) -> str:
        if not sealed:
            return ""
        return str(self._runtime.vault.open(sealed, person_id=patient.person_id).get("note", ""))

    async def _carers(self, patients: Iterable[Patient]) -> dict[str, CarerView]:
        wanted = {patient.carer_id for patient in patients if patient.carer_id}
        if not wanted:
            return {}
        views = {}
        for doctor in await self._doctors.roster():
            if doctor.doctor_id in wanted:
                fields = self._runtime.vault.open(doctor.sealed, person_id=doctor.doctor_id)
                views[doctor.doctor_id] = CarerView(
                    doctor_id=doctor.doctor_id, name=fields["name"], phone=fields["phone"], reason=""
                )
        return views

    def _report_view(self, patient: Patient, report: Report) -> answers.ReportView:
        settled = criteria.Seen(patient.profile, report.vitals).saturations[0]
        words = {word.code: word.vi for word in self._rules.form(local_day(report.measured_at)).symptoms}
        return answers.ReportView.of(
            report,
            receipt=declare.receipt_of(report.report_id),
            news2=settled.news2,
            symptoms=[words.get(code, code) for code in report.symptoms],
        )

    def _duty(self, patient: Patient) -> answers.DutyView | None:
        if patient.next_due_at is None:
            return None
        course = self._rules.on(local_day(patient.next_due_at)).course
        slot, opens_at = slots.slot_of_deadline(course, patient.next_due_at)
        return answers.DutyView(name=slot.name, opens_at=opens_at, due_at=patient.next_due_at)

    async def _family(self, by: Actor) -> list[answers.FamilyMember]:
        found = await self._patients.looked_after_by(by.person_id or "", limit=FAMILY_SHOWN)
        views = await self._opened(found, by, "Khai cho người trong nhà")
        return [
            answers.FamilyMember(
                person_id=view.person_id, full_name=view.person.full_name, next_due_at=view.next_due_at
            )
            for view in views
        ]


def _cursor(patient: Patient) -> str:
    at = patient.last_report_at or patient.declared_at
    kept = at.replace(microsecond=at.microsecond // 1000 * 1000)
    return write_cursor(patient.risk.level.rank, kept, patient.person_id)
