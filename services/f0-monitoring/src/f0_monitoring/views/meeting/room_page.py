"""The page of the room: camera and microphone are allowed here and nowhere else in this service."""

import re
from dataclasses import replace
from pathlib import Path

from fastapi.responses import HTMLResponse

from common.web.pages import PageSettings, page

_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?|\[[0-9a-fA-F:]{2,45}\](:\d{1,5})?")


class RoomPage:
    """Serves the page with what its policy must allow."""

    def __init__(self, file: Path, settings: PageSettings) -> None:
        self._file = file
        self._settings = replace(settings, devices=("camera", "microphone"))

    def answer(self, scheme: str, host: str) -> HTMLResponse:
        """
        Return the page as it is reached under *host*.

        The live line is named in the policy: browsers of before 2022 do not count wss: as 'self'.
        """
        live = "ws" if scheme == "http" else "wss"
        origins = (f"{live}://{host}",) if _HOST.fullmatch(host) else ()
        return page(self._file, replace(self._settings, connect=(*self._settings.connect, *origins)))
