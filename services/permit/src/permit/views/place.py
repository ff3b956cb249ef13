"""A place as people read it."""

from pydantic import BaseModel


class PlaceView(BaseModel):
    """A commune, district or province by name."""

    code: str
    name: str
