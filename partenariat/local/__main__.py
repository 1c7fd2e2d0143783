"""`python -m partenariat.local run`, `… exec [--test|--bench] -- COMMAND`, `… chromium`."""

import argparse
import os
import signal
import subprocess
import sys

from .services import services


def main() -> int:
    parser = argparse.ArgumentParser(prog="partenariat.local")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="start the whole platform")
    commands.add_parser("chromium", help="install Debian's Chromium where it is missing")
    execute = commands.add_parser("exec", help="run a command beside the embedded services")
    execute.add_argument("--test", action="store_const", const="test", dest="name", default="run")
    execute.add_argument("--bench", action="store_const", const="bench", dest="name")
    execute.add_argument("argv", nargs=argparse.REMAINDER)
    options = parser.parse_args()

    # A TERM must stop the services too, which a plain exit does and a default TERM does not.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if options.command == "run":
        from .launcher import run

        return run()
    if options.command == "chromium":
        from .chromium import ensure_chromium

        return ensure_chromium()
    return run_beside_services(options.name, [arg for arg in options.argv if arg != "--"])


def run_beside_services(name: str, argv: list[str]) -> int:
    """Run `argv` with the services of `var/<name>` up; its own exit status is the answer."""
    settings = "partenariat.settings.test" if name == "test" else "partenariat.settings.dev"
    with services(name) as env:
        process = subprocess.Popen(argv, env={**os.environ, **env, "DJANGO_SETTINGS_MODULE": settings})
        try:
            return process.wait()
        except KeyboardInterrupt:
            return process.wait()
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
