"""What is left of a file when its time is over: days and outcomes for the figures, nobody's name."""

from dataclasses import dataclass, replace
from datetime import date

from common.kernel.decision import Decision
from quarantine.domain.model import Case
from quarantine.domain.standing import ending


@dataclass(frozen=True, slots=True)
class Anonymise:
    """Xóa danh tính: the file's last day lies before *before*."""

    person_id: str
    before: date

    @property
    def aggregate_id(self) -> str:
        """The file's id is the person's."""
        return self.person_id


def anonymise(case: Case | None, command: Anonymise) -> Decision[Case]:
    """
    Forget who it was; nothing is done while the stay is open, care goes on, or days are not over.

    The id stays, a keyed pseudonym, so that a fact that comes late does not make a new file.
    """
    if case is None or case.person is None or case.stay is None:
        return Decision(case)
    if ending(case) is None or case.infection.is_under_care or case.stay.ends_on >= command.before:
        return Decision(case)
    ended = replace(case.stay.ending, by="") if case.stay.ending else None
    stay = replace(case.stay, note="", paper=None, index_person_id="", ordered_by="", ending=ended)
    return Decision(replace(case, person=None, stay=stay, scans=()), timers=())
