"""HTTP bodies: what people send, and what they see."""

from typing import Annotated, Literal

from pydantic import Field

from alerting.views.alert import AlertView, NoteView
from alerting.views.readers import marks_of, readers_of
from alerting.views.summary import SummaryView, summary
from common.http.bodies import Body

__all__ = [
    "AlertView",
    "NoteView",
    "ResolveBody",
    "SummaryView",
    "TakeBody",
    "marks_of",
    "readers_of",
    "summary",
]

NoteText = Annotated[str, Field(max_length=500)]


class TakeBody(Body):
    """Tôi nhận, with an optional note for whoever comes next."""

    note: NoteText = ""


class ResolveBody(Body):
    """Handled, or a false alarm, with what was done."""

    resolution: Literal["handled", "false_alarm"]
    note: NoteText = ""
