"""Writing a program as a file: as the plain tables that a reader of the file would get, and these as TOML."""
