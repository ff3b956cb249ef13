"""Text messages to people without an app: their words, and the loop that takes them to the gateway."""
