"""Words of the form that a declaration is filled in on."""

from enum import StrEnum


class DeclaredBy(StrEnum):
    """Who filled in a declaration."""

    SELF = "self"
    RELATIVE = "relative"
    OFFICER = "officer"


class Consciousness(StrEnum):
    """ACVPU scale of NEWS2."""

    ALERT = "alert"
    CONFUSED = "confused"
    VOICE = "voice"
    PAIN = "pain"
    UNRESPONSIVE = "unresponsive"


class Origin(StrEnum):
    """Who declared the patient."""

    OFFICER = "officer"
    CONTACT = "contact"
    SELF = "self"
