"""What is wrong is answered as a problem in Vietnamese that names the field, and nothing has changed."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from joserfc.jwk import ECKey

from common.contracts import permit
from common.kernel.areas import Area
from common.oidc_local.minting import Minter
from deploy.local import services as local
from deploy.local.stack import Stack
from tests.integration.drivers import (
    CHECKPOINT,
    Permit,
    Town,
    application,
    contact,
    now,
    patient,
    report,
    today,
)
from tests.integration.facts import FactLog
from tests.integration.people import Person, somebody
from tests.integration.raw_documents import connected, documents_about, sizes
from tests.integration.services import Services
from tests.integration.settled import settled

TYPE = "urn:la-chan:problem:"


@dataclass
class Known:
    """Who is known to the services before something wrong is asked about them."""

    area: Area
    patient: Person
    contact: Person
    holder: Person
    paper: Permit
    minter: Minter


@pytest.fixture(scope="module")
def known(seeded: Stack, unused_communes: Iterator[Area]) -> Known:
    """Return an F0, an F1 and a permit holder whose facts have been heard everywhere."""

    async def prepare() -> Known:
        services = Services(seeded)
        town = Town(services, next(unused_communes))
        ill, f1, holder = town.somebody(), town.somebody(), town.somebody()
        await town.officer.declares(ill)
        await town.officer.quarantines(f1)
        paper = await town.permits.issues(holder)
        async with FactLog(seeded.place.kafka_bootstrap) as log:
            await settled(log)
        await services.close()
        minter = Minter.from_file(seeded.place.key_file, issuer=seeded.place.issuer, audience=local.AUDIENCE)
        return Known(town.area, ill, f1, holder, paper, minter)

    return asyncio.run(prepare())


@dataclass(frozen=True)
class Wrong:
    """One request that must be refused, and how."""

    name: str
    service: str
    path: Callable[[Known], str]
    status: int
    slug: str
    body: Callable[[Known], Any] = lambda known: {}
    field: str = ""
    says: str = ""
    role: str = "health_officer"
    area: Callable[[Known], str] = lambda known: known.area.commune_code
    person: Callable[[Known], str] = lambda known: ""
    token: Callable[[Known], str] | None = None
    raw: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.name


def patients(_: Known) -> str:
    return "/v1/patients"


def cases(_: Known) -> str:
    return "/v1/cases"


def permits(_: Known) -> str:
    return "/v1/permits"


def reports_of_patient(known: Known) -> str:
    return f"/v1/patients/{known.patient.person_id}/reports"


def reports_of_contact(known: Known) -> str:
    return f"/v1/cases/{known.contact.person_id}/reports"


def vitals(name: str, number: Any, says: str = "") -> Wrong:
    return Wrong(
        f"{name} {number}", "f0_monitoring", reports_of_patient, 422, "impossible-measurement",
        lambda known: report(**{name: number}), field=name, says=says,
        role="citizen", area=lambda known: "", person=lambda known: known.patient.person_id,
    )  # fmt: skip


def new(known: Known, **changes: Any) -> Person:
    person = somebody(known.area.commune_code)
    for name, value in changes.items():
        setattr(person, name, value)
    return person


def declared(name: str, slug: str, field: str, says: str, **changes: Any) -> Wrong:
    """Declare an F0 with something wrong in the person's own data."""
    return Wrong(
        name, "f0_monitoring", patients, 422, slug,
        lambda known: patient(new(known, **changes)), field=field, says=says,
    )  # fmt: skip


def male_paper_of_a_woman(known: Known) -> dict[str, Any]:
    form = patient(somebody(known.area.commune_code, sex="male"))
    return {**form, "person": {**form["person"], "sex": "female"}}


def paper_of_another_year(known: Known) -> dict[str, Any]:
    form = patient(somebody(known.area.commune_code, birth_year=1985))
    return {**form, "person": {**form["person"], "birth_year": 1958}}


