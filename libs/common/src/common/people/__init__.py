"""People as they arrive on a form: papers, phones, names and birth dates that can be true."""
