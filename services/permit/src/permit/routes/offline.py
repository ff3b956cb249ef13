"""The scanner as an application on a device: its service worker, manifest and places."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from common.http.parts import provided
from common.service import Runtime
from common.web.pages import worker_script
from permit.views import offline

router = APIRouter(include_in_schema=False)

TheRuntime = Annotated[Runtime, provided("runtime")]
_AGAIN = {"cache-control": "no-cache"}


@router.get("/scan-worker.js")
async def read_worker() -> Response:
    """Return the service worker; at the root, so that its scope may cover the page."""
    return worker_script(offline.service_worker())


@router.get("/scan.webmanifest")
async def read_manifest() -> Response:
    """Return the manifest."""
    return JSONResponse(offline.manifest(), media_type="application/manifest+json", headers=_AGAIN)


@router.get("/scan-places.json")
async def read_places(runtime: TheRuntime) -> Response:
    """Return the names of places by code."""
    return JSONResponse(offline.places(runtime.units), headers=_AGAIN)
