"""What a flow remembers between two runs: where its recovery stores lie, whose they are, how they are moved."""
