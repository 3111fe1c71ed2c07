"""Values and rules as pure functions: no network, no broker, no database, no clock."""
