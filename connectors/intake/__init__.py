"""Ways in besides MQTT: files of official stations, forms of persons."""
