"""Photos of check-ins, put together."""

from common.service import Runtime
from quarantine.ports import Cases
from quarantine.ports.photos import Photos
from quarantine.ports.supervision import Supervisions
from quarantine.routes import photos as routes
from quarantine.store.photos import MongoPhotos
from quarantine.views.supervision.intake import SupervisionIntake
from quarantine.views.supervision.photos import BODY_BYTES, PATH, PhotoDesk

ROUTERS = (routes.router,)
LARGE_BODIES = {PATH: BODY_BYTES}


def in_mongo(runtime: Runtime) -> Photos:
    """Keep them in the service's database."""
    return MongoPhotos(runtime.database)


def photos_of(
    runtime: Runtime,
    photos: Photos,
    cases: Cases,
    supervisions: Supervisions,
    intake: SupervisionIntake,
) -> PhotoDesk:
    """Put it together."""
    return PhotoDesk(runtime, cases, supervisions, photos, intake)
