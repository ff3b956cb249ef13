"""What is kept is what was decided; without a server (the queries are told in tests/integration)."""

from dataclasses import replace
from datetime import date

import bson

from common.kernel.decision import TimerFired
from common.kernel.ids import derived_id
from quarantine.domain.commands import NoteDeclaredF0, NoteScan, RecordReport
from quarantine.domain.decide import decide
from quarantine.domain.model import Case, DeclaredBy, OrderPaper
from quarantine.domain.reports import Declarants, record
from quarantine.ports import Search, Worklist
from quarantine.store import (
    case_from_document,
    case_to_document,
    passed,
    report_from_document,
    report_to_document,
)
from quarantine.store.queries import _query

PERSON = "pquarantined"


def through_bson(document):
    """What Mongo gives back: BSON types, milliseconds, aware UTC."""
    options = bson.CodecOptions(tz_aware=True)
    return bson.decode(bson.encode(document), codec_options=options)


def test_a_file_comes_back_as_it_was_kept(quarantined, rules, local):
    case = quarantined(paper=OrderPaper("12/QĐ-UBND", signed_on=date(2021, 8, 2)))
    for command in (
        NoteScan(PERSON, "scan-1", "chot-1", local("2021-08-03T10:00")),
        NoteDeclaredF0(PERSON, 1, local("2021-08-05T09:00")),
    ):
        case = decide(case, command, rules, local("2021-08-05T09:00:00.123456")).state

    assert case_from_document(through_bson(case_to_document(case))) == case


def test_a_file_without_a_stay_is_found_by_nothing(rules, local):
    case = Case(PERSON)

    assert case_to_document(case)["find"] == {}
    assert case_from_document(through_bson(case_to_document(case))) == case


def test_a_file_stays_small(quarantined):
    case = quarantined()
    case = replace(
        case, person=replace(case.person, sealed="s" * 500, blind=tuple("b" * 16 for _ in range(10)))
    )

    assert len(bson.encode(case_to_document(case))) < 2_048


def test_a_declaration_comes_back_with_its_instants(quarantined, officer, rules, local):
    at = local("2021-08-03T08:00")
    command = RecordReport(derived_id("r"), PERSON, officer, DeclaredBy.OFFICER, at, 36.8, 97, ("cough",))
    report = record(Declarants(quarantined()), command, rules, at).state

    document = through_bson(report_to_document(report))
    assert document["reported_at"] == at
    assert report_from_document({**document, "_id": "x", "answer": {}}) == report


def test_a_due_timer_carries_the_declarations_of_its_own_day(local):
    fired = TimerFired(PERSON, "declaration", local("2021-08-03T17:00:20"))
    times = [
        local(t) for t in ("2021-08-02T23:59", "2021-08-03T00:00", "2021-08-03T16:00", "2021-08-04T00:00")
    ]

    assert passed(fired, times).reported == (times[1], times[2])


def test_every_query_is_bound_to_the_areas_of_the_asker():
    for status in (None, *Worklist):
        query = _query(Search(frozenset({"05443"}), date(2021, 8, 3), status))
        assert query["$and"][0] == {"state.find.codes": {"$in": ["05443"]}}
    nowhere = _query(Search(frozenset(), date(2021, 8, 3)))
    assert nowhere["$and"][0] == {"state.find.codes": {"$in": []}}
