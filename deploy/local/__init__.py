"""Runs the whole system on one machine without Docker: a real mongod, a real Apache Kafka, five services."""
