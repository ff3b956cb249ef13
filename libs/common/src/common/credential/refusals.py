"""Why a text is not accepted as a document of ours. One word per reason, the same in every verifier."""

from enum import StrEnum


class Reason(StrEnum):
    """First check that failed. The words are shared with the JavaScript verifier and its vectors."""

    FOREIGN = "foreign"
    """No document of this kind: another prefix, an address, any other text."""
    TOO_LONG = "too-long"
    DAMAGED = "damaged"
    """Base45, CBOR or COSE frame is not exactly what our issuer writes."""
    UNKNOWN_KEY = "unknown-key"
    KEY_REVOKED = "key-revoked"
    KEY_NOT_YET = "key-not-yet"
    KEY_EXPIRED = "key-expired"
    WRONG_ALGORITHM = "wrong-algorithm"
    BAD_SIGNATURE = "bad-signature"
    BAD_CLAIMS = "bad-claims"
    """The signature is right and the content is not: the issuer is at fault, or its key is stolen."""
    ISSUED_IN_FUTURE = "issued-in-future"
    OUTSIDE_KEY_PERIOD = "outside-key-period"
    KEY_NOT_ALLOWED = "key-not-allowed"
    LIST_EXPIRED = "list-expired"
    LIST_ROLLED_BACK = "list-rolled-back"
    LIST_GAP = "list-gap"
    """A change of a list that does not follow on the list it is to change."""


class Unverifiable(Exception):
    """Nothing in the text may be believed or shown."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
