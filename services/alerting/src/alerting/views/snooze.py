"""What somebody asks who puts an alert aside."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from common.http.bodies import Body


class SnoozeBody(Body):
    """Để sau: until when, and why; whoever comes next reads it."""

    until: AwareDatetime
    note: Annotated[str, Field(min_length=1, max_length=500)]
