"""In what a figure is counted, and which version of its definition holds."""

from typing import Final

from ioc_aggregation.domain.metrics import METRICS

_UNITS: Final = {
    "alert_seconds": "giây",
    "reports_missed": "lượt",
    "quarantine_breaches": "lượt",
    "permits_": "giấy",
    "alerts_": "cảnh báo",
    "reports_": "tờ khai",
    "risk_": "lượt",
    "scans": "lượt",
    "f0_": "người",
    "quarantine_": "người",
    "contacts_": "người",
}
"""By name or by its beginning; the first that fits holds."""
_FIRST: Final = 1
_VERSIONS: Final[dict[str, int]] = {}
"""Of the figures whose meaning was changed since they were first published: raise the number here, too."""
PEOPLE: Final = "người"


def unit_of(name: str) -> str:
    """Return the unit of a figure, in Vietnamese; people unless told otherwise."""
    return next((unit for beginning, unit in _UNITS.items() if name.startswith(beginning)), PEOPLE)


def version_of(name: str) -> int:
    """Return the version of a figure's definition; 1 is the first one published."""
    return _VERSIONS.get(name, _FIRST)


def is_known(name: str) -> bool:
    """Tell whether there is such a figure."""
    return name in METRICS
