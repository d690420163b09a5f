"""Make the JSON Schema of program files, by which editors complete and check them.

python scripts/make_program_schema.py            writes docs/reference/program.schema.json
python scripts/make_program_schema.py --check    changes nothing; exits with 1 if the file differs
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SCHEMA = ROOT / "docs" / "reference" / "program.schema.json"
sys.path.insert(0, str(ROOT / "src"))  # the sources beside this script, installed or not

from tierkit.programs.forms.schema import program_schema  # noqa: E402 - it needs the path above


def main() -> int:
    """Write the schema, or check it."""
    parser = argparse.ArgumentParser(description="Make the JSON Schema of program files.")
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit with 1 if the file differs"
    )
    check = parser.parse_args().check
    text = json.dumps(program_schema(), ensure_ascii=False, indent=1) + "\n"
    if SCHEMA.exists() and SCHEMA.read_text(encoding="utf-8") == text:
        return 0
    if check:
        print(f"{SCHEMA} is out of date: run python scripts/make_program_schema.py", file=sys.stderr)
        return 1
    SCHEMA.parent.mkdir(parents=True, exist_ok=True)
    SCHEMA.write_text(text, encoding="utf-8")
    print(f"wrote {SCHEMA}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
