"""What is sent and shown of transfers."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from common.http.bodies import Body
from f0_monitoring.domain.facility import BedKind
from f0_monitoring.domain.model import CareState, Level
from f0_monitoring.domain.transfer import TransferState, Why, WhyNot

FacilityId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,63}$")]
TransferId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]


class TransferBody(Body):
    """Yêu cầu chuyển tuyến."""

    tier: int = Field(ge=1, le=3, description="Tầng điều trị cần đến")
    bed_kind: BedKind = Field(description="ordinary (thường), oxygen (oxy), icu (hồi sức)")
    is_emergency: bool = Field(default=False, description="Cấp cứu")
    reason: Why = Field(
        description="worse, needs_oxygen, needs_icu, alone_at_home, better (chuyển xuống), other"
    )
    facility_id: FacilityId | None = Field(default=None, description="Cơ sở mong muốn, nếu có")


class TransferStepBody(Body):
    """Yêu cầu đã xem, để không ghi nhầm vào yêu cầu khác."""

    transfer_id: TransferId


class AcceptanceBody(TransferStepBody):
    """Nhận người bệnh: giữ một giường."""

    facility_id: FacilityId
    bed_kind: BedKind | None = Field(default=None, description="Để trống: loại giường được yêu cầu")


class RefusalBody(TransferStepBody):
    """Không nhận được."""

    facility_id: FacilityId
    reason: WhyNot


class CancellationBody(TransferStepBody):
    """Hủy."""

    reason: WhyNot


class TransferStepView(BaseModel):
    """One step: who, when, why."""

    to_state: TransferState
    at: datetime
    by: str
    reason: str


class TransferView(BaseModel):
    """
    A transfer as those who send and those who receive see it.

    *full_name* and *phone* are empty for a facility that keeps no bed for the patient. *may* are the acts
    that the reader may do now.
    """

    transfer_id: str
    person_id: str
    full_name: str
    phone: str
    age_years: int
    sex: str
    risk_level: Level
    care_state: CareState
    commune_name: str
    district_name: str
    state: TransferState
    tier: int
    bed_kind: BedKind
    is_emergency: bool
    reason: str
    requested_at: datetime
    facility_id: str | None
    facility_name: str
    facility_phone: str
    reserved_until: datetime | None
    late_since: datetime | None
    wished_facility_id: str | None
    refused_by: list[str]
    lies_in: str
    """Name of the facility in whose bed the patient lies now."""
    history: list[TransferStepView]
    may: list[str]


class TransfersView(BaseModel):
    """Open transfers: emergencies first, then who waits longest."""

    items: list[TransferView]
    as_of: datetime


class CurrentTransferView(BaseModel):
    """The last transfer of a patient, and the facilities with a bed for the next."""

    transfer: TransferView | None
