"""For every test: property tests have no limit of time per example, which on a busy machine would only be noise."""

from hypothesis import settings

settings.register_profile("la-chan", deadline=None)
settings.load_profile("la-chan")
