"""Quarantine as pure functions: who must stay, until when, what is owed each day, how it ends."""
