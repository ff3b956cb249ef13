"""`python -m ioc_aggregation api|worker|all`; `totals`, `replay`, `check`, `rebuild`: see `app.rebuild`."""

import sys

from common.service import main
from ioc_aggregation.app import build, rebuild
from ioc_aggregation.settings import IocSettings

if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in rebuild.COMMANDS:
        sys.exit(rebuild.main(sys.argv[1:]))
    sys.exit(main(build, IocSettings))
