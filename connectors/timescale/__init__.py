"""TimescaleDB: sinks, outbox, frames."""
