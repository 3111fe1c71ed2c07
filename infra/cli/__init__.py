"""The command `phusa`."""
