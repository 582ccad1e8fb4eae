"""French news in, an event database out."""
