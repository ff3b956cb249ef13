"""Facts in and out of Kafka: batch consumer, dead letters, retry, topics."""
