"""Citizens' phones, put together: enrolment, tokens, the page of the citizen."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from fastapi import APIRouter

from common.http.citizens import CitizenIssuer
from common.http.jwks import StaticJwks
from common.keys import derived_key, named_keys, secret_key
from common.service import Runtime
from common.web.declaration import Companion, declaration_routes
from common.web.pages import STATIC, PageSettings, origin_of
from common.work.model import AggregateStore, Heart
from quarantine import ports
from quarantine.domain.enrolment import ConsentText, Enrolment, decide
from quarantine.ports import citizens as citizens_ports
from quarantine.routes import enrolments
from quarantine.rulebook import read_consents, read_retention
from quarantine.settings import QuarantineSettings
from quarantine.store.enrolments import MongoAnswered, MongoEnrolments
from quarantine.translate import to_event
from quarantine.views.credentials import Challenges
from quarantine.views.desk import Desk
from quarantine.views.enrolments import Phones
from quarantine.views.supervision.photos import PhotoDesk

FOLDER = Path(__file__).parents[1] / "pages" / "toi"
SHELL = (".js", ".css", ".json", ".png")
LIBRARIES = (
    "ui.js",
    "vendor/preact/preact.mjs",
    "vendor/preact/hooks.mjs",
    "vendor/htm/htm.module.js",
)
"""What the page needs besides the declaration's files to open without a network."""


class EnrolmentStore(
    citizens_ports.Enrolments, citizens_ports.AgedEnrolments, AggregateStore[Enrolment], Protocol
):
    """Where enrolments are kept and looked up."""


@dataclass(frozen=True)
class PhoneStores:
    """What is kept about phones; tests hand in their own."""

    enrolments: EnrolmentStore
    answered: citizens_ports.Answered


def in_mongo(runtime: Runtime) -> PhoneStores:
    """Keep them in Mongo."""
    return PhoneStores(MongoEnrolments(runtime.database), MongoAnswered(runtime.database))


Desks = tuple[Desk, PhotoDesk]


@dataclass(frozen=True)
class PhonePart:
    """What the composition takes over."""

    parts: dict[str, Any]
    routers: Sequence[APIRouter]
    stores: Sequence[Any]


def phones_of(
    runtime: Runtime, stores: PhoneStores, cases: ports.Cases, desks: Desks, settings: QuarantineSettings
) -> PhonePart:
    """Put it together; this service believes its own tokens without asking itself."""
    origin = settings.own_origin
    key = _device_key(settings)
    issuer = CitizenIssuer(key, issuer=origin, audience=settings.oidc_audience)
    runtime.verifier.believe_citizens_of(origin, StaticJwks(issuer.jwks()))
    consents = read_consents(runtime.folder / "rules" / "consent")
    texts: tuple[ConsentText, ...] = tuple(file.to_text() for file in consents.versions)
    work = runtime.work(Heart("enrolment", decide, to_event, lambda: texts), stores.enrolments)
    phones = Phones(
        runtime,
        cases,
        *desks,
        work=work,
        enrolments=stores.enrolments,
        answered=stores.answered,
        issuer=issuer,
        challenges=Challenges(key),
        origin=origin,
        consents=consents,
        retention=read_retention(runtime.folder / "rules" / "retention"),
    )
    return PhonePart(
        {"phones": phones}, [enrolments.router, declaration_routes("quarantine", _web(settings), _page())],
        [stores.answered],
    )  # fmt: skip


def _device_key(settings: QuarantineSettings) -> bytes:
    if settings.device_key is not None:
        return secret_key(settings.device_key.get_secret_value(), name="device_key")
    keys = named_keys(settings.vault_keys.get_secret_value(), name="vault_keys")
    return derived_key(next(iter(keys.values())), "device-tokens")


def _web(settings: QuarantineSettings) -> PageSettings:
    """Tell the pages of citizens where the other services are, and allow them to ask there."""
    connect = tuple(origin_of(url) for url in (settings.f0_url, settings.permit_url))
    meta = {"f0-url": settings.f0_url.rstrip("/"), "permit-url": settings.permit_url.rstrip("/")}
    return PageSettings(settings.oidc_issuer, meta={**meta, "enrolled-phones": "yes"}, connect=connect)


def _page() -> Companion:
    files = sorted(file for file in FOLDER.rglob("*") if file.suffix in SHELL)
    own = [(f"/pages/toi/{file.relative_to(FOLDER).as_posix()}", file) for file in files]
    libraries = [(f"/static/{name}", STATIC / name) for name in LIBRARIES]
    shell = (*own, *(pair for pair in libraries if pair[1].is_file()))
    return Companion("/toi", FOLDER / "toi.html", shell, FOLDER / "manifest.json")
