"""The report of an event: one document, written as HTML and as PDF."""
