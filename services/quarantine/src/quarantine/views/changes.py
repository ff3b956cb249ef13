"""What people ask and get back about a change of protocols."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from pydantic import BaseModel, Field

from common.http.bodies import Body
from common.kernel.errors import DomainError
from common.work.model import Errand, Result
from quarantine.domain.outlook import Effect
from quarantine.domain.protocols import Protocol
from quarantine.domain.rules import QuarantineRules
from quarantine.views.requests import PersonIdText

MOST_AT_ONCE = 200


class SeenBody(Body):
    """Một hồ sơ trong bản xem trước, và ngày kết thúc mới đã xem."""

    person_id: PersonIdText
    ends_on: date = Field(description="Ngày kết thúc mới trong bản xem trước")


class ApplyBody(Body):
    """Áp dụng quy định đang có hiệu lực cho những hồ sơ đã xem."""

    cases: list[SeenBody] = Field(min_length=1, max_length=MOST_AT_ONCE)


class AppliedView(BaseModel):
    """What became of one file: moves, ends, unchanged, kept, unjudged; or a refusal that says why."""

    person_id: str
    effect: Effect | None
    ends_on: date | None
    refused: str = ""
    """Why it was not changed, in Vietnamese."""

    @classmethod
    def of(cls, person_id: str, result: Result) -> "AppliedView":
        """Build from the result of the command; a decision that broke is raised."""
        if isinstance(result.error, DomainError):
            return cls(person_id=person_id, effect=None, ends_on=None, refused=result.error.detail)
        if result.error is not None:
            raise result.error
        return cls.model_validate({**result.answer, "person_id": person_id})


class AppliedListView(BaseModel):
    """What became of each file."""

    items: list[AppliedView]

    @classmethod
    def of(cls, errands: Iterable[Errand], results: Iterable[Result]) -> "AppliedListView":
        """Build from what was asked and what came of it."""
        pairs = zip(errands, results, strict=True)
        return cls(items=[AppliedView.of(errand.command.person_id, result) for errand, result in pairs])


class DocumentView(BaseModel):
    """A dated document, in short."""

    code: str
    document: str
    title: str
    signed_on: date | None

    @classmethod
    def of(cls, protocol: Protocol) -> "DocumentView":
        """Build from the rules."""
        document = protocol.document
        return cls(
            code=protocol.code,
            document=document.number,
            title=document.title,
            signed_on=document.signed_on,
        )


class EffectsView(BaseModel):
    """How many open stays would be moved, ended at once, kept, not judged, left unchanged."""

    moves: int
    ends: int
    kept: int
    unjudged: int
    unchanged: int

    @classmethod
    def of(cls, effects: Counter[Effect]) -> "EffectsView":
        """Build from the tally."""
        return cls(**{effect.value: effects[effect] for effect in Effect})


class CommuneEffectsView(EffectsView):
    """The same, of one commune."""

    commune_code: str
    commune_name: str


class DecidingView(DocumentView):
    """A document and how many open stays it would change."""

    cases: int

    @classmethod
    def all_of(cls, rules: QuarantineRules, regimes: Counter[str]) -> "list[DecidingView]":
        """Build from a tally by regime, the document that changes most first."""
        documents: Counter[str] = Counter()
        known = {}
        for code, cases in regimes.items():
            if found := rules.find(code):
                documents[found[0].code] += cases
                known[found[0].code] = found[0]
        return [
            cls(**DocumentView.of(known[code]).model_dump(), cases=cases)
            for code, cases in documents.most_common()
        ]


class PreviewView(BaseModel):
    """
    Thay đổi quy định: what the documents of *day* would change at its first minute.

    *starting* and *ceasing* compare with the documents of today; *deciding* are those that change something.
    """

    day: date
    applies_at: datetime
    protocol: str | None
    starting: list[DocumentView]
    ceasing: list[DocumentView]
    deciding: list[DecidingView]
    counts: EffectsView
    communes: list[CommuneEffectsView]
    text: str
    can_apply: bool
    as_of: datetime
