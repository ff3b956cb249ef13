"""What people get back about supervision."""

from datetime import datetime

from pydantic import BaseModel

from quarantine.domain.supervision.model import (
    BreachState,
    ContactKind,
    ContactResult,
    Duty,
    NeedKind,
    Rung,
    Verdict,
)
from quarantine.ports.supervision import WatchList


class OpenCheckInView(BaseModel):
    """Đang được điểm danh: until when to answer; *is_first* registers the place of quarantine."""

    request_id: str
    asked_at: datetime
    answer_by: datetime
    is_first: bool
    accuracy_at_most_metres: float
    """A position that is less sure than this shows nothing: the phone may look once more before it sends."""


class FamilyCheckInView(OpenCheckInView):
    """An open check-in of the signed-in person or of somebody of the household."""

    person_id: str
    full_name: str


class FamilyCheckInsView(BaseModel):
    """Ai trong nhà đang được điểm danh."""

    items: list[FamilyCheckInView]
    as_of: datetime


class AnsweredView(BaseModel):
    """Đã điểm danh."""

    request_id: str
    verdict: Verdict
    is_late: bool
    is_home_registered: bool
    answered_at: datetime


class PointView(BaseModel):
    """A position, in degrees (WGS 84); *accuracy_metres* where a phone told it."""

    latitude: float
    longitude: float
    accuracy_metres: float | None = None


class CheckInView(BaseModel):
    """A request and what came of it. The position is shown where the answer was not inside the fence."""

    request_id: str
    asked_at: datetime
    answer_by: datetime
    answered_at: datetime | None
    verdict: Verdict | None
    is_missed: bool
    is_mock: bool
    place: PointView | None
    no_place_because: str | None
    has_photo: bool


class MissView(BaseModel):
    """A duty that nothing has answered."""

    duty: Duty
    due_at: datetime


class StepView(BaseModel):
    """Bậc đang đứng: what the officer has to do, and when it climbs by itself."""

    task_id: str
    rung: Rung
    since: datetime
    climbs_at: datetime | None


class ContactView(BaseModel):
    """A call or visit as it was logged."""

    contact_id: str
    kind: ContactKind
    result: ContactResult
    at: datetime
    by: str
    words: str


class NeedView(BaseModel):
    """Help asked for, and given."""

    need_id: str
    kind: NeedKind
    asked_at: datetime
    words: str
    answered_at: datetime | None
    answer: str


class BreachView(BaseModel):
    """A breach and what became of it."""

    evidence_id: str
    how: str
    at: datetime
    checkpoint_id: str
    state: BreachState
    words: str
    changed_at: datetime | None
    changed_by: str


class WatchRulesView(BaseModel):
    """The parameters in force today."""

    code: str
    radius_metres: float
    accuracy_at_most_metres: float
    window_minutes: float


class SupervisionView(BaseModel):
    """Giám sát một người: everything an officer has to know before acting."""

    person_id: str
    full_name: str
    phone: str | None
    address: str | None
    commune_name: str
    is_open: bool
    is_unreachable: bool
    is_home_known: bool
    open_check_in: OpenCheckInView | None
    step: StepView | None
    misses: list[MissView]
    check_ins: list[CheckInView]
    contacts: list[ContactView]
    needs: list[NeedView]
    breaches: list[BreachView]
    rules: WatchRulesView
    as_of: datetime


class WatchedView(BaseModel):
    """One line of a worklist."""

    person_id: str
    full_name: str
    birth_year: int | None
    phone: str | None
    address: str | None
    commune_name: str
    rung: Rung | None
    climbs_at: datetime | None
    missed: int
    first_missed_at: datetime | None
    breaches: int
    needs: list[NeedKind]
    is_unreachable: bool
    since: datetime


class WatchCountsView(BaseModel):
    """How many people each list has."""

    counts: dict[WatchList, int]
    as_of: datetime


class MyHelpView(BaseModel):
    """Tôi đã nhờ gì: what a citizen asked for, and what came of it."""

    items: list[NeedView]
