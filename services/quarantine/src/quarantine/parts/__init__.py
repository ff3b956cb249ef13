"""What the service is made of, part by part; `app` puts the parts together."""
