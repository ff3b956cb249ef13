"""What people read about the dated policies."""

from datetime import date

from pydantic import BaseModel, Field

from permit.rulebook import FormatFile, PolicyFile


class CategoryView(BaseModel):
    """What a policy says about one category."""

    category: str
    title: str
    outcome: str
    max_hours: int
    hours: tuple[str, str]
    needs_plate: bool
    issuer: str
    answer_hours: int
    signatures: int = Field(description="Cần mấy người ký để duyệt hồ sơ chờ")
    citizen: str | None = Field(description="Kết quả khi cá nhân tự nộp, nếu khác")
    reason: str


class PolicyView(BaseModel):
    """The policy of one directive, with its source."""

    directive: str
    version: str
    title: str
    document: str
    effective_from: date
    effective_to: date | None
    confidence: str
    categories: list[CategoryView]

    @classmethod
    def of(cls, file: PolicyFile) -> "PolicyView":
        """Describe a policy in force."""
        categories = [
            CategoryView(category=code, **entry.model_dump(exclude={"number", "citizen_reason"}))
            for code, entry in file.categories.items()
        ]
        return cls(
            directive=file.key,
            version=file.version,
            title=file.title,
            document=file.document,
            effective_from=file.effective_from,
            effective_to=file.effective_to,
            confidence=file.confidence,
            categories=categories,
        )


class IssuerView(BaseModel):
    """Cơ quan quyết định."""

    issuer: str
    title: str


class FormatView(BaseModel):
    """A form of permit that checkpoints accept, and how they check it."""

    format: str
    title: str
    document: str
    accepted_until: date | None
    check: str
    confidence: str

    @classmethod
    def of(cls, file: FormatFile) -> "FormatView":
        """Describe a form."""
        return cls(
            format=file.key,
            title=file.title,
            document=file.document,
            accepted_until=file.effective_to,
            check=file.check,
            confidence=file.confidence,
        )


class PoliciesView(BaseModel):
    """The policies in force today, who decides, and which forms of permit are accepted."""

    items: list[PolicyView]
    issuers: list[IssuerView]
    formats: list[FormatView]
