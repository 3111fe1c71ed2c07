"""A storm day on the Bồ, with its truth."""
