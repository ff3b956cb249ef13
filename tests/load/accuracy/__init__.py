"""How well each risk rule works on the simulator's illnesses: `python -m tests.load.accuracy`."""
