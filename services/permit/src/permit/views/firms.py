"""Firms as employers and permit officers see them. Who answers for a firm is sealed."""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from common.http.bodies import Body
from common.http.pagination import Page, PageQuery, page_of
from common.kernel.areas import Actor
from common.kernel.errors import Invalid
from common.people.phones import phone_number
from common.service import Runtime
from permit.domain.errors import FirmNotFound
from permit.domain.firms import Firm, FirmStatus, RegisterFirm, SettleFirm, firm_id_of
from permit.ports.staff import Firms
from permit.views.place import PlaceView

CONTACT: Final = "firm-contact"


class FirmBody(Body):
    """Đăng ký doanh nghiệp."""

    name: str = Field(min_length=3, max_length=200, description="Tên doanh nghiệp")
    tax_code: Annotated[str, StringConstraints(max_length=20)] = Field(description="Mã số thuế")
    commune_code: Annotated[str, StringConstraints(pattern=r"^\d{5}$")] = Field(
        description="Xã, phường của trụ sở"
    )
    address: str = Field(min_length=3, max_length=200)
    contact_name: str = Field(min_length=2, max_length=100, description="Người phụ trách danh sách")
    contact_phone: str = Field(max_length=24)

    @field_validator("contact_phone")
    @classmethod
    def _phone(cls, value: str) -> str:
        try:
            return phone_number(value, field="contact_phone")
        except Invalid as refusal:
            raise PydanticCustomError("refused", refusal.detail, {"field": "contact_phone"}) from None


class ConfirmationBody(Body):
    """Xác nhận hoặc từ chối a firm; the employer reads the reason."""

    outcome: Literal["confirmed", "refused"]
    reason: str = Field(default="", max_length=300)

    @model_validator(mode="after")
    def _a_refusal_says_why(self) -> "ConfirmationBody":
        if self.outcome == "refused" and len(self.reason) < 5:
            raise PydanticCustomError("refused", "Hãy viết lý do để doanh nghiệp đọc.", {"field": "reason"})
        return self


class FirmView(BaseModel):
    """Doanh nghiệp."""

    firm_id: str
    name: str
    tax_code: str
    commune: PlaceView
    address: str
    contact_name: str
    contact_phone: str
    status: str = Field(description="registered, confirmed, refused")
    reason: str
    registered_at: datetime
    same_tax_code: int = Field(description="Số tài khoản cùng khai mã số thuế này; hơn 1 thì cần hỏi lại")


class FirmDesk:
    """Shows firms and turns bodies into commands."""

    def __init__(self, runtime: Runtime, firms: Firms) -> None:
        self._runtime = runtime
        self._firms = firms

    def to_register(self, body: FirmBody, by: Actor) -> RegisterFirm:
        """Register the firm of an account; `UnknownCommune`."""
        contact = {"name": body.contact_name, "phone": body.contact_phone}
        return RegisterFirm(
            by=by,
            name=body.name,
            tax_code=body.tax_code,
            area=self._runtime.units.area_of(body.commune_code),
            address=body.address,
            contact=self._runtime.vault.seal(contact, data_class=CONTACT, person_id=firm_id_of(by.subject)),
        )

    def to_settle(self, firm_id: str, body: ConfirmationBody, by: Actor) -> SettleFirm:
        """Confirm or refuse a firm."""
        return SettleFirm(firm_id, by, FirmStatus(body.outcome), body.reason)

    async def mine(self, by: Actor) -> FirmView:
        """Show the account's own firm; `FirmNotFound` before it registered."""
        return await self.show(firm_id_of(by.subject))

    async def show(self, firm_id: str) -> FirmView:
        """Show a firm that is known to be the caller's to see."""
        firm = await self._firms.of_id(firm_id)
        if firm is None:
            raise FirmNotFound("Tài khoản này chưa đăng ký doanh nghiệp. Hãy đăng ký trước.")
        return await self._view(firm)

    async def page(self, status: FirmStatus | None, paging: PageQuery, by: Actor) -> Page[FirmView]:
        """Show the firms of the officer's area, the longest waiting first."""
        given = paging.after(datetime, str)
        after = (given[0], str(given[1])) if given and isinstance(given[0], datetime) else None
        found = await self._firms.in_areas(by.area_codes, status, limit=paging.limit + 1, after=after)
        shown, cursor = page_of(found, paging.limit, lambda firm: (firm.registered_at, firm.firm_id))
        return Page(items=[await self._view(firm) for firm in shown], next=cursor)

    async def _view(self, firm: Firm) -> FirmView:
        contact = self._runtime.vault.open(firm.contact, data_class=CONTACT, person_id=firm.firm_id)
        commune = firm.area.commune_code
        return FirmView(
            firm_id=firm.firm_id,
            name=firm.name,
            tax_code=firm.tax_code,
            commune=PlaceView(code=commune, name=self._runtime.units.name_of(commune)),
            address=firm.address,
            contact_name=contact["name"],
            contact_phone=contact["phone"],
            status=firm.status,
            reason=firm.reason,
            registered_at=firm.registered_at,
            same_tax_code=await self._firms.with_tax_code(firm.tax_code),
        )
