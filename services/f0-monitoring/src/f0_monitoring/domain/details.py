"""Bổ sung thông tin: a record that a fact opened without knowing who it is gets its name and its diseases."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from common.kernel.areas import Actor
from common.kernel.decision import Fact
from f0_monitoring.domain import plausible, reasons, risk
from f0_monitoring.domain.access import require_staff
from f0_monitoring.domain.errors import DetailsKnown, RecordClosed
from f0_monitoring.domain.model import Level, Patient, Profile, Risk, worst
from f0_monitoring.domain.rules import RuleSet


@dataclass(frozen=True, slots=True)
class CompleteDetails:
    """Who it is and what decides the risk before any measurement. *sealed* is the person."""

    person_id: str
    by: Actor
    profile: Profile
    onset_on: date | None
    sealed: str
    blind: tuple[str, ...]
    guardian_ids: tuple[str, ...] = ()

    @property
    def aggregate_id(self) -> str:
        """Id of the record that this changes."""
        return self.person_id


def completed(
    patient: Patient, command: CompleteDetails, ruleset: RuleSet, now: datetime
) -> tuple[Patient, tuple[Fact, ...]]:
    """Return the record with its details, judged anew by them, and what that changed."""
    require_staff(command.by, patient)
    if patient.is_closed:
        raise RecordClosed("Hồ sơ đã kết thúc nên không bổ sung nữa.")
    if patient.sealed:
        raise DetailsKnown("Hồ sơ này đã có họ tên, địa chỉ. Hãy tải lại danh sách.")
    profile = plausible.checked_profile(command.profile, ruleset.course)
    after = replace(
        patient,
        profile=profile,
        onset_on=command.onset_on,
        guardian_ids=command.guardian_ids,
        sealed=command.sealed,
        blind=command.blind,
        risk=_judged_anew(patient, profile, ruleset, now),
    )
    return after, risk.change(patient, after, None, now)


def _judged_anew(patient: Patient, profile: Profile, ruleset: RuleSet, now: datetime) -> Risk:
    """Only who they are has changed: signs, and what was measured, stand."""
    before = patient.risk
    base, base_reasons = risk.baseline(profile, ruleset)
    level = worst(base, before.signs, patient.doubt.level if patient.doubt else Level.LOW)
    measured = tuple(reason for reason in before.reasons if reason.at is not None)
    return replace(
        before,
        level=level,
        since=before.since if level is before.level else now,
        ruleset=ruleset.version,
        baseline=base,
        reasons=reasons.together(measured, base_reasons),
    )
