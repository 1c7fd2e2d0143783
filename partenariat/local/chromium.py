import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    """Path of a Chromium on this machine; `CHROMIUM` in the environment has the last word."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def ensure_chromium() -> int:
    """Install Debian's Chromium if none is there and we may. Returns an exit status."""
    if find_chromium():
        return 0
    if not shutil.which("apt-get") or os.geteuid() != 0:
        print("The browser tests need Chromium: install it, or set CHROMIUM to its path.")
        return 1
    print("→ Installing Chromium for the browser tests…", flush=True)
    subprocess.run(["apt-get", "update", "-qq"], check=True)
    return subprocess.run(
        ["apt-get", "install", "-y", "-qq", "chromium"], stdout=subprocess.DEVNULL, check=False
    ).returncode
