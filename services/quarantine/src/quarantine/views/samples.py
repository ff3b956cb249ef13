"""Bodies and answers about tests."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from common.http.bodies import Body
from common.kernel.errors import DomainError, Invalid
from common.work.model import Errand, Result
from quarantine.domain.schedule import Owed, TestState
from quarantine.domain.swabs import Assay, SampledAt, Verdict
from quarantine.domain.swabs import Result as Sample
from quarantine.views.case import CaseView

SampleId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9./_-]{1,40}$")]
PersonIdText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]


class NobodyNamed(Invalid):
    """Neither people nor a household."""

    slug = "nobody-named"
    title = "Chưa chọn ai"


class TestBody(Body):
    """Kết quả xét nghiệm của một người."""

    kind: Assay = Field(description="Test nhanh hoặc RT-PCR")
    verdict: Verdict = Field(description="Âm tính, dương tính, không xác định")
    sampled_at: SampledAt = Field(default=SampledAt.HOME, description="Nơi lấy mẫu")
    taken_at: AwareDatetime = Field(description="Giờ lấy mẫu; ngày này quyết định mẫu tính cho lần nào")
    resulted_at: AwareDatetime | None = Field(default=None, description="Giờ có kết quả")
    sample_id: SampleId | None = Field(default=None, description="Mã mẫu trên ống")


class NegativesBody(Body):
    """Nhiều kết quả âm tính của một lần lấy mẫu: theo danh sách người, hoặc cả hộ."""

    kind: Assay
    sampled_at: SampledAt = SampledAt.HOME
    taken_at: AwareDatetime
    people: list[PersonIdText] = Field(default_factory=list, max_length=200)
    household_id: str | None = Field(default=None, pattern=r"^[A-Za-z0-9._-]{1,64}$")


class RecordedView(BaseModel):
    """What became of one person's result."""

    person_id: str
    is_recorded: bool
    title: str | None = None
    detail: str | None = None

    @classmethod
    def of(cls, person_id: str, result: Result) -> "RecordedView":
        """Build from the outcome of the command; a refusal says why in Vietnamese."""
        error = result.error
        if error is None:
            return cls(person_id=person_id, is_recorded=True)
        if not isinstance(error, DomainError):
            raise error
        return cls(person_id=person_id, is_recorded=False, title=error.title, detail=error.detail)


class RecordedListView(BaseModel):
    """What became of each, in the order of the request."""

    items: list[RecordedView]

    @classmethod
    def of(cls, errands: list[Errand], results: list[Result]) -> "RecordedListView":
        """Build from what was asked and what came of it."""
        pairs = zip(errands, results, strict=True)
        return cls(items=[RecordedView.of(errand.command.person_id, result) for errand, result in pairs])


class SampleView(BaseModel):
    """A result as read back."""

    test_id: str
    kind: Assay
    verdict: Verdict
    sampled_at: SampledAt
    taken_on: date
    taken_at: datetime | None
    resulted_at: datetime | None
    recorded_at: datetime
    sample_id: str

    @classmethod
    def of(cls, sample: Sample) -> "SampleView":
        """Build from what is kept; who recorded it is for the record, not for the reader."""
        return cls(
            test_id=sample.test_id,
            kind=sample.kind,
            verdict=sample.verdict,
            sampled_at=sample.sampled_at,
            taken_on=sample.taken_on,
            taken_at=sample.taken_at,
            resulted_at=sample.resulted_at,
            recorded_at=sample.at,
            sample_id=sample.sample_id,
        )


class OwedView(BaseModel):
    """A test that the protocol asks for, and how it stands."""

    day: int
    on: date
    state: TestState
    test_id: str | None

    @classmethod
    def of(cls, one: Owed) -> "OwedView":
        """Build from the schedule."""
        test_id = one.result.test_id if one.result else None
        return cls(day=one.day, on=one.on, state=one.state, test_id=test_id)


class TestsView(BaseModel):
    """Xét nghiệm của một người: what is owed, and every result, the latest first."""

    owed: list[OwedView]
    results: list[SampleView]


class OwingView(BaseModel):
    """A line of a list of tests."""

    case: CaseView
    test_on: date | None
    last_result: SampleView | None


class CommuneTestsView(BaseModel):
    """Tests of one commune."""

    commune_code: str
    commune_name: str
    due: int
    overdue: int
    done: int


class TestCountsView(BaseModel):
    """Số xét nghiệm hôm nay, quá hạn, đã làm; by commune, the longest list first."""

    due: int
    overdue: int
    done: int
    communes: list[CommuneTestsView]
    as_of: datetime
