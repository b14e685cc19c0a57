"""``python -m registry.cli`` is ``onward``."""

import sys

from registry.cli import main

if __name__ == "__main__":
    sys.exit(main())
