"""Real recordings replayed through the flows: each file's own stations, units and time.

The files are not part of this repository; `PHUSA_DATA` or `phusa demo --data` names their folder.
"""
