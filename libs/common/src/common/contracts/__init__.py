"""
What the services tell each other: one module of facts per owning service.

Imports the standard library, pydantic and `common.kernel` only. The owner alone changes its module;
`make schemas` then regenerates `schemas/`, and `make schemas-check` refuses a breaking change.
"""
