"""`python -m permit api|worker|all`."""

import sys

from common.service import main
from permit.app import build
from permit.settings import PermitSettings

if __name__ == "__main__":
    sys.exit(main(build, PermitSettings))
