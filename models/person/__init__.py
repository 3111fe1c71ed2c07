"""What a person measured with a test kit, and wrote into a form."""
