"""Quarantine of contacts and entrants (cách ly y tế)."""
