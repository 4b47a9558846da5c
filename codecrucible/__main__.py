"""`python -m codecrucible` is the command `crucible`."""

import sys

from codecrucible.harness.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
