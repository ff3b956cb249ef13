"""Orders and certificates on paper: drawn, signed, verified."""