def ends_before_it_starts(known: Known) -> dict[str, Any]:
    return application(
        new(known), valid_from=now().isoformat(), valid_until=(now() - timedelta(hours=1)).isoformat()
    )


def expired(known: Known) -> str:
    return known.minter.token(["health_officer"], [known.area.commune_code], seconds=-300)


def of_an_unknown_role(known: Known) -> str:
    claims = {"iss": known.minter.issuer, "aud": known.minter.audience, "sub": "x", "exp": 4102444800}
    return known.minter.sign({**claims, "roles": ["wizard"], "areas": ["19"]})


def of_another_issuer(known: Known) -> str:
    foreign = Minter(ECKey.generate_key("P-256"), issuer=known.minter.issuer, audience=known.minter.audience)
    return foreign.token(["health_officer"], [known.area.commune_code])


def for_another_system(known: Known) -> str:
    return known.minter.token(["health_officer"], [known.area.commune_code], aud="another-system")


TABLE = [
    vitals("spo2_percent", 130, "SpO2"),
    vitals("spo2_percent", 12),
    vitals("spo2_repeat_percent", 101),
    vitals("temperature_celsius", 370, "Thân nhiệt"),
    vitals("pulse_per_minute", 900),
    vitals("breaths_per_minute", 0),
    vitals("systolic_mmhg", 20),
    Wrong("lower pressure above the upper", "f0_monitoring", reports_of_patient, 422, "impossible-measurement",
          lambda known: report(systolic_mmhg=70, diastolic_mmhg=120), field="diastolic_mmhg", says="Huyết áp"),
    Wrong("symptom outside the form", "f0_monitoring", reports_of_patient, 422, "unknown-symptom",
          lambda known: report(symptoms=["levitation"]), field="symptoms"),
    Wrong("a contact's temperature 370", "quarantine", reports_of_contact, 422, "impossible-measurement",
          lambda known: {"reported_at": now().isoformat(), "temperature_celsius": 370}, field="temperature_celsius"),
    Wrong("unknown commune of an F0", "f0_monitoring", patients, 422, "unknown-commune",
          lambda known: {**patient(new(known)), "commune_code": "99999"}, field="commune_code", area=lambda known: "19"),
    Wrong("unknown commune of an F1", "quarantine", cases, 422, "unknown-commune",
          lambda known: {**contact(new(known)), "commune_code": "99999"}, field="commune_code", area=lambda known: "19"),
    Wrong("unknown commune of a permit", "permit", permits, 422, "unknown-commune",
          lambda known: {**application(new(known)), "commune_code": "99999"}, field="commune_code",
          role="permit_officer", area=lambda known: "19"),
    Wrong("CCCD of another sex", "f0_monitoring", patients, 422, "invalid-input", male_paper_of_a_woman,
          field="person.cccd", says="giới tính"),
    Wrong("CCCD of another birth year", "f0_monitoring", patients, 422, "invalid-input", paper_of_another_year,
          field="person.cccd", says="năm sinh"),
    declared("CCCD of eleven digits", "invalid-input", "person.cccd", "12 chữ số", cccd="01918512345"),
    declared("malformed phone", "invalid-input", "person.phone", "Số điện thoại", phone="12345"),
    declared("born tomorrow year", "invalid-input", "person.birth_year", "tương lai", birth_year=2199, cccd=""),
    Wrong("permit ends before it starts", "permit", permits, 422, "invalid-period", ends_before_it_starts,
          field="valid_until", role="permit_officer"),
    Wrong("quarantine starts before exposure", "quarantine", cases, 422, "date-impossible",
          lambda known: contact(new(known), starts_on=(today() - timedelta(days=5)).isoformat()), field="starts_on"),
    Wrong("tested tomorrow", "f0_monitoring", patients, 422, "invalid-value",
          lambda known: patient(new(known), tested_on=(today() + timedelta(days=1)).isoformat()), field="tested_on"),
    Wrong("body too large", "f0_monitoring", patients, 413, "body-too-large",
          raw=b'{"address": "' + b"a" * 70_000 + b'"}', says="ít hơn"),
    Wrong("broken JSON", "quarantine", cases, 400, "broken-json", raw=b'{"person": {"full_name"'),
    Wrong("not JSON at all", "permit", permits, 415, "not-json", raw=b"<xml/>", role="permit_officer",
          headers=(("Content-Type", "text/xml"),)),
    Wrong("unknown field", "f0_monitoring", patients, 422, "invalid-input",
          lambda known: {**patient(new(known)), "is_vip": True}, field="is_vip", says="không có trong biểu mẫu"),
    Wrong("text for a number", "f0_monitoring", reports_of_patient, 422, "invalid-input",
          lambda known: report(spo2_percent="chín mươi"), field="spo2_percent", says="số nguyên"),
    Wrong("time without a zone", "f0_monitoring", reports_of_patient, 422, "invalid-input",
          lambda known: report(reported_at="2026-11-23T08:00:00"), field="reported_at", says="múi giờ"),
    Wrong("officer of another district", "f0_monitoring", patients, 403, "outside-your-area",
          lambda known: patient(new(known)), area=lambda known: "173" if known.area.district_code != "173" else "164"),
    Wrong("doctor of another district closes", "f0_monitoring",
          lambda known: f"/v1/patients/{known.patient.person_id}/closing", 403, "not-your-patient",
          lambda known: {"outcome": "recovered", "reason": "end-of-care"}, role="doctor",
          area=lambda known: "173" if known.area.district_code != "173" else "164"),
    Wrong("a neighbour declares for the F0", "f0_monitoring", reports_of_patient, 403, "not-your-patient",
          lambda known: report(), role="citizen", area=lambda known: "", person=lambda known: known.holder.person_id),
    Wrong("wrong role", "f0_monitoring", patients, 403, "role-required",
          lambda known: patient(new(known)), role="checkpoint_officer"),
    Wrong("unknown role", "f0_monitoring", patients, 403, "role-required",
          lambda known: patient(new(known)), token=of_an_unknown_role),
    Wrong("expired token", "f0_monitoring", patients, 401, "token-expired",
          lambda known: patient(new(known)), token=expired, says="hết hạn"),
    Wrong("token of another issuer", "f0_monitoring", patients, 401, "token-refused",
          lambda known: patient(new(known)), token=of_another_issuer),
    Wrong("token for another system", "f0_monitoring", patients, 401, "token-refused",
          lambda known: patient(new(known)), token=for_another_system),
    Wrong("no token", "f0_monitoring", patients, 401, "not-signed-in",
          lambda known: patient(new(known)), token=lambda known: "", says="đăng nhập"),
    Wrong("short idempotency key", "f0_monitoring", patients, 422, "bad-idempotency-key",
          lambda known: patient(new(known)), headers=(("Idempotency-Key", "abc"),)),
    Wrong("already declared", "f0_monitoring", patients, 409, "already-declared",
          lambda known: patient(known.patient)),
    Wrong("nobody of that name", "f0_monitoring", lambda known: "/v1/patients/nobody/reports", 404, "no-such-patient",
          lambda known: report()),
    Wrong("unknown checkpoint", "permit", lambda known: "/v1/verifications", 404, "unknown-checkpoint",
          lambda known: {"qr": known.paper.qr, "checkpoint_id": "atlantis"}, field="checkpoint_id",
          role="checkpoint_officer", area=lambda known: "19"),
    Wrong("checkpoint of another district", "permit", lambda known: "/v1/verifications", 403, "outside-your-area",
          lambda known: {"qr": known.paper.qr, "checkpoint_id": CHECKPOINT}, role="checkpoint_officer",
          area=lambda known: "173"),
]  # fmt: skip


