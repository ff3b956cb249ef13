"""What people ask of F0 monitoring over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query

from common.geo import UnknownCommune
from common.http.auth import Citizen, SignedIn, role_required
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.pagination import BadCursor, Page, Paging
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.areas import Actor
from common.kernel.errors import Invalid, OutsideYourArea
from common.work.engine import Work
from common.work.ledger import Ledger
from f0_monitoring.domain import closing, errors
from f0_monitoring.domain.model import CareState, Level
from f0_monitoring.routes import ending, fhir, lists, self_declared
from f0_monitoring.views import answers, requests
from f0_monitoring.views.desk import Desk
from f0_monitoring.views.intake import Intake
from f0_monitoring.views.record import PatientView
from f0_monitoring.views.staff import Staff

router = APIRouter(prefix="/v1", tags=["f0-monitoring"], route_class=DirectRoute)
intake = (lists.router, self_declared.router, ending.router, fhir.router)
"""Doors by which people become patients, each in a module of its own."""

PatientWork = Annotated[Work[Any, Any], provided("work")]
ReportLedger = Annotated[Ledger[Any, Any], provided("ledger")]
TheDesk = Annotated[Desk, provided("desk")]
TheIntake = Annotated[Intake, provided("intake")]
TheStaff = Annotated[Staff, provided("staff")]
Registrar = Annotated[Actor, Depends(role_required("health_officer", "administrator"))]
Carer = Annotated[Actor, Depends(role_required("health_officer", "doctor", "administrator"))]
Declarant = Annotated[Actor, Depends(role_required("citizen", "health_officer", "doctor", "administrator"))]
Administrator = Annotated[Actor, Depends(role_required("administrator"))]
PersonId = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,64}$")]
DoctorId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
CommuneCode = Annotated[str | None, Query(pattern=r"^\d{5}$")]
Typed = Annotated[str, Query(max_length=100)]


@router.post(
    "/patients",
    status_code=201,
    responses=problems(
        errors.AlreadyDeclared, errors.UnknownCondition, Invalid, UnknownCommune, OutsideYourArea
    ),
)
async def declare_patient(
    body: requests.PatientBody,
    officer: Registrar,
    intake: TheIntake,
    desk: TheDesk,
    work: PatientWork,
    cause: IdempotencyCause,
) -> PatientView:
    """Khai báo F0: open a record; the rules give the first level, the roster gives a doctor."""
    command = await intake.to_declare(body, officer)
    await work.run(command, cause)
    return await desk.show(command.person_id, officer, "Khai báo F0")


@router.get("/patients", responses=problems(BadCursor))
async def list_patients(
    reader: Carer,
    desk: TheDesk,
    page: Paging,
    commune_code: CommuneCode = None,
    risk: Level | None = None,
    care: CareState | None = None,
    mine: bool = False,
    closed: bool = False,
    q: Typed = "",
) -> Page[PatientView]:
    """Ai cần gọi trước: records by risk, then by silence, of the reader's areas and own patients."""
    search = desk.search(
        reader, mine=mine, is_open=not closed, commune_code=commune_code, risk=risk, care=care, q=q
    )
    return await desk.worklist(search, page, reader)


@router.get("/patients/{person_id}", responses=problems(errors.NoSuchPatient))
async def read_patient(person_id: PersonId, reader: SignedIn, desk: TheDesk) -> PatientView:
    """Xem hồ sơ: for staff of the area, the doctor, the patient and named carers."""
    return await desk.show(person_id, reader, "Xem hồ sơ F0")


@router.post(
    "/patients/{person_id}/reports",
    status_code=201,
    responses=problems(
        errors.NoSuchPatient,
        errors.NotYourPatient,
        errors.RecordClosed,
        errors.ImpossibleMeasurement,
        errors.UnknownSymptom,
        errors.ReportedInTheFuture,
        errors.ReportedTooLongAgo,
    ),
)
async def file_report(
    person_id: PersonId,
    body: requests.ReportBody,
    declarant: Declarant,
    intake: TheIntake,
    ledger: ReportLedger,
    cause: IdempotencyCause,
) -> answers.ReceiptView:
    """Khai báo sức khỏe hai lần mỗi ngày: by the patient, a named carer, or staff on their behalf."""
    answer = await ledger.run(intake.to_report(person_id, body, declarant, cause), cause)
    return answers.ReceiptView.model_validate(answer)


