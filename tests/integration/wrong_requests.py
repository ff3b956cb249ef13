"""Requests that must be refused, and how: one row each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from joserfc.jwk import ECKey

from common.kernel.areas import Area
from common.oidc_local.minting import Minter
from tests.integration.drivers import CHECKPOINT, Permit, application, contact, now, patient, report, today
from tests.integration.people import Person, somebody


@dataclass
class Known:
    """Who is known to the services before something wrong is asked about them."""

    area: Area
    patient: Person
    contact: Person
    holder: Person
    paper: Permit
    minter: Minter


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
        f"{name} {number}",
        "f0_monitoring",
        reports_of_patient,
        422,
        "impossible-measurement",
        lambda known: report(**{name: number}),
        field=name,
        says=says,
        role="citizen",
        area=nowhere,
        person=the_patient,
    )


def new(known: Known, **changes: Any) -> Person:
    person = somebody(known.area.commune_code)
    for name, value in changes.items():
        setattr(person, name, value)
    return person


def declared(name: str, slug: str, field: str, says: str, **changes: Any) -> Wrong:
    """Declare an F0 with something wrong in the person's own data."""
    return Wrong(
        name,
        "f0_monitoring",
        patients,
        422,
        slug,
        lambda known: patient(new(known, **changes)),
        field=field,
        says=says,
    )


def another_district(known: Known) -> str:
    return "173" if known.area.district_code != "173" else "164"


def the_province(_: Known) -> str:
    return "19"


def nowhere(_: Known) -> str:
    return ""


def the_patient(known: Known) -> str:
    return known.patient.person_id


