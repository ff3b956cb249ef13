"""What people do for a patient over HTTP: bodies become acts, and what they wrote is sealed on the way."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from common.http.bodies import Body
from common.kernel.areas import Actor
from common.kernel.clock import VIETNAM
from common.kernel.ids import derived_id
from common.service import Runtime
from common.work.engine import Work
from common.work.ledger import Ledger
from common.work.model import Cause
from f0_monitoring.domain import acts
from f0_monitoring.domain.access import require_staff
from f0_monitoring.domain.acts import Act, CallResult, KnockResult, MedicineBag
from f0_monitoring.domain.attention import Helper, Role
from f0_monitoring.domain.carers import CarerCommand, JoinTeam, LeaveTeam
from f0_monitoring.domain.equipment import EquipmentCommand, EquipmentKind, Lend, TakeBack
from f0_monitoring.domain.errors import NoSuchPatient, RecordClosed
from f0_monitoring.domain.model import Patient
from f0_monitoring.domain.timeline import KeepWords
from f0_monitoring.ports import Patients

NOTE = "note"
"""Data class of staff's words about somebody."""
Note = Annotated[str, StringConstraints(max_length=1000)]
StaffId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Serial = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./_-]{1,38}[A-Za-z0-9]$")]


class AcknowledgementBody(Body):
    """Tôi nhận, hoặc trả lại cho người khác nhận."""

    gives_back: bool = Field(default=False, description="true: không còn xử lý nữa")
    note: Note = ""


class SnoozeBody(Body):
    """Hoãn nhắc."""

    minutes: int = Field(description="Bao nhiêu phút; nguy cơ càng cao càng ngắn")
    note: Note = Field(description="Lý do, người trực sau sẽ đọc")


class CallBody(Body):
    """Kết quả cuộc gọi."""

    result: CallResult = Field(description="reached, no_answer, wrong_number")
    note: Note = ""


class MedicineBody(Body):
    """Phát thuốc."""

    bag: MedicineBag | None = Field(default=None, description="A, B, C; để trống: kê đơn trong ghi chú")
    note: Note = ""


class KnockBody(Body):
    """Nhờ xã đến gõ cửa."""

    minutes: int = Field(default=60, description="Đến trong bao nhiêu phút")
    note: Note = ""


class KnockAnswerBody(Body):
    """Xã trả lời sau khi đến nhà."""

    result: KnockResult | None = Field(
        default=None, description="well, needs_care, not_there; để trống: rút lời nhờ"
    )
    note: Note = ""


class LendBody(Body):
    """Cho mượn thiết bị."""

    kind: EquipmentKind = Field(description="oximeter, oxygen_concentrator, oxygen_cylinder, thermometer")
    serial: Serial = Field(description="Số máy in trên thân máy")
    due_back_on: date = Field(description="Ngày hẹn trả")


class ReturnBody(Body):
    """Nhận lại thiết bị."""

    kind: EquipmentKind
    serial: Serial
    is_usable: bool = Field(default=True, description="Còn dùng được")


class HelperBody(Body):
    """Thêm người cùng chăm sóc."""

    staff_id: StaffId = Field(description="Mã đăng nhập của người đó")
    role: Role


ToAct = Callable[[str, Actor, str], Act]
"""Makes an act of the person, who does it, and where its words are."""


class Acts:
    """Does what people ask, in their name."""

    def __init__(
        self,
        runtime: Runtime,
        patients: Patients,
        work: Work[Any, Any],
        devices: Work[Any, Any],
        words: Ledger[Any, Any],
    ) -> None:
        self._runtime = runtime
        self._patients = patients
        self._work = work
        self._devices = devices
        self._words = words

    async def do(self, person_id: str, by: Actor, to_act: ToAct, note: str, cause: Cause) -> None:
        """
        Keep the words first, then do the act that points to them.

        Refused acts leave sealed words that nothing points to; nothing is done without its words.
        """
        patient = await self._of_staff(person_id, by)
        words_id = await self._kept(patient, note.strip(), by, cause)
        await self._work.run(to_act(person_id, by, words_id), cause)

    async def carers(self, command: CarerCommand, cause: Cause) -> None:
        """Change the team."""
        await self._work.run(command, cause)

    async def lend(self, person_id: str, body: LendBody, by: Actor, cause: Cause) -> None:
        """Note that a device went to the patient; `RecordClosed` once nobody follows the patient."""
        patient = await self._of_staff(person_id, by)
        if patient.is_closed:
            raise RecordClosed("Hồ sơ đã kết thúc nên không cho mượn thêm. Hãy thu lại máy đang cho mượn.")
        due_back_at = datetime.combine(body.due_back_on, time.max, VIETNAM)
        lend = Lend(body.kind, body.serial, person_id, patient.area, by, due_back_at)
        await self._run_device(lend, cause)

    async def take_back(self, person_id: str, body: ReturnBody, by: Actor, cause: Cause) -> None:
        """Note that a device came back, also after the record was closed."""
        patient = await self._of_staff(person_id, by)
        back = TakeBack(body.kind, body.serial, person_id, patient.area, by, body.is_usable)
        await self._run_device(back, cause)

    async def _run_device(self, command: EquipmentCommand, cause: Cause) -> None:
        await self._devices.run(command, cause)

    async def _of_staff(self, person_id: str, by: Actor) -> Patient:
        patient = (await self._patients.many([person_id])).get(person_id)
        if patient is None:
            raise NoSuchPatient("Không có hồ sơ F0 này trong phạm vi của bạn.")
        require_staff(by, patient)
        return patient

    async def _kept(self, patient: Patient, note: str, by: Actor, cause: Cause) -> str:
        if not note:
            return ""
        person_id = patient.person_id
        words_id = derived_id("words", person_id, cause.id)
        sealed = self._runtime.vault.seal({"note": note}, data_class=NOTE, person_id=person_id)
        await self._words.run(KeepWords(words_id, person_id, by.subject, sealed), cause)
        return words_id


def taking(body: AcknowledgementBody) -> ToAct:
    """Return what makes the act of taking, or of giving back."""
    return lambda person_id, by, words_id: acts.Take(person_id, by, words_id, body.gives_back)


def putting_aside(body: SnoozeBody) -> ToAct:
    """Return what makes the act of putting aside."""
    return lambda person_id, by, words_id: acts.PutAside(person_id, by, words_id, body.minutes)


def bringing_back() -> ToAct:
    """Return what makes the act of taking up again."""
    return acts.BringBack


def calling(body: CallBody) -> ToAct:
    """Return what makes the act of phoning."""
    return lambda person_id, by, words_id: acts.LogCall(person_id, by, words_id, body.result)


def giving(body: MedicineBody) -> ToAct:
    """Return what makes the act of giving medicine."""
    return lambda person_id, by, words_id: acts.GiveMedicine(person_id, by, words_id, body.bag)


def asking_to_knock(body: KnockBody) -> ToAct:
    """Return what makes the act of asking the commune."""
    return lambda person_id, by, words_id: acts.AskKnock(person_id, by, words_id, body.minutes)


def answering(body: KnockAnswerBody) -> ToAct:
    """Return what makes the commune's answer."""
    return lambda person_id, by, words_id: acts.AnswerKnock(person_id, by, words_id, body.result)


def joining(person_id: str, body: HelperBody, by: Actor) -> JoinTeam:
    """Return the wish to have somebody else in the team."""
    return JoinTeam(person_id, Helper(body.staff_id, body.role), by)


def leaving(person_id: str, staff_id: str, by: Actor) -> LeaveTeam:
    """Return the wish to have somebody out of the team."""
    return LeaveTeam(person_id, staff_id, by)
