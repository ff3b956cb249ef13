"""MongoDB and what is kept in it: the client, sealed personal data, look-up without clear text."""
