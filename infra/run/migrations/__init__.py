"""The database's schema, step by step, at three levels of what the server can do."""
