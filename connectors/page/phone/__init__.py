"""The phone page: what a contact sees behind the link in a message, and how they answer there. The one part of the page that writes."""
