"""`python -m alerting api|worker|all`."""

import sys

from alerting.app import build
from alerting.settings import AlertingSettings
from common.service import main

if __name__ == "__main__":
    sys.exit(main(build, AlertingSettings))
