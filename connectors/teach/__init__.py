"""Teaching a camera its place: pictures of it, the page on which a person draws and labels, and what was learned in the store."""
