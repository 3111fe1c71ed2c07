"""The payment providers, a module each; registry.py has a row for each of them."""
