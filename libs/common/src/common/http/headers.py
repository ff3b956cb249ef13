"""Looking one header up without an object for all of them."""

from starlette.types import Scope


def header(scope: Scope, name: bytes) -> str | None:
    """Return the first header *name* (in lower case) of the request of *scope*."""
    for given, value in scope["headers"]:
        if given == name:
            text: str = value.decode("latin-1")
            return text
    return None
