"""
What comes in: bodies become commands, and what is personal in them is sealed on the way.

Nothing personal passes towards the domain in clear.
"""

import re
from datetime import date

from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.kernel.errors import Invalid
from common.kernel.ids import derived_id
from common.people.body import PersonBody
from common.service import Runtime
from common.work.model import Cause
from f0_monitoring.domain.commands import (
    AssignDoctor,
    Candidate,
    ClosePatient,
    DeclarePatient,
    FileReport,
    MovePatient,
)
from f0_monitoring.domain.model import MONTHS_A_YEAR, Origin, Profile
from f0_monitoring.views import requests
from f0_monitoring.views.staff import Staff

NOTE = "note"
"""Data class of staff's words about somebody."""
NOTED = "noted"
"""What the bus hears of a reason given in words."""
OVERRIDE_WORDS_MIN = 10
"""Letters that somebody must write who ends care beyond the rule."""
_CODE = re.compile(r"^[a-z][a-z0-9-]{1,39}$")


class Intake:
    """Turns bodies into commands."""

    def __init__(self, runtime: Runtime, staff: Staff) -> None:
        self._runtime = runtime
        self._staff = staff

    async def to_declare(self, body: requests.PatientBody, by: Actor) -> DeclarePatient:
        """Seal who it is and look who could be the doctor; raises `UnknownCommune`."""
        return self.drafted(body, by, await self._staff.candidates())

    def drafted(
        self,
        body: requests.PatientBody,
        by: Actor,
        candidates: tuple[Candidate, ...],
        origin: Origin = Origin.OFFICER,
        source: str = "",
    ) -> DeclarePatient:
        """Seal who it is; *source* names the list or declaration that it comes from."""
        runtime, who = self._runtime, body.person
        area = runtime.units.area_of(body.commune_code)
        person_id = who.id_from(runtime.pseudonyms, commune_code=body.commune_code)
        return DeclarePatient(
            person_id=person_id,
            area=area,
            profile=profile_of(body, local_day(runtime.clock.now())),
            origin=origin,
            tested_on=body.tested_on,
            onset_on=body.onset_on,
            by=by,
            candidates=candidates,
            guardian_ids=tuple(body.carers),
            sealed=runtime.vault.seal(who.to_seal(address=body.address), person_id=person_id),
            blind=tuple(sorted(who.blind_tokens(runtime.blind))),
            source=source,
        )

    def to_report(self, person_id: str, body: requests.ReportBody, by: Actor, cause: Cause) -> FileReport:
        """Name the declaration after the request that brought it, so that a repeat is the same one."""
        return FileReport(
            report_id=derived_id("f0-report", cause.id),
            person_id=person_id,
            reported_at=body.reported_at,
            declared_by=body.declared_by,
            by=by,
            vitals=body.to_vitals(),
            symptoms=tuple(body.symptoms),
        )

    def to_move(self, person_id: str, body: requests.MoveBody, by: Actor) -> MovePatient:
        """Seal the reason in words; its code goes on the bus."""
        code, note = self._reason(person_id, body.reason)
        return MovePatient(person_id, body.to_state, code, note, by)

    def to_close(self, person_id: str, body: requests.ClosingBody, by: Actor) -> ClosePatient:
        """Seal the reason in words; going beyond the rule needs more than a code."""
        if body.override and len(body.reason.strip()) < OVERRIDE_WORDS_MIN:
            raise Invalid("Hãy ghi rõ vì sao kết thúc trước hạn, ít nhất 10 chữ cái.", field="reason")
        code, note = self._reason(person_id, body.reason)
        if body.override:
            note = self._sealed(person_id, body.reason)
        return ClosePatient(person_id, body.outcome, code, note, by, is_override=body.override)

    async def to_assign(self, person_id: str, body: requests.AssignmentBody, by: Actor) -> AssignDoctor:
        """Look who could be the doctor."""
        return AssignDoctor(person_id, await self._staff.candidates(), by, body.doctor_id)

    def _reason(self, person_id: str, words: str) -> tuple[str, str]:
        """Return a code for the bus, and the words sealed unless they are just that code."""
        if _CODE.fullmatch(words):
            return words, ""
        return NOTED, self._sealed(person_id, words)

    def _sealed(self, person_id: str, words: str) -> str:
        return self._runtime.vault.seal({"note": words}, data_class=NOTE, person_id=person_id)


def profile_of(body: requests.DetailsBody, today: date) -> Profile:
    """Return what decides the risk before any measurement."""
    return Profile(
        age_months=age_months(body.person, today),
        sex=body.person.sex,
        conditions=tuple(body.conditions),
        pregnant=body.pregnant,
        vaccination_doses=body.vaccination_doses,
        weight_kg=body.weight_kg,
    )


def age_months(who: PersonBody, today: date) -> int:
    """Age in full months; by the year alone, the middle of what it can be for an infant."""
    if who.birth_date is None:
        return who.age_years(today) * MONTHS_A_YEAR or today.month // 2
    months = (today.year - who.birth_date.year) * MONTHS_A_YEAR + today.month - who.birth_date.month
    return max(0, months - (today.day < who.birth_date.day))
