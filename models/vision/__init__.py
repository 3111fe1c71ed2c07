"""Pictures: frames, detections, zones, the health of a camera."""
