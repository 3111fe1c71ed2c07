"""Drawing by eye what a net shall learn: polygons of water in photographs that stay outside the repository."""
