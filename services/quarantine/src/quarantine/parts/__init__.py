"""Parts of the service, each put together in one module."""
