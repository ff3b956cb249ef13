"""Parts of a service for its routes: what `app.py` put on the shelf, a route takes by name."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Depends, Request


def provided(part: str) -> Any:
    """
    Hand a route the *part* that the composition root provided.

    Written as a type: `CaseWork = Annotated[Work[Case, Protocols], provided("work")]`.
    """

    def maker() -> Callable[[Request], Awaitable[Any]]:
        async def take(request: Request) -> Any:
            return request.app.state.parts[part]

        return take

    return Depends(maker())
