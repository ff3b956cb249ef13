"""
Our records as FHIR R4 resources (JSON values).

LOINC codes of vital signs are those of the FHIR vital signs profiles. Names, papers, phones and addresses
stay behind: `Patient.id` is the pseudonym, the security label says so.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from common.geo import Units
from f0_monitoring.domain.model import CareState, Patient, Report, Step

Resource = dict[str, Any]
PERSON: Final = "urn:la-chan:person"
RISK_LEVEL: Final = "urn:la-chan:risk-level"
AGE: Final = "urn:la-chan:fhir:age-years"
_LOINC: Final = "http://loinc.org"
_UCUM: Final = "http://unitsofmeasure.org"
_ACT: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
_PSEUDONYM: Final = {
    "security": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
            "code": "PSEUDED",
            "display": "pseudonymized",
        }
    ]
}
_VITAL_SIGNS: Final = [
    {
        "coding": [
            {
                "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                "code": "vital-signs",
                "display": "Vital Signs",
            }
        ]
    }
]
_MEASURES: Final = (
    ("spo2", "spo2_percent", "59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry", "%", "%"),
    ("temperature", "temperature_celsius", "8310-5", "Body temperature", "°C", "Cel"),
    ("pulse", "pulse_per_minute", "8867-4", "Heart rate", "/min", "/min"),
    ("breaths", "breaths_per_minute", "9279-1", "Respiratory rate", "/min", "/min"),
)
_PRESSURES: Final = (
    ("systolic_mmhg", "8480-6", "Systolic blood pressure"),
    ("diastolic_mmhg", "8462-4", "Diastolic blood pressure"),
)
_PLACES: Final = {
    CareState.DECLARED: ("HH", "home health"),
    CareState.AT_HOME: ("HH", "home health"),
    CareState.TRANSFERRING: ("FLD", "field"),
    CareState.IN_HOSPITAL: ("IMP", "inpatient encounter"),
}
_EPISODES: Final = {
    CareState.RECOVERED: "finished",
    CareState.DIED: "finished",
    CareState.WRONGLY_DECLARED: "entered-in-error",
}


def instant(at: datetime) -> str:
    """Return an instant as FHIR writes it, in UTC."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def patient(record: Patient, units: Units) -> Resource:
    """Return who it is, by the pseudonym; the place as far as the reader is responsible for it."""
    profile, area = record.profile, record.area
    return {
        "resourceType": "Patient",
        "id": record.person_id,
        "meta": _PSEUDONYM,
        "extension": [{"url": AGE, "valueUnsignedInt": profile.age_years}],
        "identifier": [{"system": PERSON, "value": record.person_id}],
        "active": not record.is_closed,
        "gender": profile.sex if profile.sex in ("male", "female") else "unknown",
        **({"deceasedBoolean": True} if record.care is CareState.DIED else {}),
        "address": [
            {
                "use": "home",
                "city": units.name_of(area.commune_code),
                "district": units.name_of(area.district_code),
                "state": units.name_of(area.province_code),
                "country": "VN",
            }
        ],
    }


def observations(report: Report) -> Iterator[Resource]:
    """Return one resource for each number of a declaration; both pressures are one."""
    for name, field, code, words, unit, ucum in _MEASURES:
        value = getattr(report.vitals, field)
        if value is not None:
            quantity = {"value": value, "unit": unit, "system": _UCUM, "code": ucum}
            yield {**_observed(report, name, code, words), "valueQuantity": quantity}
    parts = [
        {"code": _loinc(code, words), "valueQuantity": _millimetres(value)}
        for field, code, words in _PRESSURES
        if (value := getattr(report.vitals, field)) is not None
    ]
    if parts:
        panel = _observed(report, "pressure", "85354-9", "Blood pressure panel with all children optional")
        yield {**panel, "component": parts}


def risk(record: Patient) -> Resource:
    """Return the risk as it is now, with the rules that gave it and the criteria that fired."""
    level = record.risk.level
    reasons = "; ".join(
        f"{r.criterion}: {r.value} ({r.threshold}, {r.document})" for r in record.risk.reasons
    )
    return {
        "resourceType": "RiskAssessment",
        "id": f"{record.person_id}.{record.episode}",
        "meta": _PSEUDONYM,
        "status": "final",
        "method": {"text": record.risk.ruleset},
        "subject": _subject(record.person_id),
        "occurrenceDateTime": instant(record.risk.since),
        "prediction": [
            {
                "outcome": {"text": "Severe course of COVID-19"},
                "qualitativeRisk": {"coding": [{"system": RISK_LEVEL, "code": level.value}]},
                **({"rationale": reasons} if reasons else {}),
            }
        ],
    }


def episode(record: Patient) -> Resource:
    """Return the episode of care: from the declaration to its end."""
    ended = record.history[-1].at if record.is_closed else None
    return {
        "resourceType": "EpisodeOfCare",
        "id": f"{record.person_id}.{record.episode}",
        "meta": _PSEUDONYM,
        "status": _EPISODES.get(record.care, "active"),
        "type": [{"text": "COVID-19 home care"}],
        "patient": _subject(record.person_id),
        "period": _period(record.declared_at, ended),
    }


def encounters(record: Patient) -> Iterator[Resource]:
    """Return where the patient was cared for, one resource for each stay, the first one first."""
    steps = record.history
    for step, following in zip(steps, (*steps[1:], None), strict=True):
        if step.to_state in _PLACES:
            yield _encounter(record, step, following)


def _encounter(record: Patient, step: Step, following: Step | None) -> Resource:
    code, display = _PLACES[step.to_state]
    return {
        "resourceType": "Encounter",
        "id": f"{record.person_id}.{int(step.at.timestamp())}",
        "meta": _PSEUDONYM,
        "status": "finished" if following else "in-progress",
        "class": {"system": _ACT, "code": code, "display": display},
        "subject": _subject(record.person_id),
        "episodeOfCare": [{"reference": f"EpisodeOfCare/{record.person_id}.{record.episode}"}],
        "period": _period(step.at, following.at if following else None),
    }


def _observed(report: Report, name: str, code: str, words: str) -> Resource:
    return {
        "resourceType": "Observation",
        "id": f"{report.report_id}.{name}",
        "meta": _PSEUDONYM,
        "status": "final",
        "category": _VITAL_SIGNS,
        "code": _loinc(code, words),
        "subject": _subject(report.person_id),
        "effectiveDateTime": instant(report.measured_at),
        "issued": instant(report.received_at),
    }


def _loinc(code: str, words: str) -> Resource:
    return {"coding": [{"system": _LOINC, "code": code, "display": words}]}


def _millimetres(value: int) -> Resource:
    return {"value": value, "unit": "mmHg", "system": _UCUM, "code": "mm[Hg]"}


def _subject(person_id: str) -> Resource:
    return {"reference": f"Patient/{person_id}"}


def _period(start: datetime, end: datetime | None) -> Resource:
    return {"start": instant(start), **({"end": instant(end)} if end else {})}
