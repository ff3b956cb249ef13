"""The parts that every fact on the bus is made of."""

from typing import Annotated, ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

Id = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^\S+$")]
"""An opaque identifier: pseudonym of a person, permit, report, checkpoint, member of staff."""
Code = Annotated[str, StringConstraints(max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/+-]*$")]
"""A word of an open vocabulary (reason, symptom, rule set). No spaces: prose could carry a name."""
Document = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""The official document that a number or an order comes from, such as 3646/QĐ-BYT."""
CommuneCode = Annotated[str, StringConstraints(pattern=r"^\d{5}$")]
DistrictCode = Annotated[str, StringConstraints(pattern=r"^\d{3}$")]
AreaCode = Annotated[str, StringConstraints(pattern=r"^(\d{2}|\d{3}|\d{5})$")]
"""Province (2 digits), district (3) or commune (5)."""
Instant = AwareDatetime
"""A moment, written in UTC; fields end in `_at`. Days are Vietnamese local days, `_on`."""


class Payload(BaseModel):
    """
    Body of one kind of fact.

    Subclasses set *type* (`<service>.<fact>.v<major>`), *topic* and *key* (the field whose value is
    the event's subject and the record's key). *sequenced* is false for append-only records, whose
    sequence says nothing about the order of other records of the same subject.
    Unknown fields are ignored, so that an owner may add optional ones.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    type: ClassVar[str]
    topic: ClassVar[str]
    key: ClassVar[str]
    sequenced: ClassVar[bool] = True

    @property
    def subject(self) -> str:
        """Id that keys this fact on the bus."""
        return str(getattr(self, self.key))


class PersonFact(Payload):
    """A fact about one person, with the commune and district that the person is looked after by."""

    key: ClassVar[str] = "person_id"

    person_id: Id
    commune_code: CommuneCode
    district_code: DistrictCode
