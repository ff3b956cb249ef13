"""HTTP bodies: `requests` asked and `intake` taking them, `case` and `answers` told by the `desk`."""
