"""The watch list: permits at which a checkpoint looks at the paper with care. A hint, never a refusal."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Flag:
    """One reason to look with care; scanners are told only that there is one."""

    permit_id: str
    reason: str
    """Code of the signal, such as `impossible-travel`."""
    put_at: datetime
