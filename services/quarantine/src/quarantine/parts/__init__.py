"""What the service is put together from, besides its files and declarations."""
