"""Mechanics and contracts shared by the five services; no rule of any service lives here."""
