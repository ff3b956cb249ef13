"""
Make a token for a laptop: `python -m common.oidc_local token --role doctor --area 164`.

Not for production: whoever can read the key file can be anybody.
"""

import argparse
import os
import sys
from pathlib import Path

from common.http.auth import ROLES
from common.oidc_local.minting import AUDIENCE, DEFAULT_ISSUER, TOKEN_SECONDS, Minter

DEFAULT_KEY_FILE = ".lachan/oidc-key.json"


def main(arguments: list[str] | None = None) -> int:
    """Print a token, or say what is missing."""
    given = _parser().parse_args(arguments)
    try:
        minter = Minter.from_file(given.key_file, issuer=given.issuer, audience=given.audience)
        token = minter.token(
            given.role,
            given.area,
            subject=given.subject,
            name=given.name,
            person_id=given.person_id,
            seconds=given.seconds,
        )
    except ValueError as fault:
        print(fault, file=sys.stderr)
        return 2
    print(token)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m common.oidc_local", description="Local sign-in, laptops only"
    )
    token = parser.add_subparsers(required=True).add_parser("token", help="print an access token")
    token.add_argument("--role", action="append", required=True, choices=ROLES)
    token.add_argument("--area", action="append", default=[], help="commune, district or province code")
    token.add_argument("--person-id", help="needed for a citizen")
    token.add_argument("--subject", default="")
    token.add_argument("--name", default="")
    token.add_argument("--seconds", type=int, default=TOKEN_SECONDS)
    key_file = Path(os.environ.get("LACHAN_OIDC_KEY_FILE", DEFAULT_KEY_FILE))
    token.add_argument("--key-file", type=Path, default=key_file)
    token.add_argument("--issuer", default=os.environ.get("LACHAN_OIDC_ISSUER", DEFAULT_ISSUER))
    token.add_argument("--audience", default=os.environ.get("LACHAN_OIDC_AUDIENCE", AUDIENCE))
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
