"""The HTTP door: problems, sign-in, idempotency, streams, the application itself."""
