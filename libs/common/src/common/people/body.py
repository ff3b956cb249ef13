"""A person on a form: what quarantine, F0 care and permits ask of somebody, checked as one."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from common.kernel.clock import local_day
from common.kernel.errors import Invalid
from common.kernel.ids import PersonId
from common.mongo.blind import BlindIndex
from common.mongo.pseudonyms import Pseudonyms
from common.people import papers, phones

OLDEST_YEARS: Final = 125
_SPACES: Final = re.compile(r"\s+")
_NAME_MARKS: Final = " '-.\u2019"
_NO_PAPER: Final = (
    "Hãy điền số CCCD, CMND hoặc hộ chiếu; người chưa có giấy tờ thì điền số điện thoại của người thân."
)


def _refuse(refusal: Invalid) -> PydanticCustomError:
    """Carry a refusal through pydantic so that all faults of a form are told at once."""
    context = {"field": refusal.field or "", "slug": refusal.slug}
    # Braces would be read as placeholders of the message.
    return PydanticCustomError("refused", refusal.detail.replace("{", "(").replace("}", ")"), context)


def _checked(check: Callable[..., str], value: str | None, field: str) -> str | None:
    if value is None or not value.strip():
        return None
    try:
        return check(value, field=field)
    except Invalid as refusal:
        raise _refuse(Invalid(refusal.detail)) from None


class PersonBody(BaseModel):
    """
    Who somebody is. It is sealed at the door: no field of it enters a domain, an event or a log.

    One paper (CCCD, CMND or passport) or, for people without papers, a phone to reach them by. A
    birth date or at least the birth year. `birth_year` is always set after the check.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    full_name: str = Field(min_length=2, max_length=100, description="Họ và tên")
    cccd: str | None = Field(default=None, max_length=20, description="Số CCCD, 12 chữ số")
    cmnd: str | None = Field(default=None, max_length=20, description="Số CMND cũ, 9 chữ số")
    passport: str | None = Field(default=None, max_length=20, description="Số hộ chiếu")
    nationality: str = Field(default="VN", pattern="^[A-Z]{2}$", description="Quốc tịch, ISO 3166-1")
    phone: str | None = Field(default=None, max_length=phones.MAX_LENGTH, description="Số điện thoại")
    birth_date: date | None = Field(default=None, description="Ngày sinh")
    birth_year: int | None = Field(default=None, description="Năm sinh, khi không rõ ngày")
    sex: Literal["male", "female", "unknown"] = Field(description="Giới tính")

    @field_validator("full_name")
    @classmethod
    def _name_is_written_in_letters(cls, value: str) -> str:
        name = _SPACES.sub(" ", unicodedata.normalize("NFC", value))
        if not all(letter.isalpha() or letter in _NAME_MARKS for letter in name) or not name[0].isalpha():
            raise PydanticCustomError("refused", "Họ tên chỉ gồm chữ cái và khoảng trắng, như trên giấy tờ.")
        return name

    @field_validator("cccd")
    @classmethod
    def _cccd(cls, value: str | None) -> str | None:
        return _checked(papers.cccd, value, "cccd")

    @field_validator("cmnd")
    @classmethod
    def _cmnd(cls, value: str | None) -> str | None:
        return _checked(papers.cmnd, value, "cmnd")

    @field_validator("passport")
    @classmethod
    def _passport(cls, value: str | None) -> str | None:
        return _checked(papers.passport, value, "passport")

    @field_validator("phone")
    @classmethod
    def _phone(cls, value: str | None) -> str | None:
        return _checked(phones.phone_number, value, "phone")

    @model_validator(mode="before")
    @classmethod
    def _year_from_date(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("birth_date") and given.get("birth_year") is None:
            year = str(given["birth_date"])[:4]
            return {**given, "birth_year": int(year)} if year.isascii() and year.isdigit() else given
        return given

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> "PersonBody":
        try:
            self._check_birth()
            if self.cccd:
                papers.check_against(self.cccd, sex=self.sex, birth_year=self.birth_year)
            if not self.paper and not self.phone:
                raise Invalid(_NO_PAPER, field="cccd")
        except Invalid as refusal:
            raise _refuse(refusal) from None
        return self

    def _check_birth(self) -> None:
        today = local_day(datetime.now(UTC))
        if self.birth_year is None:
            raise Invalid("Hãy điền ngày sinh hoặc ít nhất là năm sinh.", field="birth_year")
        if self.birth_date and self.birth_date.year != self.birth_year:
            raise Invalid("Năm sinh không khớp với ngày sinh. Hãy xem lại.", field="birth_year")
        if self.birth_year > today.year or (self.birth_date and self.birth_date > today):
            field = "birth_date" if self.birth_date else "birth_year"
            raise Invalid("Ngày sinh ở tương lai. Hãy xem lại.", field=field)
        if self.birth_year < today.year - OLDEST_YEARS:
            raise Invalid(f"Năm sinh {self.birth_year} quá xa. Hãy xem lại.", field="birth_year")

    @property
    def paper(self) -> str | None:
        """The paper that identifies this person: CCCD before CMND before passport."""
        return self.cccd or self.cmnd or self.passport

    def id_from(self, pseudonyms: Pseudonyms, *, commune_code: str) -> PersonId:
        """Return the person id; without papers a provisional one."""
        if self.paper:
            return pseudonyms.person_id(self.paper, nationality=self.nationality)
        return pseudonyms.provisional(
            full_name=self.full_name,
            birth=str(self.birth_date or self.birth_year),
            commune_code=commune_code,
            contact=self.phone or "",
        )

    def to_seal(self, **more: Any) -> dict[str, Any]:
        """Return the fields for `Vault.seal`, with *more* (address, ...), leaving out what is empty."""
        fields = self.model_dump(mode="json", exclude_none=True)
        return {**fields, **{name: value for name, value in more.items() if value is not None}}

    def blind_tokens(self, blind: BlindIndex) -> tuple[str, ...]:
        """Return the look-up tokens to keep in the state."""
        numbers = (self.cccd, self.cmnd, self.passport, self.phone)
        return blind.tokens_of(name=self.full_name, numbers=numbers)

    def age_years(self, on: date) -> int:
        """Age in full years on day *on*; by the year alone if the day of birth is unknown."""
        if self.birth_date is None:
            return max(0, on.year - (self.birth_year or on.year))
        had_birthday = (on.month, on.day) >= (self.birth_date.month, self.birth_date.day)
        return max(0, on.year - self.birth_date.year - (0 if had_birthday else 1))
