"""What is made of a zone of a picture, an analytic a module; registry.py names each, models/catalogue/analytics.py has its words."""
