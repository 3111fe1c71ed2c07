"""Does a camera see? Healthy clips, what befalls them, and what is told of it."""
