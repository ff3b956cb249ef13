"""What this service decides, and nothing else: pure functions over frozen data."""
