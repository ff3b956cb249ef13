"""Names that follow from a consumer group's name, and the headers of its dead letters."""

DEAD_LETTERS = ".dlq"
RETRIES = ".retry"


def dead_letters_of(group: str) -> str:
    """Return the topic that keeps what *group* could not apply."""
    return group + DEAD_LETTERS


def retries_of(group: str) -> str:
    """Return the topic through which dead letters of *group* come back."""
    return group + RETRIES
