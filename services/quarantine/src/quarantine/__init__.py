"""
Quarantine (cách ly y tế): who must stay where, until when, what they owe each day, how it ends.

Not here: the care of F0 (f0-monitoring), permits (permit), who is told (alerting).
"""
