"""The unit of work: commands in, batches out. See docs/decisions/0001."""
