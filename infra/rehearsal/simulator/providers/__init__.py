"""What each payment provider sends, rightly signed: the module of its code (models/payments/providers/registry.py)."""
