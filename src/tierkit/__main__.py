"""`python -m tierkit`: the command line."""

import sys

from tierkit.cli import main

if __name__ == "__main__":
    sys.exit(main())
