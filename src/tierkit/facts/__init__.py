"""What happened or holds: facts, the book that collects them, and the readers of files."""
