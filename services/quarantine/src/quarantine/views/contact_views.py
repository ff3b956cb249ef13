"""What officers send about contacts, and what they get back."""

from datetime import date

from pydantic import BaseModel, Field

from common.http.bodies import Body
from quarantine.domain.chains import Proposal, Reached
from quarantine.domain.contacts import Closeness, Setting
from quarantine.views.requests import PersonIdText, Words


class ContactBody(Body):
    """Một lần tiếp xúc của F0 hay F1 này."""

    full_name: str = Field(min_length=2, max_length=100, description="Họ và tên")
    phone: str | None = Field(default=None, max_length=24, description="Số điện thoại")
    cccd: str | None = Field(default=None, max_length=20, description="Số CCCD, nếu biết")
    birth_year: int | None = Field(default=None, ge=1900, le=2100, description="Năm sinh, nếu biết")
    commune_code: str = Field(pattern=r"^\d{5}$", description="Xã, phường nơi ở")
    address: str | None = Field(default=None, max_length=200, description="Chỗ ở, nếu biết")
    met_on: date = Field(description="Ngày tiếp xúc cuối")
    setting: Setting = Field(default=Setting.OTHER, description="Ở đâu")
    closeness: Closeness = Field(description="Gần đến mức nào")
    minutes: int | None = Field(default=None, ge=0, le=1440, description="Bao nhiêu phút")


class LinkBody(Body):
    """Hồ sơ của người tiếp xúc."""

    person_id: PersonIdText


class DeclineBody(Body):
    """Không liên lạc được hoặc từ chối; để trống là bỏ đánh dấu."""

    reason: Words | None = None


class ContactView(BaseModel):
    """A contact; name, phone and address only for those who serve where the contact lives."""

    contact_id: str
    person_id: str | None
    is_elsewhere: bool
    full_name: str | None
    phone: str | None
    birth_year: int | None
    address: str | None
    cccd: str | None
    commune_code: str
    commune_name: str | None
    degree: int
    met_on: date
    setting: Setting
    closeness: Closeness
    minutes: int | None
    reached: Reached
    ends_on: date | None
    declined: str | None
    proposal: Proposal | None
    below: list["ContactView"]


class ChainView(BaseModel):
    """Chuỗi lây bắt đầu từ một người."""

    person_id: str
    full_name: str | None
    is_elsewhere: bool
    is_f0: bool
    contacts: list[ContactView]


class ProposedView(BaseModel):
    """Việc đề nghị: an F2 of the reader's area who is an F1 since somebody became an F0."""

    contact: ContactView
    index_name: str | None
    index_became_f0_on: date | None


class ProposalsView(BaseModel):
    """All of them."""

    items: list[ProposedView]
