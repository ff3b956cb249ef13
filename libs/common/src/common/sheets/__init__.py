"""Lists that people keep in Excel: reading what they really fill in, and giving it back with answers."""
