"""
Copies the page libraries that `npm ci` installed to where pages load them from.

`python -m common.web.vendor node_modules` copies exactly the files below, each package with its
licence, and fails when one is missing. Nothing of it is committed.
"""

import shutil
import sys
from pathlib import Path

VENDOR = Path(__file__).parent / "static" / "vendor"

_FACES = [f"{part}-{weight}" for part in ("latin", "vietnamese") for weight in (400, 600, 800)]
FILES: dict[str, dict[str, str]] = {
    "preact": {"dist/preact.mjs": "preact.mjs", "hooks/dist/hooks.mjs": "hooks.mjs"},
    "htm": {"dist/htm.module.js": "htm.module.js"},
    "uplot": {"dist/uPlot.esm.js": "uPlot.esm.js", "dist/uPlot.min.css": "uPlot.min.css"},
    "@fontsource/be-vietnam-pro": {
        f"files/be-vietnam-pro-{face}-normal.woff2": f"be-vietnam-pro-{face}-normal.woff2" for face in _FACES
    },
    "zxing-wasm": {
        "dist/es/reader/index.js": "es/reader/index.js",
        "dist/es/share.js": "es/share.js",
        "dist/reader/zxing_reader.wasm": "zxing_reader.wasm",
    },
}
"""npm package -> {file in the package: file under vendor/<package without scope>}."""
_LICENCES = ("LICENSE", "LICENSE.md", "LICENSE.txt", "license")


def copy_all(modules: Path, target: Path = VENDOR) -> list[Path]:
    """Copy every file of `FILES` from *modules*; return what was written. Raises FileNotFoundError."""
    written = []
    for package, files in FILES.items():
        source, folder = modules / package, target / package.rpartition("/")[2]
        licence = next(name for name in _LICENCES if (source / name).exists() or name == _LICENCES[-1])
        wanted = {**files, licence: "LICENSE"} if (source / licence).exists() else files
        for origin, name in wanted.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / origin, folder / name)
            written.append(folder / name)
    return written


if __name__ == "__main__":
    copied = copy_all(Path(sys.argv[1] if len(sys.argv) > 1 else "node_modules"))
    print(f"{len(copied)} files in {VENDOR}")  # noqa: T201
