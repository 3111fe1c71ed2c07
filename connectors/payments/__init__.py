"""The endpoint on which the payment providers tell of payments."""
