"""`python -m f0_monitoring api|worker|all`."""

import sys

from common.service import main
from f0_monitoring.app import build
from f0_monitoring.settings import F0MonitoringSettings

if __name__ == "__main__":
    sys.exit(main(build, F0MonitoringSettings))
