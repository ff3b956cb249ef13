"""What a fact is worth under the rules: a table per kind, silence and fraud by their own scale."""

from typing import Final

from alerting.domain.course import Word
from alerting.domain.model import Kind, Severity
from alerting.domain.rules import AlertRules

TABLES: Final[dict[Kind, tuple[str, Severity | None]]] = {
    Kind.RISK_RISING: ("risk", None),
    Kind.QUARANTINE_BREACHED: ("breach", Severity.WARNING),
    Kind.PERMIT_FORGED: ("forgery", None),
    Kind.PERMIT_FLAGGED: ("flags", None),
    Kind.CARE_UNCOVERED: ("cover", Severity.WARNING),
    Kind.KNOCK_ASKED: ("knock", Severity.WARNING),
    Kind.SELF_DECLARED: ("overdue", None),
    Kind.STOCK_LOW: ("stock", Severity.WARNING),
    Kind.TRANSFER_OVERDUE: ("transfer", Severity.WARNING),
    Kind.SUPERVISION_CLIMBED: ("rungs", None),
    Kind.SYSTEM_TROUBLE: ("trouble", None),
    Kind.CHANNEL_DEAD: ("channels", Severity.WARNING),
    Kind.SOURCE_SILENT: ("sources", None),
    Kind.COMMUNE_SILENT: ("communes", None),
}
"""Which table of the rules a kind is looked up in, and what a code is worth that the table does not list."""


def asked_by(kind: Kind, word: Word, rules: AlertRules) -> Severity | None:
    """Return how urgent *word* is for a condition of *kind*; None: it calls nobody."""
    if kind in (Kind.PATIENT_SILENT, Kind.CONTACT_SILENT):
        return rules.silence(word.code, word.missed)
    if kind is Kind.PERMIT_FLAGGED:
        return rules.flag(word.signals)
    table, otherwise = TABLES[kind]
    found: Severity | None = getattr(rules, table).get(word.code, otherwise)
    return found
