"""Worked examples: published or computed by hand, kept as data, run against a program."""
