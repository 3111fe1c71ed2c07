"""What is said of each place: its state and one sentence, made once, the same on every screen, page, message and report."""
