"""The phones of the demo: a gateway that behaves as eSMS and Zalo document."""
