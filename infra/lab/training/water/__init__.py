"""How the repository's own water net was made: `phusa train water`."""
