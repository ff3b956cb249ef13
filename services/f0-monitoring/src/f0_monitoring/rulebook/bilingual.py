"""What every dated rule of this service must say of itself, in both languages, with how sure we are of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from common.rules import Confidence, DatedRules

if TYPE_CHECKING:
    from f0_monitoring.rulebook import CriteriaFile

Said = Annotated[str, StringConstraints(min_length=2, strip_whitespace=True)]
BEFORE_MEASURING = (
    "Trước khi đo: theo tuổi, bệnh nền, tiêm chủng",
    "Before any measurement: age, diseases, vaccination",
)


class Noted(BaseModel):
    """A row of a rule file. Its note, if any, is said in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    note: str = ""
    note_vi: str = ""

    @model_validator(mode="after")
    def _is_noted_in_both_languages(self) -> Self:
        if bool(self.note) is not bool(self.note_vi):
            raise ValueError("note and note_vi belong together: what is said in one language is said in both")
        return self


class BilingualRules(DatedRules):
    """
    A dated file with its document, how sure we are of it, and its words in both languages.

    *replaced_by* names the version that takes over on the day after *effective_to*.
    """

    title: Said
    title_en: Said
    document: Said
    confidence: Confidence
    note: Said
    note_vi: Said
    replaced_by: str = ""

    @model_validator(mode="after")
    def _is_dated_in_order(self) -> Self:
        if self.document_date is not None and self.document_date > self.effective_from:
            raise ValueError("effective_from is before the day of the document")
        if bool(self.replaced_by) is not (self.effective_to is not None):
            raise ValueError("effective_to and replaced_by belong together: name what takes over")
        if self.confidence is not Confidence.VERIFIED and not self.to_be_confirmed:
            raise ValueError("a document whose text was not read must say to_be_confirmed: true")
        return self


@dataclass(frozen=True, slots=True)
class Wording:
    """What people read for a criterion, and how sure we are of its number."""

    label: str
    meaning: str
    label_en: str
    meaning_en: str
    threshold_en: str = ""
    """The threshold in English where it is words; empty where it is a comparison or the same."""
    confidence: Confidence = Confidence.MEMORY


class Dictionary:
    """The words of every criterion: by its code, and by its code in one document."""

    def __init__(self, files: Iterable["CriteriaFile"]) -> None:
        self._by_document: dict[tuple[str, str], Wording] = {}
        for file in files:
            for person in file.people:
                meaning, meaning_en = BEFORE_MEASURING
                self._by_document[person.code, file.document] = Wording(
                    person.label, meaning, person.label_en, meaning_en, person.threshold_en, person.confidence
                )
            for sign in file.signs:
                self._by_document[sign.code, sign.document or file.document] = Wording(
                    sign.label,
                    sign.meaning,
                    sign.label_en,
                    sign.meaning_en,
                    "present" if sign.any_of else "",
                    sign.confidence,
                )

    def by_code(self) -> Mapping[str, Wording]:
        """Return the words of each code; those of the newest document where several have it."""
        return {code: words for (code, _), words in self._by_document.items()}

    def of(self, code: str, document: str) -> Wording | None:
        """Return the words of a criterion as *document* has it; None for one that is no longer known."""
        return self._by_document.get((code, document))
