"""Taking a certificate back, and the signed list that offline verifiers carry."""

from base64 import b64encode
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import BaseModel, Field

from common.credential import listing, revocation, serial
from common.http.bodies import Body
from common.kernel.areas import Actor
from common.service import Runtime
from common.work.engine import Work
from common.work.model import Cause
from f0_monitoring.domain import end_of_care
from f0_monitoring.domain.access import may_read
from f0_monitoring.domain.errors import NoCertificate, NoSuchPatient
from f0_monitoring.domain.model import Patient
from f0_monitoring.domain.revoking import RevokeCertificate, RevokedCertificate
from f0_monitoring.ports import Patients
from f0_monitoring.ports.revocations import Revocations
from f0_monitoring.rulebook.end_of_care import EndRuleBook
from f0_monitoring.views.requests import Words
from f0_monitoring.views.sealing import Seal

REASON: Final = "note"
"""Data class of why a certificate was taken back."""
NEXT_WITHIN: Final = timedelta(hours=24)


class RevocationBody(Body):
    """Thu hồi giấy xác nhận."""

    reason: Words = Field(description="Vì sao giấy cấp sai; người có quyền xem hồ sơ sẽ đọc")


class RevocationView(BaseModel):
    """Giấy đã thu hồi."""

    number: str = Field(description="Số in trên giấy")
    revoked_at: datetime
    reason: str


class IssuedView(BaseModel):
    """Giấy đã cấp, and whether it was taken back."""

    number: str = Field(description="Số in trên giấy")
    valid_until: datetime
    revoked: RevocationView | None


class CertificateView(BaseModel):
    """Giấy của hồ sơ; trống khi hồ sơ không kết thúc theo quy định."""

    certificate: IssuedView | None


class RevocationListView(BaseModel):
    """Danh sách giấy đã thu hồi: *signed* is base64 of head and list, see common.credential.revocation."""

    sequence: int
    issued_at: datetime
    next_at: datetime
    signed: str


class RevocationDesk:
    """Takes certificates back."""

    def __init__(
        self,
        runtime: Runtime,
        patients: Patients,
        rules: EndRuleBook,
        revocations: Revocations,
        seal: Seal,
        work: Work[Any, Any],
    ) -> None:
        self._runtime = runtime
        self._patients = patients
        self._rules = rules
        self._revocations = revocations
        self._seal = seal
        self._work = work

    async def issued(self, person_id: str, by: Actor) -> CertificateView:
        """Show the certificate of the present record to staff of the patient; the reading is noted."""
        patient = await self._patient(person_id, by)
        if not end_of_care.rule_of(patient):
            return CertificateView(certificate=None)
        await self._runtime.access_log.note(by, [person_id], "Xem giấy xác nhận")
        number = self._number_of(patient)
        revoked = await self._revocations.one(number)
        issued = IssuedView(
            number=_printed(number),
            valid_until=self._valid_until(patient),
            revoked=self._view(revoked) if revoked else None,
        )
        return CertificateView(certificate=issued)

    async def revoke(self, person_id: str, body: RevocationBody, by: Actor, cause: Cause) -> RevocationView:
        """Take back the certificate of the present record; refuses strangers, and where there is none."""
        patient = await self._patient(person_id, by)
        if not end_of_care.rule_of(patient):
            raise NoCertificate("Hồ sơ này không có giấy xác nhận để thu hồi.")
        until, number = self._valid_until(patient), self._number_of(patient)
        sealed = self._runtime.vault.seal({"note": body.reason}, data_class=REASON, person_id=person_id)
        await self._work.run(RevokeCertificate(number, person_id, patient.area, until, sealed, by), cause)
        await self._runtime.access_log.note(by, [person_id], "Thu hồi giấy xác nhận")
        revoked = await self._revocations.one(number)
        if revoked is None:
            raise LookupError("a certificate was taken back and is not there")
        return self._view(revoked)

    async def published(self) -> RevocationListView:
        """Return the list, signed by the root key that verifiers pin; its number grows with each row."""
        now, found = self._runtime.clock.now().replace(microsecond=0), await self._revocations.all()
        packed = listed(found).packed()
        head = revocation.Head(len(found), now, now + NEXT_WITHIN, listing.hash_of(packed))
        signed = revocation.full_list(await self._seal.signed_head(head), packed)
        return RevocationListView(
            sequence=head.sequence,
            issued_at=head.issued_at,
            next_at=head.next_at,
            signed=b64encode(signed).decode(),
        )

    async def _patient(self, person_id: str, by: Actor) -> Patient:
        patient = (await self._patients.many([person_id])).get(person_id)
        if patient is None or not may_read(by, patient):
            raise NoSuchPatient("Không có hồ sơ này trong phạm vi của bạn.")
        return patient

    def _number_of(self, patient: Patient) -> str:
        return self._seal.certificate_number(patient.person_id, patient.episode).hex()

    def _valid_until(self, patient: Patient) -> datetime:
        version = end_of_care.rule_of(patient).rpartition(".")[0]
        return end_of_care.certificate_until(self._rules.version(version), patient)

    def _view(self, revoked: RevokedCertificate) -> RevocationView:
        sealed = revoked.reason
        opened = self._runtime.vault.open
        fields = opened(sealed, data_class=REASON, person_id=revoked.person_id) if sealed else {}
        return RevocationView(
            number=_printed(revoked.number),
            revoked_at=revoked.revoked_at,
            reason=str(fields.get("note", "")),
        )


def _printed(number: str) -> str:
    return serial.spaced(serial.serial_of(bytes.fromhex(number)))


def listed(found: list[RevokedCertificate]) -> listing.Listing:
    """Return the list of certificates that do not count: hashes of their numbers alone."""
    weeks: dict[int, dict[bytes, int]] = {}
    for one in found:
        rows = weeks.setdefault(listing.week_of(one.valid_until), {})
        rows[listing.row_hash(bytes.fromhex(one.number))] = listing.Mark.REVOKED
    return listing.Listing(shards={week: listing.Shard(barred=rows) for week, rows in weeks.items()})
