"""Beyond this machine: real servers that speak TLS and ask for users, and who is refused by them."""
