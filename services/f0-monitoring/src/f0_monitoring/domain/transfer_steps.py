"""The steps of a transfer, and the beds that are given back with them."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from common.kernel.decision import Fact
from f0_monitoring.domain.facility_errors import IllegalTransferStep
from f0_monitoring.domain.transfer import (
    LEGAL,
    SPENT_CAP,
    STEPS_CAP,
    Journey,
    Stay,
    TransferState,
    TransferStep,
)
from f0_monitoring.domain.transfer_facts import BedGivenBack, TransferArrived, TransferCancelled

T = TransferState
WORDS = {
    T.REQUESTED: "đang chờ giường",
    T.ACCEPTED: "đã có giường giữ chỗ",
    T.UNDER_WAY: "đang trên đường",
    T.ARRIVED: "đã đến nơi",
    T.CANCELLED: "đã hủy",
}
Told = tuple[Journey, tuple[Fact, ...]]


def require_step(before: TransferState, after: TransferState) -> None:
    """Refuse a step that a transfer cannot take, saying where it stands."""
    if after not in LEGAL[before]:
        raise IllegalTransferStep(
            f"Chuyển tuyến {WORDS[before]} thì không ghi “{WORDS[after]}” được. "
            "Hãy tải lại để xem bước hiện tại."
        )


def facility_of(journey: Journey) -> str:
    """Return the facility that the transfer goes to."""
    return journey.transfer.facility_id or ""


def moved(journey: Journey, step: TransferStep, **changes: Any) -> Journey:
    """Take a legal step."""
    before = journey.transfer
    require_step(before.state, step.to_state)
    transfer = replace(
        before,
        state=step.to_state,
        history=(*before.history, step)[-STEPS_CAP:],
        waiting_since=step.at,
        is_told=False,
        **changes,
    )
    return replace(journey, transfer=transfer)


def given_back(journey: Journey, by: str, at: datetime, reason: str) -> Told:
    """Give the bed of the transfer back, if one is kept for it."""
    transfer = journey.transfer
    if transfer.facility_id is None or transfer.hold_id is None:
        return journey, ()
    bed = {"facility_id": transfer.facility_id, "hold_id": transfer.hold_id}
    fact = BedGivenBack.of(journey, by, at, **bed, reason=reason)
    after = replace(
        journey,
        transfer=replace(transfer, facility_id=None, hold_id=None),
        spent=(*journey.spent, transfer.hold_id)[-SPENT_CAP:],
    )
    return after, (fact,)


def left(journey: Journey, by: str, now: datetime, reason: str) -> Told:
    """Give back the bed in which the patient lies."""
    stay = journey.stay
    if stay is None:
        return journey, ()
    bed = {"facility_id": stay.facility_id, "hold_id": stay.hold_id}
    spent = (*journey.spent, stay.hold_id)[-SPENT_CAP:]
    after = replace(journey, stay=None, spent=spent)
    return after, (BedGivenBack.of(journey, by, now, **bed, reason=reason),)


def arrived(journey: Journey, by: str, now: datetime) -> Told:
    """The patient lies in the new bed, and the one before it is free."""
    after = moved(journey, TransferStep(T.ARRIVED, now, by))
    facility_id, hold_id = facility_of(after), after.transfer.hold_id or ""
    bed = {"facility_id": facility_id, "hold_id": hold_id}
    gone, freed = left(after, by, now, "moved-on")
    stay = Stay(facility_id, hold_id, now)
    return replace(gone, stay=stay), (TransferArrived.of(after, by, now, **bed), *freed)


def cancelled(journey: Journey, by: str, now: datetime, reason: str) -> Told:
    """Call the transfer off; a bed that is kept for it is given back."""
    was_under_way = journey.transfer.state is T.UNDER_WAY
    after = moved(journey, TransferStep(T.CANCELLED, now, by, reason))
    fact = TransferCancelled.of(after, by, now, reason=reason, was_under_way=was_under_way)
    after, freed = given_back(after, by, now, reason)
    return after, (fact, *freed)
