"""
How a patient's record is written: compact, because every declaration rewrites it (1-2 KB).

Rows that repeat (readings, reasons, steps) are arrays in a fixed order; instants are BSON dates, cut to
milliseconds, which the client reads as aware ones; days are text. `rank`, `open` and `heard` are what
the worklist is sorted by. Only this module knows the shape; fields are added at the end of a row, never
moved.
"""

from datetime import date, datetime
from typing import Any

from common.kernel.areas import Area
from common.mongo.fields import Field, Fields, as_it_is, growing, written
from f0_monitoring.domain.model import (
    CLOSED,
    READINGS_CAP,
    CareState,
    Doubt,
    Level,
    Origin,
    Patient,
    Profile,
    Reading,
    Reason,
    Risk,
    Step,
)
from f0_monitoring.domain.watched import Watched
from f0_monitoring.store.hands import HANDS, hands_of

Document = dict[str, Any]
LEVELS = {level.value: level for level in Level}
STATES = {state.value: state for state in CareState}
_WATCHED = "id area profile care carer lead team guardians doubt first_spo2 readings last_at due_at missed"
WATCHED = {f"state.{name}": 1 for name in _WATCHED.split()}
"""The fields that `watched_from_document` takes: a quarter of a record's bytes."""


def patient_from_document(document: Document) -> Patient:
    """Return the record that was kept."""
    get, doubt = document.get, document.get("doubt")
    return Patient(
        person_id=document["id"],
        area=Area(*document["area"]),
        profile=_profile_of(document["profile"]),
        origin=Origin(document["origin"]),
        declared_at=document["declared_at"],
        tested_on=date.fromisoformat(document["tested_on"]),
        care=STATES[document["care"]],
        risk=_risk_of(document["risk"]),
        onset_on=_day(get("onset_on")),
        history=tuple(Step(STATES[s[0]], s[1], *s[2:5]) for s in document["history"]),
        carer_id=get("carer"),
        carer_reason=get("found", ""),
        guardian_ids=tuple(document["guardians"]),
        doubt=_doubt_of(doubt) if doubt else None,
        first_spo2_percent=get("first_spo2"),
        readings=tuple(Reading(*row[:7]) for row in document["readings"]),
        last_report_at=get("last_at"),
        next_due_at=get("due_at"),
        missed_in_a_row=document["missed"],
        closed_on=_day(get("closed_on")),
        episode=document["episode"],
        sealed=document["sealed"],
        blind=tuple(document["blind"]),
        **hands_of(document),
        source=get("source", ""),
        journey=get("journey", 0),
        forgotten_on=_day(get("forgotten_on")),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def watched_from_document(document: Document) -> Watched:
    """Return what declarations are judged by, of a record that was read with `WATCHED`."""
    get = document.get
    doubt = get("doubt")
    carers = (get("carer"), get("lead"), *(helper[0] for helper in get("team", ())))
    return Watched(
        person_id=document["id"],
        area=Area(*document["area"]),
        profile=_profile_of(document["profile"]),
        is_closed=STATES[document["care"]] in CLOSED,
        carer_ids=frozenset(staff_id for staff_id in carers if staff_id),
        guardian_ids=tuple(document["guardians"]),
        doubt=_doubt_of(doubt) if doubt else None,
        first_spo2_percent=get("first_spo2"),
        readings=tuple(Reading(*row[:7]) for row in document["readings"]),
        last_report_at=get("last_at"),
        next_due_at=get("due_at"),
        missed_in_a_row=document["missed"],
    )


def heard_at(patient: Patient) -> datetime:
    """Return the last sign of life, to the millisecond that Mongo keeps."""
    at = patient.last_report_at or patient.declared_at
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _profile(profile: Profile) -> Document:
    return {
        "months": profile.age_months,
        "sex": profile.sex,
        "conditions": list(profile.conditions),
        "pregnant": profile.pregnant,
        "doses": profile.vaccination_doses,
        "kg": profile.weight_kg,
    }


def _profile_of(document: Document) -> Profile:
    return Profile(
        age_months=document["months"],
        sex=document["sex"],
        conditions=tuple(document["conditions"]),
        pregnant=document["pregnant"],
        vaccination_doses=document["doses"],
        weight_kg=document["kg"],
    )


def _steps(history: tuple[Step, ...]) -> list[list[Any]]:
    return [[s.to_state.value, s.at, s.by, s.reason, s.note] for s in history]


def _risk(risk: Risk) -> Document:
    return {
        "level": risk.level.value,
        "since": risk.since,
        "ruleset": risk.ruleset,
        "baseline": risk.baseline.value,
        "signs": risk.signs.value,
        "danger": risk.has_danger_sign,
        "calm_since": risk.calm_since,
        "calm_worst": risk.calm_worst.value,
        "reasons": [
            [r.criterion, r.value, r.threshold, r.document, r.level.value, r.is_confirmed, r.at]
            for r in risk.reasons
        ],
    }


def _risk_of(document: Document) -> Risk:
    return Risk(
        level=LEVELS[document["level"]],
        since=document["since"],
        ruleset=document["ruleset"],
        baseline=LEVELS[document["baseline"]],
        signs=LEVELS[document["signs"]],
        reasons=tuple(Reason(r[0], r[1], r[2], r[3], LEVELS[r[4]], r[5], r[6]) for r in document["reasons"]),
        has_danger_sign=document["danger"],
        calm_since=document["calm_since"],
        calm_worst=LEVELS[document["calm_worst"]],
    )


def _doubt(doubt: Doubt) -> Document:
    return {
        "report": doubt.report_id,
        "at": doubt.at,
        "codes": list(doubt.codes),
        "level": doubt.level.value,
        "until": doubt.until,
        "waiting": [[code, level.value] for code, level in doubt.waiting],
        "unanswered_at": doubt.unanswered_at,
    }


def _doubt_of(document: Document) -> Doubt:
    return Doubt(
        report_id=document["report"],
        at=document["at"],
        codes=tuple(document["codes"]),
        level=LEVELS[document["level"]],
        until=document["until"],
        waiting=tuple((code, LEVELS[level]) for code, level in document["waiting"]),
        unanswered_at=document["unanswered_at"],
    )


patient_to_document = Fields[Patient](
    {
        "id": as_it_is("person_id"),
        "area": written("area", lambda area: [area.commune_code, area.district_code, area.province_code]),
        "profile": written("profile", _profile),
        "origin": written("origin", str),
        "declared_at": as_it_is("declared_at"),
        "tested_on": written("tested_on", date.isoformat),
        "care": written("care", str),
        "risk": written("risk", _risk),
        "missed": as_it_is("missed_in_a_row"),
        "episode": as_it_is("episode"),
        "sealed": as_it_is("sealed"),
        "blind": written("blind", list),
        "guardians": written("guardian_ids", list),
        "history": written("history", _steps),
        "readings": growing("readings", list, READINGS_CAP),
        "rank": written("risk", lambda risk: risk.level.rank),
        "open": written("care", lambda care: care not in CLOSED),
        "heard": Field(("last_report_at", "declared_at"), heard_at),
        "onset_on": written("onset_on", date.isoformat),
        "carer": as_it_is("carer_id"),
        "found": written("carer_reason", lambda reason: reason or None),
        "doubt": written("doubt", _doubt),
        "first_spo2": as_it_is("first_spo2_percent"),
        "last_at": as_it_is("last_report_at"),
        "due_at": as_it_is("next_due_at"),
        "closed_on": written("closed_on", date.isoformat),
        "source": written("source", lambda source: source or None),
        "journey": written("journey", lambda sequence: sequence or None),
        "forgotten_on": written("forgotten_on", date.isoformat),
        **HANDS,
    }
)
"""A patient's record as BSON values; what is not known is left out."""
