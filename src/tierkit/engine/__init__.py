"""Pure functions from facts and rules to points and standings."""
