"""The local stack, the command line, the commune's configuration, the simulator."""
