"""What readers see: the board in memory, its live stream, and the bodies of the API."""
