"""Messages to a service of the commune's own, by signed calls."""
