"""Parts of the composition: each makes what belongs together and says what the service gets of it."""
