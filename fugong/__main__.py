"""`python -m fugong` is the console command `fugong`."""

import sys

from fugong.config.cli import main

if __name__ == "__main__":
    sys.exit(main())
