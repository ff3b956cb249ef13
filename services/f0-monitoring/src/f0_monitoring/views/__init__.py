"""HTTP bodies: `requests` asked and `intake` taking them, `record` and `answers` told by the `desk`."""
