"""The contracts as files for others: JSON Schema of the commune's YAML, AsyncAPI of the topics."""
