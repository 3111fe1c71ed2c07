"""Payments: events, VietQR, matching, ledger."""
