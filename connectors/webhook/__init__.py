"""Calls from outside: receipts of the message gateways."""
