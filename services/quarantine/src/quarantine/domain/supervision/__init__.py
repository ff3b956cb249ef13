"""Giám sát cách ly: random check-ins, the ladder of what is missed, help, and breaches to follow up."""
