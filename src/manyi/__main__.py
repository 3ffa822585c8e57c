"""``python -m manyi`` is the command ``manyi``."""

import sys

from manyi.cli import main

sys.exit(main())
