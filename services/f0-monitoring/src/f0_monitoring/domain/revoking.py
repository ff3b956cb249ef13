"""
Taking back a single certificate (thu hồi giấy xác nhận): it was issued wrongly.

One record per certificate, kept for good: whoever verifies, with or without a network, is told that it does
not count any more, and never why. It does not open the patient's record again.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from common.kernel.areas import Actor, Area
from common.kernel.decision import Decision
from common.kernel.forgetting import Forget, forgotten
from f0_monitoring.domain.errors import NotYourPatient

REVOKERS = frozenset(("health_officer", "administrator"))


@dataclass(frozen=True, slots=True)
class RevokedCertificate:
    """A certificate that does not count. *number* is its random number as hex, *reason* is sealed."""

    number: str
    person_id: str
    by: str
    revoked_at: datetime
    valid_until: datetime
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RevokeCertificate:
    """Take back the certificate *number*; once it is done, the first reason stands."""

    number: str
    person_id: str
    area: Area
    valid_until: datetime
    reason: str
    by: Actor

    @property
    def aggregate_id(self) -> str:
        """One record per certificate."""
        return self.number


def decide_revocation(
    state: RevokedCertificate | None,
    command: Any,
    rules: None,  # noqa: ARG001 - no dated rule speaks of it
    now: datetime,
) -> Decision[RevokedCertificate]:
    """Decide whether it is taken back; no fact leaves, the signed list is what the world sees."""
    if isinstance(command, Forget):
        return _forget_why(state, command)
    if not isinstance(command, RevokeCertificate):
        raise TypeError(f"no decision for {type(command).__name__}")
    if not command.by.roles & REVOKERS or not command.by.covers(command.area):
        raise NotYourPatient("Chỉ trạm y tế hoặc trung tâm y tế của địa bàn được thu hồi giấy này.")
    if state is not None:
        return Decision(state)
    revoked = RevokedCertificate(
        number=command.number,
        person_id=command.person_id,
        by=command.by.subject,
        revoked_at=now,
        valid_until=command.valid_until,
        reason=command.reason,
    )
    return Decision(revoked)


def _forget_why(state: RevokedCertificate | None, command: Forget) -> Decision[RevokedCertificate]:
    """Forget the reason; that the certificate does not count stays for good."""
    if state is None or not state.reason or state.revoked_at >= command.before:
        return Decision(state)
    return forgotten(replace(state, reason=""))
