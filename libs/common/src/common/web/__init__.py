"""The shell that all pages share: colours, sign-in, live stream, offline outbox, texts, charts."""
