"""What is said and answered about enrolled phones."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from common.http.bodies import Body
from quarantine.domain.enrolment import MOST_PEOPLE, Enrolment
from quarantine.rulebook import ConsentFile, RetentionClass
from quarantine.views.answers import ReadingView, ReportView
from quarantine.views.case import CaseView
from quarantine.views.requests import PersonIdText
from quarantine.views.supervision.photos import MyPhotoView

Coordinate = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]


class GiveCodeBody(Body):
    """Cấp mã ghi danh: for the person of the file and these of the family."""

    members: list[PersonIdText] = Field(
        default_factory=list, max_length=MOST_PEOPLE - 1, description="Người nhà dùng chung máy"
    )


class PublicKeyBody(Body):
    """The public half of the phone's P-256 key pair (JWK)."""

    kty: str = Field(pattern="^EC$")
    crv: str = Field(pattern="^P-256$")
    x: Coordinate
    y: Coordinate


class AgreedBody(Body):
    """A consent text in the version that was read."""

    purpose: str = Field(pattern=r"^[a-z-]{1,40}$")
    version: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,60}$")


class BindPhoneBody(Body):
    """Dùng mã để ghi danh máy này."""

    code: str = Field(min_length=8, max_length=20, description="Mã do trạm y tế cấp")
    public_key: PublicKeyBody
    consents: list[AgreedBody] = Field(default_factory=list, max_length=20)


class TokenBody(Body):
    """A challenge answered with the phone's key."""

    person_id: PersonIdText
    challenge: str = Field(min_length=20, max_length=200)
    signature: str = Field(pattern=r"^[A-Za-z0-9_-]{86}$", description="ECDSA P-256, r và s, base64url")


class CodeView(BaseModel):
    """The code, shown once to the officer: it is not kept."""

    enrolment_id: str
    code: str
    link: str
    qr_svg: str = Field(description="Ảnh mã QR của đường dẫn (data: URI)")
    people: list[str]
    expires_at: datetime


class ActsForView(BaseModel):
    """Somebody the phone may act for."""

    person_id: str
    full_name: str


class BoundView(BaseModel):
    """Máy đã ghi danh."""

    device_id: str
    people: list[ActsForView]


class ChallengeView(BaseModel):
    """To be signed by the phone within a minute, once."""

    challenge: str


class TokenView(BaseModel):
    """A token for ten minutes."""

    access_token: str
    expires_in: int


class AgreedView(BaseModel):
    """What was agreed to, when."""

    purpose: str
    version: str
    at: datetime
    withdrawn_at: datetime | None


class PhoneView(BaseModel):
    """A code or a phone, as its people and officers see it."""

    device_id: str
    status: str = Field(description="waiting, enrolled, expired, revoked")
    people: list[str]
    given_at: datetime
    expires_at: datetime
    enrolled_at: datetime | None
    revoked_at: datetime | None
    consents: list[AgreedView]

    @classmethod
    def of(cls, one: Enrolment, now: datetime) -> "PhoneView":
        """Build from the enrolment."""
        status = "revoked" if one.revoked_at else "enrolled" if one.phone else "waiting"
        return cls(
            device_id=one.enrolment_id,
            status="expired" if status == "waiting" and now >= one.expires_at else status,
            people=list(one.people),
            given_at=one.given_at,
            expires_at=one.expires_at,
            enrolled_at=one.phone.at if one.phone else None,
            revoked_at=one.revoked_at,
            consents=[AgreedView(**_consent(c)) for c in one.consents],
        )


def _consent(consent: Any) -> dict[str, Any]:
    return {name: getattr(consent, name) for name in AgreedView.model_fields}


class PhonesView(BaseModel):
    """Các máy đã ghi danh."""

    items: list[PhoneView]


class WordedView(BaseModel):
    """A consent text in one language."""

    title: str
    text: str


class ConsentView(BaseModel):
    """One purpose in the version in force."""

    purpose: str
    version: str
    is_required: bool
    effective_from: date
    vi: WordedView
    en: WordedView

    @classmethod
    def of(cls, file: ConsentFile) -> "ConsentView":
        """Build from the rule file."""
        return cls(
            purpose=file.key,
            version=file.version,
            is_required=file.is_required,
            effective_from=file.effective_from,
            vi=WordedView(**file.vi.model_dump()),
            en=WordedView(**file.en.model_dump()),
        )


class ConsentsView(BaseModel):
    """Nội dung cần đồng ý."""

    items: list[ConsentView]


class KeptView(BaseModel):
    """What is kept, for how long, and whether the person may have it deleted now."""

    code: str
    vi: str
    en: str
    keep_days: int
    counted_from: str
    how: str
    can_be_erased: bool

    @classmethod
    def of(cls, one: RetentionClass) -> "KeptView":
        """Build from the rule file."""
        return cls(**one.model_dump())


class MyDataView(BaseModel):
    """Dữ liệu của tôi: everything this service holds about a person."""

    made_at: datetime
    file: CaseView | None = Field(description="Không có khi chỉ bên theo dõi F0 có hồ sơ")
    declarations: list[ReportView]
    readings: list[ReadingView]
    phones: list[PhoneView]
    photos: list[MyPhotoView]
    kept: list[KeptView]


class ErasedView(BaseModel):
    """What was deleted, and what the law keeps and for how long."""

    phones_forgotten: int
    kept: list[KeptView]
