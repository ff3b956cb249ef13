"""
How well each rule works on the simulator: sensitivity and false alerts, kept beside the rules.

`python -m tests.load.accuracy` measures and writes the file; a check refuses one that is older than the
rules it is about. It is a test bed, not clinical evidence.
"""

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from common.rules import RuleFileInvalid

FILE = Path("risk") / "accuracy" / "simulated.json"


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Measured(_Kept):
    """
    One rule, applied in one way, to simulated people who were watched at home.

    Shares are between 0 and 1; empty where too few fell ill to tell.
    """

    rules: str
    """The version of the rule file, or of all in force together."""
    way: str
    """
    `literal`: one reading is enough. `remeasured`: it is measured again. `service`: as this service does,
    `unheard`: the same without the rules on silence.
    """
    sensitivity: float | None
    """Share of the severe with a call by a day after the turn; those who never declare count too."""
    sensitivity_declaring: float | None
    """The same, of those who declare on most days."""
    before_turn: float | None
    """Share of those who declare on most days, called before saturation truly fell below 92 %."""
    false_per_100: float | None
    """Calls of a doctor for well adults, per 100 of their declarations."""
    well_ever: float | None
    """Share of well adults for whom a doctor was called at least once in the days watched."""
    children_false_per_100: float | None
    children_ever: float | None
    """The same of well children."""


class Accuracy(_Kept):
    """What was measured, on whom, with which rules (*inputs* is a digest of them)."""

    inputs: str
    seed: int
    days: int
    severe: int
    well: int
    children: int
    declarations: int
    rows: tuple[Measured, ...]
    quick: tuple[Measured, ...]
    """The same on few people: what the check measures again."""


def read_accuracy(folder: Path) -> Accuracy | None:
    """Read what was measured below *folder*; None where nobody has measured. Raises `RuleFileInvalid`."""
    file = folder / FILE
    if not file.is_file():
        return None
    try:
        return Accuracy.model_validate(json.loads(file.read_text("utf-8")))
    except (ValueError, ValidationError) as fault:
        raise RuleFileInvalid(f"{file.name}: {fault}") from None