def verifications(_: Known) -> str:
    return "/v1/verifications"


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
    Wrong(
        "lower pressure above the upper",
        "f0_monitoring",
        reports_of_patient,
        422,
        "impossible-measurement",
        lambda known: report(systolic_mmhg=70, diastolic_mmhg=120),
        field="diastolic_mmhg",
        says="Huyết áp",
    ),
    Wrong(
        "symptom outside the form",
        "f0_monitoring",
        reports_of_patient,
        422,
        "unknown-symptom",
        lambda known: report(symptoms=["levitation"]),
        field="symptoms",
    ),
    Wrong(
        "a contact's temperature 370",
        "quarantine",
        reports_of_contact,
        422,
        "impossible-measurement",
        lambda known: {"reported_at": now().isoformat(), "temperature_celsius": 370},
        field="temperature_celsius",
    ),
    Wrong(
        "unknown commune of an F0",
        "f0_monitoring",
        patients,
        422,
        "unknown-commune",
        lambda known: {**patient(new(known)), "commune_code": "99999"},
        field="commune_code",
        area=the_province,
    ),
    Wrong(
        "unknown commune of an F1",
        "quarantine",
        cases,
        422,
        "unknown-commune",
        lambda known: {**contact(new(known)), "commune_code": "99999"},
        field="commune_code",
        area=the_province,
    ),
    Wrong(
        "unknown commune of a permit",
        "permit",
        permits,
        422,
        "unknown-commune",
        lambda known: {**application(new(known)), "commune_code": "99999"},
        field="commune_code",
        role="permit_officer",
        area=the_province,
    ),
    Wrong(
        "CCCD of another sex",
        "f0_monitoring",
        patients,
        422,
        "invalid-input",
        male_paper_of_a_woman,
        field="person.cccd",
        says="giới tính",
    ),
    Wrong(
        "CCCD of another birth year",
        "f0_monitoring",
        patients,
        422,
        "invalid-input",
        paper_of_another_year,
        field="person.cccd",
        says="năm sinh",
    ),
    declared("CCCD of eleven digits", "invalid-input", "person.cccd", "12 chữ số", cccd="01918512345"),
    declared("malformed phone", "invalid-input", "person.phone", "Số điện thoại", phone="12345"),
    declared(
        "born tomorrow year", "invalid-input", "person.birth_year", "tương lai", birth_year=2199, cccd=""
    ),
    Wrong(
        "permit ends before it starts",
        "permit",
        permits,
        422,
        "invalid-period",
        ends_before_it_starts,
        field="valid_until",
        role="permit_officer",
    ),
    Wrong(
        "quarantine starts before exposure",
        "quarantine",
        cases,
        422,
        "date-impossible",
        lambda known: contact(new(known), starts_on=(today() - timedelta(days=5)).isoformat()),
        field="starts_on",
    ),
    Wrong(
        "tested tomorrow",
        "f0_monitoring",
        patients,
        422,
        "invalid-value",
        lambda known: patient(new(known), tested_on=(today() + timedelta(days=1)).isoformat()),
        field="tested_on",
    ),
    Wrong(
        "body too large",
        "f0_monitoring",
        patients,
        413,
        "body-too-large",
        raw=b'{"address": "' + b"a" * 70_000 + b'"}',
        says="ít hơn",
    ),
    Wrong("broken JSON", "quarantine", cases, 400, "broken-json", raw=b'{"person": {"full_name"'),
    Wrong(
        "not JSON at all",
        "permit",
        permits,
        415,
        "not-json",
        raw=b"<xml/>",
        role="permit_officer",
        headers=(("Content-Type", "text/xml"),),
    ),
    Wrong(
        "unknown field",
        "f0_monitoring",
        patients,
        422,
        "invalid-input",
        lambda known: {**patient(new(known)), "is_vip": True},
        field="is_vip",
        says="không có trong biểu mẫu",
    ),
    Wrong(
        "text for a number",
        "f0_monitoring",
        reports_of_patient,
        422,
        "invalid-input",
        lambda known: report(spo2_percent="chín mươi"),
        field="spo2_percent",
        says="số nguyên",
    ),
    Wrong(
        "time without a zone",
        "f0_monitoring",
        reports_of_patient,
        422,
        "invalid-input",
        lambda known: report(reported_at="2026-11-23T08:00:00"),
        field="reported_at",
        says="múi giờ",
    ),
    Wrong(
        "officer of another district",
        "f0_monitoring",
        patients,
        403,
        "outside-your-area",
        lambda known: patient(new(known)),
        area=another_district,
    ),
    Wrong(
        "doctor of another district closes",
        "f0_monitoring",
        lambda known: f"/v1/patients/{known.patient.person_id}/closing",
        403,
        "not-your-patient",
        lambda known: {"outcome": "recovered", "reason": "end-of-care"},
        role="doctor",
        area=another_district,
        # Not one of the roster: where a district is full, the next one's doctor may be this patient's own.
        person=lambda _: "p-doctor-elsewhere",
    ),
    Wrong(
        "a neighbour declares for the F0",
        "f0_monitoring",
        reports_of_patient,
        403,
        "not-your-patient",
        lambda known: report(),
        role="citizen",
        area=nowhere,
        person=lambda known: known.holder.person_id,
    ),
    Wrong(
        "wrong role",
        "f0_monitoring",
        patients,
        403,
        "role-required",
        lambda known: patient(new(known)),
        role="checkpoint_officer",
    ),
    Wrong(
        "unknown role",
        "f0_monitoring",
        patients,
        403,
        "role-required",
        lambda known: patient(new(known)),
        token=of_an_unknown_role,
    ),
    Wrong(
        "expired token",
        "f0_monitoring",
        patients,
        401,
        "token-expired",
        lambda known: patient(new(known)),
        token=expired,
        says="hết hạn",
    ),
    Wrong(
        "token of another issuer",
        "f0_monitoring",
        patients,
        401,
        "token-refused",
        lambda known: patient(new(known)),
        token=of_another_issuer,
    ),
    Wrong(
        "token for another system",
        "f0_monitoring",
        patients,
        401,
        "token-refused",
        lambda known: patient(new(known)),
        token=for_another_system,
    ),
    Wrong(
        "no token",
        "f0_monitoring",
        patients,
        401,
        "not-signed-in",
        lambda known: patient(new(known)),
        token=lambda known: "",
        says="đăng nhập",
    ),
    Wrong(
        "short idempotency key",
        "f0_monitoring",
        patients,
        422,
        "bad-idempotency-key",
        lambda known: patient(new(known)),
        headers=(("Idempotency-Key", "abc"),),
    ),
    Wrong(
        "already declared",
        "f0_monitoring",
        patients,
        409,
        "already-declared",
        lambda known: patient(known.patient),
    ),
    Wrong(
        "nobody of that name",
        "f0_monitoring",
        lambda known: "/v1/patients/nobody/reports",
        404,
        "no-such-patient",
        lambda known: report(),
    ),
    Wrong(
        "unknown checkpoint",
        "permit",
        verifications,
        404,
        "unknown-checkpoint",
        lambda known: {"qr": known.paper.qr, "checkpoint_id": "atlantis"},
        field="checkpoint_id",
        role="checkpoint_officer",
        area=the_province,
    ),
    Wrong(
        "checkpoint of another district",
        "permit",
        verifications,
        403,
        "outside-your-area",
        lambda known: {"qr": known.paper.qr, "checkpoint_id": CHECKPOINT},
        role="checkpoint_officer",
        area=lambda known: "173",
    ),
]
