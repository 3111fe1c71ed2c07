"""MQTT: the stations' way in."""
