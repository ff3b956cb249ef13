"""What officers and applicants send and read about decisions, objections and queues."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from common.http.bodies import Body
from permit.views import answers
from permit.views.checks import CheckView, EarlierView

Sentence = Annotated[str, StringConstraints(min_length=5, max_length=300)]


class AppealBody(Body):
    """Khiếu nại."""

    text: str = Field(min_length=10, max_length=600, description="Vì sao quyết định này không đúng")


class AnswerBody(Body):
    """Trả lời khiếu nại; the applicant reads the sentence."""

    verdict: Literal["upheld", "overturned"]
    reason: Sentence


class AppealView(BaseModel):
    """Một khiếu nại. The text is for those who answer and for who wrote it."""

    appeal_id: str
    permit_id: str
    text: str
    filed_at: datetime
    filed_by: str = Field(description="holder, employer, officer")
    answer_by: datetime
    is_overdue: bool
    against: str = Field(description="machine: quyết định của máy; officer: của cán bộ")
    verdict: str | None
    sentence: str
    answered_at: datetime | None


class WaitingView(answers.PermitView):
    """Something that waits for an officer, the nearest deadline first."""

    due_at: datetime
    is_overdue: bool
    can_decide: bool = Field(description="Bạn là người được quyết định")
    decides: str = Field(description="Cơ quan quyết định, bằng lời")
    signed_at: datetime | None = Field(description="Người thứ nhất đã ký duyệt lúc này")
    has_signed: bool = Field(description="Chính bạn đã ký lần thứ nhất")
    signatures: int = Field(description="Cần mấy người ký để duyệt")
    checks: list[CheckView] = Field(description="Máy đã kiểm tra; điều cần người xem ở trước")
    earlier: list[EarlierView] = Field(description="Giấy khác của người này, mới nhất trước")
    appeal: AppealView | None


class TallyView(BaseModel):
    """How many wait, how many of them too long."""

    waiting: int
    overdue: int


class RefusedView(BaseModel):
    """A rule by which the machine refused, and how often."""

    rule: str
    title: str
    permits: int


class TodayView(BaseModel):
    """What was decided today in the officer's areas."""

    since: datetime
    queue: TallyView
    asked: int = Field(description="Đang chờ người xin trả lời")
    appeals: TallyView
    approved: int
    refused: int
    queued: int
    settled: int
    refused_by: list[RefusedView]
    server_now: datetime


class EntryView(BaseModel):
    """One entry of the record of decisions."""

    position: int
    recorded_at: datetime
    act: str
    by: str = Field(description="machine, officer, holder")
    policy: str
    rule: str
    to_status: str


class WhyView(BaseModel):
    """Vì sao: the reason with document and rule, and what can be done now."""

    permit_id: str
    status: str
    message: str
    decision: answers.DecisionView
    decides: str
    document: str
    document_title: str
    effective_from: date | None
    confidence: str = Field(description="verified, secondary, memory; rỗng khi quy định không còn lưu")
    officer_reason: str = Field(description="Lý do cán bộ ghi khi duyệt, tạm dừng, thu hồi")
    limited_by: str = Field(description="Quy định mới đang giới hạn giấy")
    next_step: str
    can_appeal: bool
    appeal_answer_hours: int
    appeals: list[AppealView]
    record: list[EntryView]
