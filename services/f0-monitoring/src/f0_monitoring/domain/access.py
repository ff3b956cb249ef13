"""Who may do what to a record. Reads are scoped in the query; writes are checked here, in the decision."""

from common.kernel.areas import MACHINE, Actor
from f0_monitoring.domain.errors import NotYourPatient, NotYourRoster
from f0_monitoring.domain.model import Patient
from f0_monitoring.domain.watched import Known

STAFF = frozenset(("health_officer", "doctor", "administrator"))


def is_own(actor: Actor, patient: Known) -> bool:
    """Tell whether *actor* is the patient or a carer (người chăm sóc) named in the record."""
    return actor.person_id is not None and actor.person_id in (patient.person_id, *patient.guardian_ids)


def is_staff_of(actor: Actor, patient: Known) -> bool:
    """Tell whether *actor* is staff of the area, or one of the patient's own carers wherever that is."""
    if not actor.roles & STAFF:
        return False
    return actor.covers(patient.area) or actor.subject in patient.carer_ids


def may_read(actor: Actor, patient: Patient) -> bool:
    """Tell whether *actor* may see the record: the patient, a named carer, staff of the area, the doctor."""
    return is_own(actor, patient) or is_staff_of(actor, patient)


def require_declarer(actor: Actor, patient: Known) -> None:
    """Let the patient, a named carer, or staff of the area declare."""
    if not is_own(actor, patient) and not is_staff_of(actor, patient):
        raise NotYourPatient(
            "Bạn chỉ khai báo được cho mình, cho người nhà đã đăng ký chăm sóc, hoặc cho người trong địa bàn "
            "được phân công. Hãy nhờ trạm y tế xã đăng ký giúp."
        )


def require_staff(actor: Actor, patient: Patient) -> None:
    """Let staff of the area, the patient's own doctor, or this service itself change the record."""
    if actor is MACHINE:  # by identity: no token can name itself so
        return
    if not is_staff_of(actor, patient):
        raise NotYourPatient("Hồ sơ này thuộc địa bàn khác. Hãy liên hệ đơn vị đang phụ trách người bệnh.")


LEAD_DOCTOR = "lead_doctor"
"""Bác sĩ trưởng: the role of a doctor whom the roster names as leading the others of the area."""
ROSTER_KEEPERS = frozenset(("administrator", "health_officer", LEAD_DOCTOR))


def may_keep_roster(actor: Actor, doctor_id: str, scope_codes: tuple[str, ...]) -> bool:
    """Tell whether *actor* keeps the roster of the doctor's area, or is the doctor."""
    is_keeper = bool(actor.roles & ROSTER_KEEPERS and actor.area_codes & {*scope_codes})
    return is_keeper or actor.subject == doctor_id


def require_roster_keeper(actor: Actor, doctor_id: str, scope_codes: tuple[str, ...]) -> None:
    """Let those who keep the roster of the doctor's area, or the doctor, change who is on duty."""
    if not may_keep_roster(actor, doctor_id, scope_codes):
        raise NotYourRoster(
            "Bạn chỉ đổi được ca của mình, hoặc của người trong địa bàn được phân công. "
            "Hãy nhờ người xếp lịch trực."
        )
