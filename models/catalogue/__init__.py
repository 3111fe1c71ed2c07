"""What everybody agrees on and every room may ask: for now the units, later the whole catalogue. It imports nothing of ours."""