async def send(stack: Stack, wrong: Wrong, known: Known, correlation: str) -> httpx.Response:
    token = wrong.token(known) if wrong.token else None
    if token is None:
        areas = (wrong.area(known),) if wrong.area(known) else ()
        token = stack.token(wrong.role, areas=areas, person_id=wrong.person(known) or None)
    headers = {"Content-Type": "application/json", "X-Correlation-ID": correlation, **dict(wrong.headers)}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    content = wrong.raw or json.dumps(wrong.body(known)).encode()
    async with httpx.AsyncClient(timeout=30) as client:
        return await client.post(
            stack.address(wrong.service) + wrong.path(known), content=content, headers=headers
        )


@pytest.mark.parametrize("wrong", TABLE, ids=str)
async def test_wrong_input_is_told_and_changes_nothing(
    seeded: Stack, known: Known, log: FactLog, wrong: Wrong
) -> None:
    uri, correlation = seeded.place.mongo_uri, f"wrong-{uuid.uuid4()}"
    subjects = [known.patient.person_id, known.contact.person_id, known.holder.person_id]
    before = await seen(uri, subjects)

    answer = await send(seeded, wrong, known, correlation)

    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (wrong.status, TYPE + wrong.slug), problem
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["correlation_id"] == correlation
    assert any(ord(letter) > 127 for letter in problem["title"] + problem["detail"]), "not in Vietnamese"
    assert wrong.says.lower() in json.dumps(problem, ensure_ascii=False).lower()
    if wrong.field:
        assert wrong.field in [fault["field"] for fault in problem["errors"]]
    assert await seen(uri, subjects) == before
    caused = [r for r in await log.read() if dict(r.headers).get("ce_correlationid") == correlation.encode()]
    assert caused == []


