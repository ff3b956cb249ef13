"""Property tests have no limit of time per example: on a busy machine it would only be noise."""

from hypothesis import settings

settings.register_profile("la-chan", deadline=None)
settings.load_profile("la-chan")
