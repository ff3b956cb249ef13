"""Photos of check-ins, put together."""

from common.service import Runtime
from quarantine.ports.photos import Photos
from quarantine.routes import photos as routes
from quarantine.store.photos import MongoPhotos
from quarantine.views.supervision.photos import BODY_BYTES, PATH

ROUTERS = (routes.router,)
LARGE_BODIES = {PATH: BODY_BYTES}


def in_mongo(runtime: Runtime) -> Photos:
    """Keep them in the service's database."""
    return MongoPhotos(runtime.database)
