"""A peer's own listing, in an environment of its own: `PYTHON tests/bench/peer.py ROOT ACCESS_TOKEN` prints JSON.

LangChain's Google Drive loader goes through folders by recursion. What it asks of each file after that (its bytes, one
by one) is left out: this is about finding them. It knows no address but Google's, so the client is built here.
"""

import json
import sys
import time
from importlib import import_module


def main(root: str, token: str) -> None:
    """Let the loader find what lies below My Drive."""
    credentials = import_module("google.oauth2.credentials").Credentials(token)
    service = import_module("googleapiclient.discovery").build(
        "drive",
        "v3",
        credentials=credentials,
        static_discovery=True,
        client_options={"api_endpoint": f"{root}/drive/v3/"},
    )
    loader = import_module("langchain_google_community.drive").GoogleDriveLoader(folder_id="root", recursive=True)
    started = time.perf_counter()
    found = loader._fetch_files_recursive(service, "root")
    facts = {"look": "peer", "seconds": time.perf_counter() - started, "files": len({one["id"] for one in found})}
    sys.stdout.write(json.dumps(facts) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
