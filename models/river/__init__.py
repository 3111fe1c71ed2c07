"""River, rain and streets: alarm levels, the time to the next one, rain sums, floods, and the witnesses of a flood."""
