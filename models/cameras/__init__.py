"""What the flow cameras judges: what is seen and counted, who cannot see, who is silent."""
