"""Records that a fact opened without knowing who it is: the station's list of them, and their completion."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.service import Runtime
from common.work.engine import Work
from common.work.model import Cause
from f0_monitoring.domain.details import CompleteDetails
from f0_monitoring.domain.errors import WrongPerson
from f0_monitoring.domain.model import Level, Patient
from f0_monitoring.ports import Patients
from f0_monitoring.views.intake import profile_of
from f0_monitoring.views.requests import DetailsBody

SHOWN = 100


class NamelessView(BaseModel):
    """An F0 from quarantine whose name and diseases nobody has written down here yet."""

    person_id: str
    commune_code: str
    commune_name: str
    declared_at: datetime
    tested_on: date
    risk_level: Level
    age_years: int
    vaccination_doses: int
    last_report_at: datetime | None


class NamelessListView(BaseModel):
    """Hồ sơ chờ bổ sung."""

    items: list[NamelessView]


class DetailsDesk:
    """Lists records without a name and completes them."""

    def __init__(self, runtime: Runtime, patients: Patients) -> None:
        self._runtime = runtime
        self._patients = patients

    async def waiting(self, by: Actor) -> NamelessListView:
        """Return the records of the officer's areas that wait for details, the oldest first."""
        found = await self._patients.awaiting_details(by.area_codes, limit=SHOWN)
        return NamelessListView(items=[self._view(patient) for patient in found])

    async def complete(
        self, work: Work[Any, Any], person_id: str, body: DetailsBody, by: Actor, cause: Cause
    ) -> None:
        """Write down who it is; `WrongPerson` unless the papers are those of the record."""
        await work.run(await self._to_complete(person_id, body, by), cause)

    async def _to_complete(self, person_id: str, body: DetailsBody, by: Actor) -> CompleteDetails:
        runtime, who = self._runtime, body.person
        patient = (await self._patients.many([person_id])).get(person_id)
        commune = patient.area.commune_code if patient else ""
        if patient and who.id_from(runtime.pseudonyms, commune_code=commune) != person_id:
            raise WrongPerson(
                "Số giấy tờ không khớp với người trong hồ sơ. Hãy điền đúng như hồ sơ cách ly của người này.",
                field="cccd",
            )
        return CompleteDetails(
            person_id=person_id,
            by=by,
            profile=profile_of(body, local_day(runtime.clock.now())),
            onset_on=body.onset_on,
            sealed=runtime.vault.seal(who.to_seal(address=body.address), person_id=person_id),
            blind=tuple(sorted(who.blind_tokens(runtime.blind))),
            guardian_ids=tuple(body.carers),
        )

    def _view(self, patient: Patient) -> NamelessView:
        return NamelessView(
            person_id=patient.person_id,
            commune_code=patient.area.commune_code,
            commune_name=self._runtime.units.name_of(patient.area.commune_code),
            declared_at=patient.declared_at,
            tested_on=patient.tested_on,
            risk_level=patient.risk.level,
            age_years=patient.profile.age_years,
            vaccination_doses=patient.profile.vaccination_doses,
            last_report_at=patient.last_report_at,
        )
