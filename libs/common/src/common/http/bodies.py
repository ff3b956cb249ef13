"""The base of request bodies: strict about what it takes, silent about what it was given."""

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """Unknown fields, NaN and infinity are refused; surrounding blanks are dropped."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        str_strip_whitespace=True,
        str_max_length=2_000,
        allow_inf_nan=False,
        hide_input_in_errors=True,
    )
