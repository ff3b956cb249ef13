"""Words every domain may use. Imports the standard library only."""
