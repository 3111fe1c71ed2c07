"""SMS by eSMS."""
