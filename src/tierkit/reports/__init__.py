"""How results are told: explanations, tables, HTML and JSON."""
