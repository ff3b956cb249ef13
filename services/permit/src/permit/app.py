"""Composition root: from settings to a running permit service."""

from pathlib import Path

from common.service import Runtime, Service
from common.sheets.reading import FILE_MAX_BYTES
from common.web.pages import PageSettings, page_routes
from permit import routes
from permit.consumers import subscriptions
from permit.parts import parts_of
from permit.routes.staff import LISTS
from permit.settings import PermitSettings
from permit.stores import Stores, in_mongo

PAGES = Path(__file__).parent / "pages"
_PAGES = ("scan", "permits", "employer", "firms", "my-permits", "gate-log", "board")


def build(settings: PermitSettings) -> Service:
    """Build permit (giấy đi đường): applications, signed codes, checkpoints."""
    runtime = Runtime(settings)
    return compose(runtime, in_mongo(runtime), settings)


def compose(runtime: Runtime, stores: Stores, settings: PermitSettings) -> Service:
    """Put the service together on its stores; tests hand in their own."""
    parts = parts_of(runtime, stores, settings)
    pages = {f"/{name}": PAGES / f"{name}.html" for name in _PAGES}
    web = PageSettings(settings.oidc_issuer, wasm=True, devices=("camera",))
    doors = [parts[name] for name in ("holders", "rollouts", "record", "watch")]
    return runtime.service(
        "Permit",
        [*routes.routers, page_routes(pages, web, PAGES)],
        parts=parts,
        subscriptions=subscriptions(*doors),
        background=[parts["opening"], parts["workshop"]],
        api_background=[parts["board"]],
        worker_background=[
            *parts["upgrades"],
            *(parts[name] for name in ("rollout", "sealer", "list_builder", "import_job")),
            parts["purge"],
        ],
        large_bodies={LISTS: FILE_MAX_BYTES},
        streams=[parts["board"].broadcast],
        stores=[stores.watch.sightings, stores.watch.minutes, *parts["purge"].stores],
    )
