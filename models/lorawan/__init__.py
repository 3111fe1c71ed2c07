"""Uplinks of LoRaWAN devices as ChirpStack v4 publishes them: bytes in, readings and refusals out."""
