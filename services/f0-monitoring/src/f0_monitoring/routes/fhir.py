"""FHIR R4, read only (`/fhir/r4`): what partner systems read, within the areas of their token."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from common.http.auth import SignedIn, role_required
from common.http.parts import provided
from common.http.problems import status_of
from common.http.validation_vi import message_of
from common.kernel.areas import Actor
from common.kernel.errors import DomainError
from f0_monitoring.views.fhir.bundles import TYPE, Asked, outcome
from f0_monitoring.views.fhir.desk import FhirDesk
from f0_monitoring.views.fhir.resources import Resource

PREFIX: Final = "/fhir/r4"
OF_PATIENTS: Final = ("Observation", "RiskAssessment", "Encounter", "EpisodeOfCare")
MOST: Final = 200
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class FhirResponse(JSONResponse):
    """JSON of FHIR."""

    media_type = TYPE


class FhirRoute(APIRoute):
    """Answers every refusal as an OperationOutcome, as the standard asks."""

    def get_route_handler(self) -> Handler:
        """Return the handler."""
        general = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await general(request)
            except DomainError as error:
                return _refused(status_of(error), error.detail)
            except RequestValidationError as error:
                return _refused(400, "; ".join(message_of(fault) for fault in error.errors()))
            except HTTPException as error:
                return _refused(error.status_code, str(error.detail), error.headers)

        return handle


def _refused(status: int, text: str, headers: Any = None) -> Response:
    return FhirResponse(outcome(status, text), status, headers)


router = APIRouter(prefix=PREFIX, tags=["fhir"], route_class=FhirRoute, default_response_class=FhirResponse)
TheFhir = Annotated[FhirDesk, provided("fhir")]
Partner = Annotated[Actor, Depends(role_required("partner", "administrator"))]
ResourceId = Annotated[str, Path(pattern=r"^[A-Za-z0-9\-.]{1,64}$")]
Count = Annotated[int, Query(alias="_count", ge=1, le=MOST)]
Cursor = Annotated[str, Query(alias="_cursor", max_length=400)]
PatientReference = Annotated[str, Query(pattern=r"^(Patient/)?[A-Za-z0-9\-.]{0,64}$")]
Code = Annotated[str, Query(max_length=80)]


def asked(request: Request) -> Asked:
    """Say where a search came to."""
    base = f"{str(request.base_url).rstrip('/')}{PREFIX}"
    kind = request.url.path.removeprefix(f"{PREFIX}/").partition("/")[0]
    return Asked(base, kind, tuple(request.query_params.items()))


TheSearch = Annotated[Asked, Depends(asked)]


@router.get("/metadata")
async def read_capabilities(_reader: SignedIn, fhir: TheFhir, search: TheSearch) -> FhirResponse:
    """CapabilityStatement."""
    return FhirResponse(fhir.capabilities(search.base))


@router.get("/Patient")
async def search_patients(
    partner: Partner,
    fhir: TheFhir,
    search: TheSearch,
    count: Count = 50,
    cursor: Cursor = "",
    person_id: Annotated[str, Query(alias="_id", max_length=64)] = "",
) -> FhirResponse:
    """Search patients (pseudonymous) of the token's areas."""
    return FhirResponse(await fhir.patients(search, partner, count, cursor, person_id))


def _reader_of(kind: str) -> Callable[..., Awaitable[FhirResponse]]:
    async def read(resource_id: ResourceId, partner: Partner, fhir: TheFhir) -> FhirResponse:
        found: Resource = await fhir.read(kind, resource_id, partner)
        return FhirResponse(found)

    return read


async def _search_of_patient(
    partner: Partner,
    fhir: TheFhir,
    search: TheSearch,
    patient: PatientReference = "",
    code: Code = "",
    count: Count = 50,
    cursor: Cursor = "",
) -> FhirResponse:
    is_coded = search.kind == "Observation"
    found = await fhir.of_patient(search, partner, patient, count, cursor, code if is_coded else "")
    return FhirResponse(found)


for _kind in ("Patient", *OF_PATIENTS):
    router.add_api_route(
        f"/{_kind}/{{resource_id}}", _reader_of(_kind), name=f"read-{_kind}", summary=f"Read one {_kind}"
    )
for _kind in OF_PATIENTS:
    router.add_api_route(
        f"/{_kind}", _search_of_patient, name=f"search-{_kind}", summary=f"Search {_kind} of one patient"
    )
