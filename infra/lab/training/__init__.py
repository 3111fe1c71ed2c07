"""How the repository's own nets were made, so that anybody can make them again."""
