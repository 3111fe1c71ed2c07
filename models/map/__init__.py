"""The commune's own map: an outline, its river, and where things stand; drawn without any server of tiles."""
