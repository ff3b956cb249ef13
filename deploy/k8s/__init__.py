"""Kubernetes manifests: what repeats is written from the catalogue of topics and one table of services."""
