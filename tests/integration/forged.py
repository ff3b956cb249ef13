"""Facts as other services would state them, written by the story with the id, order and content it likes."""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from common.contracts import f0_monitoring as f0
from common.contracts import quarantine
from common.contracts.base import Payload
from common.contracts.vitals import Consciousness, DeclaredBy
from common.kernel.areas import Area
from common.work.model import OutboxEntry
from tests.integration.drivers import now, today


@dataclass(frozen=True)
class Story:
    """What is said of one person."""

    person_id: str
    area: Area
    about: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(
            self,
            "about",
            {
                "person_id": self.person_id,
                "commune_code": self.area.commune_code,
                "district_code": self.area.district_code,
            },
        )

    def declared(self) -> f0.PatientDeclared:
        """Say that the person is an F0."""
        return f0.PatientDeclared(
            **self.about,
            origin=f0.Origin.OFFICER,
            declared_at=now(),
            age_years=40,
            risk_level=f0.RiskLevel.LOW,
            ruleset="test-rules",
            care_state=f0.CareState.DECLARED,
        )

    def moved_home(self) -> f0.PatientMoved:
        """Say that care goes on at home."""
        return f0.PatientMoved(
            **self.about,
            from_state=f0.CareState.DECLARED,
            to_state=f0.CareState.AT_HOME,
            risk_level=f0.RiskLevel.LOW,
            reason="settled",
        )

    def closed(self, outcome: f0.Outcome, state: f0.CareState = f0.CareState.AT_HOME) -> f0.PatientClosed:
        """Say that the record is closed."""
        return f0.PatientClosed(
            **self.about, outcome=outcome, care_state=state, risk_level=f0.RiskLevel.LOW, closed_on=today()
        )

    def ordered(self) -> quarantine.QuarantineOrdered:
        """Say that quarantine begins."""
        return quarantine.QuarantineOrdered(
            **self.about,
            category=quarantine.Category.F1,
            place=quarantine.Place.HOME,
            last_exposure_on=today(),
            starts_on=today(),
            ends_on=today() + timedelta(days=14),
            protocol="test-rules",
        )

    def ended(self, outcome: quarantine.Outcome) -> quarantine.QuarantineEnded:
        """Say that quarantine is over."""
        return quarantine.QuarantineEnded(
            **self.about,
            category=quarantine.Category.F1,
            place=quarantine.Place.HOME,
            outcome=outcome,
            ended_on=today(),
        )

    def reported(self, **vitals: Any) -> f0.HealthReported:
        """Say that the F0 declared."""
        given = {"spo2_percent": 98, "temperature_celsius": 36.6, **vitals}
        return f0.HealthReported(
            **self.about,
            report_id=str(uuid.uuid4()),
            reported_at=now(),
            received_at=now(),
            is_late=False,
            declared_by=DeclaredBy.SELF,
            on_oxygen=False,
            consciousness=Consciousness.ALERT,
            **given,
        )


def entry(payload: Payload, sequence: int = 1) -> OutboxEntry:
    """Return the outbox entry of *payload*; its id follows from what it is, so that it is the same again."""
    subject = str(getattr(payload, payload.key))
    return OutboxEntry(
        id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{payload.type}|{subject}|{sequence}")),
        type=payload.type,
        topic=payload.topic,
        subject=subject,
        sequence=sequence,
        recorded_at=now(),
        data=payload.model_dump_json(exclude_none=True),
    )
