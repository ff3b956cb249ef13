"""`python -m quarantine api|worker|all`."""

import sys

from common.service import main
from quarantine.app import build
from quarantine.settings import QuarantineSettings

if __name__ == "__main__":
    sys.exit(main(build, QuarantineSettings))
