"""What an alert is and how it lives. Pure: the standard library and `common.kernel` only."""
