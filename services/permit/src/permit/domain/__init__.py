"""What decides about permits: pure functions and the words they use."""
