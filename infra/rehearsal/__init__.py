"""A commune that does not exist: simulator, gateway, demo, recordings."""
