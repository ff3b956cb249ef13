"""A province in a box: it acts only through the public APIs, as its people would, and knows the truth."""
