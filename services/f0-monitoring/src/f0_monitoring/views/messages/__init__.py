"""Text messages to people without an app: to whom they go and what they say."""
