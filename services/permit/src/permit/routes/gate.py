"""Checkpoints: verification, uploads, the list."""

from fastapi import APIRouter

from common.geo import UnknownCommune
from common.http.auth import CheckpointOfficer, SignedIn
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.problems import problems
from common.kernel.errors import OutsideYourArea
from permit.domain import errors
from permit.routes.shelf import (
    CheckpointId,
    CheckpointWork,
    Leader,
    ScanLedger,
    TheGate,
    TheIntake,
    TheRegisters,
)
from permit.views import answers, requests

router = APIRouter(prefix="/v1", route_class=DirectRoute)


@router.post("/verifications", responses=problems(errors.UnknownCheckpoint, OutsideYourArea))
async def verify_permit(
    body: requests.VerificationBody,
    officer: CheckpointOfficer,
    gate: TheGate,
    ledger: ScanLedger,
    cause: IdempotencyCause,
) -> answers.VerdictView:
    """Kiểm tra tại chốt: judged by the newest state, and recorded."""
    return await gate.verify(ledger, body, officer, cause)


@router.post("/scans", responses=problems())
async def upload_scans(
    body: requests.UploadBody,
    officer: CheckpointOfficer,
    gate: TheGate,
    ledger: ScanLedger,
    cause: IdempotencyCause,
) -> answers.UploadView:
    """Gửi các lượt quét khi mất mạng: late, shuffled or repeated, each is recorded once."""
    return await gate.upload(ledger, body, officer, cause)


@router.get("/checkpoints", responses=problems())
async def list_checkpoints(_reader: SignedIn, registers: TheRegisters) -> answers.CheckpointsView:
    """Các chốt kiểm soát."""
    return await registers.checkpoints()


@router.put(
    "/checkpoints/{checkpoint_id}",
    responses=problems(UnknownCommune, OutsideYourArea),
)
async def place_checkpoint(
    checkpoint_id: CheckpointId,
    body: requests.CheckpointBody,
    leader: Leader,
    intake: TheIntake,
    registers: TheRegisters,
    work: CheckpointWork,
    cause: IdempotencyCause,
) -> answers.CheckpointView:
    """Lập, dời, mở, đóng chốt."""
    await work.run(intake.to_place(checkpoint_id, body, leader), cause)
    return await registers.checkpoint(checkpoint_id)
