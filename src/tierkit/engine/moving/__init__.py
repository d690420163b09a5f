"""How the tier that is held moves: the walk along time, and what is decided on the way."""
