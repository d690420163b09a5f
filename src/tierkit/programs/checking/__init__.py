"""Checking a draft as a whole: what is wrong in it, and what can hardly be meant."""
