"""The folder `schemas/`: written from contracts and catalogue, guarded against breaking changes."""
