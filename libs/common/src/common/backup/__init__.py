"""What is needed beside a dump of the databases: the topics, and what remembers places in them."""
