"""What routes take from the shelf and from the address, as types."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query

from common.http.auth import role_required
from common.http.parts import provided
from common.kernel.areas import Actor
from common.work.engine import Work
from common.work.ledger import Ledger
from permit.views.desk import Desk
from permit.views.firms import FirmDesk
from permit.views.foreseen import Foreseer
from permit.views.gate import Gate
from permit.views.intake import Intake
from permit.views.journeys import Journeys
from permit.views.objections import Objections
from permit.views.printing import Printer
from permit.views.registers import Registers
from permit.views.staff_lists import ListDesk

HolderWork = Annotated[Work[Any, Any], provided("holders")]
RingWork = Annotated[Work[Any, Any], provided("ring")]
CheckpointWork = Annotated[Work[Any, Any], provided("checkpoints")]
DirectiveWork = Annotated[Work[Any, Any], provided("directives")]
ScanLedger = Annotated[Ledger[Any, Any], provided("scans")]
TheDesk = Annotated[Desk, provided("desk")]
TheGate = Annotated[Gate, provided("gate")]
TheIntake = Annotated[Intake, provided("intake")]
TheForeseer = Annotated[Foreseer, provided("foreseer")]
TheObjections = Annotated[Objections, provided("objections")]
TheRegisters = Annotated[Registers, provided("registers")]
Applicant = Annotated[Actor, Depends(role_required("permit_officer", "employer", "citizen"))]
Leader = Annotated[Actor, Depends(role_required("leader", "administrator"))]
Planner = Annotated[Actor, Depends(role_required("permit_officer", "leader", "administrator"))]
AppealId = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{8,64}$")]
PermitId = Annotated[str, Path(pattern=r"^[0-9A-HJKMNP-TV-Z]{16}$")]
CheckpointId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$")]
AreaCode = Annotated[str, Path(pattern=r"^(\d{2}|\d{3}|\d{5})$")]
KeyId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
PersonId = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9-]{1,64}$")]
TheFirms = Annotated[FirmDesk, provided("firm_desk")]
TheLists = Annotated[ListDesk, provided("list_desk")]
ThePrinter = Annotated[Printer, provided("printer")]
TheJourneys = Annotated[Journeys, provided("journeys")]
FirmWork = Annotated[Work[Any, Any], provided("firms")]
ListWork = Annotated[Work[Any, Any], provided("staff_lists")]
Employer = Annotated[Actor, Depends(role_required("employer"))]
Owner = Annotated[Actor, Depends(role_required("employer", "citizen"))]
DerivedId = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$")]
Part = Annotated[int, Query(ge=1, le=100, description="Phần thứ mấy, mỗi phần 400 giấy")]
Typed = Annotated[str, Query(max_length=100)]
