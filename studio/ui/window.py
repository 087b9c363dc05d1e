"""The studio as a window of its own: a browser of the Chromium family without its bars."""

import shutil
import subprocess
import sys
import webbrowser
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "brave-browser")
PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ),
    "win32": (
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ),
}


def open_window(url: str) -> bool:
    """Show `url` in a window of its own; without such a browser in the usual one, and False."""
    browser = find_browser()
    if browser is None:
        webbrowser.open(url)
        return False
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    subprocess.Popen([browser, f"--app={url}", "--window-size=1360,940"], **quiet)  # type: ignore[call-overload]
    return True


def find_browser() -> str | None:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or next((place for place in PLACES.get(sys.platform, ()) if Path(place).is_file()), None)
