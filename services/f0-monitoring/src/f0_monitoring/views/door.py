"""
The door by which facts open records: looks up, once per batch, what the facts do not carry.

Who could be the doctor; and for what a station confirmed, the form that the person filled in, which never
travels.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from common.kernel.areas import Actor
from common.service import Runtime
from common.work.engine import Work
from common.work.model import Errand, Outcome, Result
from f0_monitoring.domain.commands import Candidate
from f0_monitoring.domain.declaring import OpenConfirmed, OpenFromFact
from f0_monitoring.domain.model import Origin
from f0_monitoring.domain.self_declared import SelfDeclaration
from f0_monitoring.ports import SelfDeclarations
from f0_monitoring.views.intake import Intake
from f0_monitoring.views.requests import SelfDeclarationBody
from f0_monitoring.views.staff import Staff

FORM = "self-declaration"
"""Data class of the form that somebody filled in about themselves."""


class IntakeDoor:
    """Takes commands from facts to the records of patients."""

    def __init__(
        self, runtime: Runtime, staff: Staff, declarations: SelfDeclarations, work: Work[Any, Any]
    ) -> None:
        self._runtime = runtime
        self._staff = staff
        self._declarations = declarations
        self._work = work
        self._intake = Intake(runtime, staff)

    async def run_batch(self, errands: list[Errand]) -> list[Result]:
        """Complete the commands, then let the records decide, in order."""
        candidates = await self._staff.candidates() if errands else ()
        confirmed = [e.command.person_id for e in errands if isinstance(e.command, OpenConfirmed)]
        forms = await self._declarations.of_people(confirmed) if confirmed else {}
        completed = [self._completed(errand, candidates, forms) for errand in errands]
        results = await self._work.run_batch([errand for errand in completed if errand])
        return _in_order(completed, results)

    def _completed(
        self, errand: Errand, candidates: tuple[Candidate, ...], forms: dict[str, SelfDeclaration]
    ) -> Errand | None:
        command = errand.command
        if isinstance(command, OpenFromFact):
            declaration = replace(command.declaration, candidates=candidates)
            return replace(errand, command=replace(command, declaration=declaration))
        form = forms.get(command.person_id)
        if form is None or form.declaration_id != command.declaration_id or not form.sealed:
            return None  # an old fact: another form took its place since, or its time was over
        return replace(errand, command=OpenFromFact(self._drafted(form, candidates), command.told_at))

    def _drafted(self, form: SelfDeclaration, candidates: tuple[Candidate, ...]) -> Any:
        fields = self._runtime.vault.open(form.sealed, data_class=FORM, person_id=form.person_id)
        body = SelfDeclarationBody.model_validate(fields)
        station = Actor(form.settled_by, frozenset(("health_officer",)), form.area.codes())
        carers = () if form.is_for_self else (form.declarant_id,)
        drafted = self._intake.drafted(body.to_patient(), station, candidates, Origin.SELF, form.source)
        return replace(drafted, guardian_ids=carers)


def _in_order(errands: Sequence[Errand | None], results: list[Result]) -> list[Result]:
    done = iter(results)
    return [next(done) if errand else Result(Outcome.DUPLICATE) for errand in errands]
