"""Ways to reach the people of a rung besides the live inbox."""
