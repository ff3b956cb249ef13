"""Alerts that reach a person and are followed up (cảnh báo)."""
