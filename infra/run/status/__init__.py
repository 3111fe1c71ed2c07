"""`phusa status`: gather what is, and draw it for people.

gather.py  asks supervisor, store, Kafka; names the troubles of the platform
words.py   names and counts in words: pure
draw.py    80 columns, first what is wrong
"""
