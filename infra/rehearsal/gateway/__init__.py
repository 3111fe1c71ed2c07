"""The outside world in one process: eSMS, Zalo and the phones of the village heads, for demo and tests.

It holds to the contracts that the two services document, errors and receipts included; it sends nothing.
"""