async def seen(uri: str, subjects: list[str]) -> Any:
    """Return what MongoDB holds of these people, and how much of everything."""
    async with connected(uri) as client:
        return await documents_about(client, subjects), await sizes(client)


def tampered(paper: Permit) -> str:
    place = len(paper.qr) // 2
    other = "A" if paper.qr[place] != "A" else "B"
    return paper.qr[:place] + other + paper.qr[place + 1 :]


def signature_of_another(paper: Permit) -> str:
    return paper.qr[:-12] + ("0" * 12 if not paper.qr.endswith("0" * 12) else "1" * 12)


@pytest.fixture
async def client(seeded: Stack) -> AsyncIterator[Services]:
    services = Services(seeded)
    yield services
    await services.close()


@pytest.mark.parametrize(
    ("forge", "reasons"),
    [
        (tampered, {"bad-signature", "damaged", "unknown-key", "bad-claims"}),
        (signature_of_another, {"bad-signature", "damaged"}),
        (lambda paper: "https://example.invalid/permit/1", {"foreign"}),
        (lambda paper: "HC1:6BFOXN%TS3DHPVO13J", {"foreign"}),
        (lambda paper: "", {"foreign", "damaged"}),
        (lambda paper: paper.qr[:40], {"damaged"}),
    ],
    ids=["tampered", "signature", "address", "health certificate", "empty", "cut off"],
)
async def test_a_forged_code_is_refused_recorded_and_tells_nothing_of_anybody(
    known: Known, client: Services, log: FactLog, forge: Callable[[Permit], str], reasons: set[str]
) -> None:
    town = Town(client, known.area)
    before = await town.permits.shows(known.paper)

    said = await town.checkpoint.scans(forge(known.paper))

    assert said["verdict"] == "refused"
    assert said["reason_code"] in reasons
    assert said["shown"] is None
    assert said["person"] is None
    assert not [secret for secret in known.holder.secrets() if secret in json.dumps(said, ensure_ascii=False)]
    scans = [s for s in await log.of(permit.PermitScanned) if s.data.scan_id == said["scan_id"]]
    assert all(scan.data.person_id is None for scan in scans)
    assert await town.permits.shows(known.paper) == before
