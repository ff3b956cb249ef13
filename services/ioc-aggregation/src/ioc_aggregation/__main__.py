"""`python -m ioc_aggregation api|worker|all`; `totals` and `replay` check the figures against the log."""

import sys

from common.service import main
from ioc_aggregation.app import build, rebuild
from ioc_aggregation.settings import IocSettings

if __name__ == "__main__":
    if sys.argv[1:2] in (["totals"], ["replay"]):
        sys.exit(rebuild.main(sys.argv[1:]))
    sys.exit(main(build, IocSettings))
