"""What the flow payments judges: each event of a provider is posted once, what is odd is told."""
