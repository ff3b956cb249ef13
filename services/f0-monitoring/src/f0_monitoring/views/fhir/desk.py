"""The FHIR desk: finds records within the areas of the reader, notes the reading, answers resources."""

from collections.abc import Callable, Iterable
from typing import Final

from common.http.pagination import read_cursor, write_cursor
from common.kernel.areas import Actor
from common.kernel.errors import Invalid, NotFound
from common.service import Runtime
from f0_monitoring.domain.model import Patient
from f0_monitoring.ports import Patients, Reports
from f0_monitoring.views.fhir import bundles, resources
from f0_monitoring.views.fhir.bundles import Asked
from f0_monitoring.views.fhir.resources import Resource

REPORTS_SHOWN: Final = 200
"""Declarations of one patient that are shown as observations: more than three months, twice a day."""
_PURPOSE: Final = "FHIR: hệ thống đối tác"


class FhirDesk:
    """Reads and searches, for partners."""

    def __init__(self, runtime: Runtime, patients: Patients, reports: Reports) -> None:
        self._runtime = runtime
        self._patients = patients
        self._reports = reports

    def capabilities(self, base: str) -> Resource:
        """Return the CapabilityStatement."""
        return bundles.capabilities(base, self._runtime.clock.now())

    async def read(self, kind: str, resource_id: str, by: Actor) -> Resource:
        """Return one resource; `NotFound` outside the reader's areas."""
        person_id = resource_id.partition(".")[0]
        if kind == "Observation":
            person_id = await self._reports.person_of(resource_id.rpartition(".")[0]) or ""
        found = await self._of(kind, await self._one(person_id, by))
        for one in found:
            if one["id"] == resource_id:
                return one
        raise NotFound("Không có tài nguyên này trong phạm vi của bạn.")

    async def patients(self, asked: Asked, by: Actor, count: int, cursor: str, person_id: str) -> Resource:
        """Search patients of the reader's areas, by id, page after page."""
        if person_id:
            record = (await self._patients.many([person_id])).get(person_id)
            found = [record] if record and by.covers(record.area) else []
            return await self._patient_bundle(asked, found, by, "")
        after = str(read_cursor(cursor, str)[0]) if cursor else ""
        found = await self._patients.in_areas(by.area_codes, limit=count + 1, after=after)
        shown = found[:count]
        following = write_cursor(shown[-1].person_id) if len(found) > count else ""
        return await self._patient_bundle(asked, shown, by, following)

    async def of_patient(
        self, asked: Asked, by: Actor, patient: str, count: int, cursor: str, code: str = ""
    ) -> Resource:
        """Search what belongs to one patient, page after page, in the order of the resource."""
        person_id = patient.removeprefix("Patient/")
        if not person_id:
            raise Invalid("Hãy hỏi theo người bệnh: ?patient=<id>.", field="patient")
        found = [
            one
            for one in await self._of(asked.kind, await self._one(person_id, by))
            if not code or one["code"]["coding"][0]["code"] == code.rpartition("|")[2]
        ]
        first = int(str(read_cursor(cursor, int)[0])) if cursor else 0
        last = first + count
        following = write_cursor(last) if len(found) > last else ""
        return bundles.searchset(asked, found[first:last], following)

    async def _patient_bundle(self, asked: Asked, found: list[Patient], by: Actor, after: str) -> Resource:
        await self._runtime.access_log.note(by, [one.person_id for one in found], _PURPOSE)
        units = self._runtime.units
        return bundles.searchset(asked, (resources.patient(one, units) for one in found), after)

    async def _one(self, person_id: str, by: Actor) -> Patient:
        record = (await self._patients.many([person_id])).get(person_id)
        if record is None or not by.covers(record.area):
            raise NotFound("Không có người bệnh này trong phạm vi của bạn.")
        await self._runtime.access_log.note(by, [person_id], _PURPOSE)
        return record

    async def _of(self, kind: str, record: Patient) -> list[Resource]:
        if kind == "Patient":
            return [resources.patient(record, self._runtime.units)]
        if kind == "Observation":
            rows = await self._reports.latest_of(record.person_id, limit=REPORTS_SHOWN)
            return [one for row in rows for one in resources.observations(row)]
        return list(_FROM_RECORD[kind](record))


_FROM_RECORD: Final[dict[str, Callable[[Patient], Iterable[Resource]]]] = {
    "RiskAssessment": lambda record: [resources.risk(record)],
    "Encounter": resources.encounters,
    "EpisodeOfCare": lambda record: [resources.episode(record)],
}