@router.get("/patients/{person_id}/reports", responses=problems(errors.NoSuchPatient))
async def list_reports(person_id: PersonId, reader: SignedIn, desk: TheDesk) -> answers.ReportsView:
    """Các tờ khai của một người, mới nhất trước."""
    return await desk.reports_of(person_id, reader)


@router.post(
    "/patients/{person_id}/moves",
    responses=problems(errors.NoSuchPatient, errors.NotYourPatient, errors.IllegalTransition, Invalid),
)
async def move_patient(
    person_id: PersonId,
    body: requests.MoveBody,
    carer: Carer,
    intake: TheIntake,
    desk: TheDesk,
    work: PatientWork,
    cause: IdempotencyCause,
) -> PatientView:
    """Chuyển trạng thái: at home, transferring, in hospital, home again; who, when and why are kept."""
    await work.run(intake.to_move(person_id, body, carer), cause)
    return await desk.show(person_id, carer, "Chuyển trạng thái hồ sơ")


@router.post(
    "/patients/{person_id}/closing",
    responses=problems(
        errors.NoSuchPatient,
        errors.NotYourPatient,
        errors.IllegalTransition,
        errors.EndTooEarly,
        closing.OverrideRefused,
        Invalid,
    ),
)
async def close_patient(
    person_id: PersonId,
    body: requests.ClosingBody,
    carer: Carer,
    intake: TheIntake,
    ending_desk: ending.TheEnding,
    desk: TheDesk,
    work: PatientWork,
    cause: IdempotencyCause,
) -> PatientView:
    """Kết thúc hồ sơ: recovered (by the dated rule, or beyond it by the district), died, wrongly declared."""
    await work.run(ending_desk.judged(intake.to_close(person_id, body, carer)), cause)
    return await desk.show(person_id, carer, "Kết thúc hồ sơ")


@router.post(
    "/patients/{person_id}/doctor",
    responses=problems(errors.NoSuchPatient, errors.NotYourPatient, errors.RecordClosed, errors.NoSuchDoctor),
)
async def assign_doctor(
    person_id: PersonId,
    body: requests.AssignmentBody,
    carer: Carer,
    intake: TheIntake,
    desk: TheDesk,
    work: PatientWork,
    cause: IdempotencyCause,
) -> PatientView:
    """Phân công bác sĩ: the named one, or the one who fits best now."""
    await work.run(await intake.to_assign(person_id, body, carer), cause)
    return await desk.show(person_id, carer, "Phân công bác sĩ")


@router.put("/doctors/{doctor_id}", responses=problems(Invalid, UnknownCommune))
async def keep_doctor(
    doctor_id: DoctorId,
    body: requests.DoctorBody,
    administrator: Administrator,
    staff: TheStaff,
    cause: IdempotencyCause,
) -> answers.DoctorView:
    """Lịch trực: put a doctor on the roster; patients who had nobody get one."""
    return await staff.keep(doctor_id, body, administrator, cause)


@router.get("/doctors", responses=problems())
async def list_doctors(_reader: Carer, staff: TheStaff) -> answers.DoctorsView:
    """Danh sách bác sĩ trực, with how many patients each has."""
    return answers.DoctorsView(items=await staff.views())


@router.get("/declaration-form", responses=problems())
async def declaration_form(_reader: SignedIn, desk: TheDesk) -> answers.FormView:
    """Phiếu theo dõi sức khỏe in force today: symptoms, limits, times of day."""
    return desk.regulations.form()


@router.get("/rulesets", responses=problems())
async def list_rulesets(_reader: SignedIn, desk: TheDesk) -> answers.RulesetsView:
    """Quy định phân loại nguy cơ theo văn bản, mới nhất trước."""
    return desk.regulations.rulesets()


@router.get("/me", responses=problems(errors.NoSuchPatient))
async def me(citizen: Citizen, desk: TheDesk) -> answers.MeView:
    """Trang của tôi: today's duty, the last receipt, my doctor."""
    return await desk.me(citizen)


@router.get("/me/readings", responses=problems())
async def my_readings(citizen: Citizen, desk: TheDesk) -> answers.ReadingsView:
    """Ai đã xem dữ liệu của tôi."""
    return await desk.readings_of(citizen)
