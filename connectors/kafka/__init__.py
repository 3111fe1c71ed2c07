"""Kafka: own source and sink, topics."""
