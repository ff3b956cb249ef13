"""Statistics of quarantine: folded from our own facts, shown and written down."""
