"""The figures of the province for its operations centre (IOC)."""
