"""Ask the site of this container how it is. Exits with 0 when /sante/ answers 200, with 1 otherwise."""

import os
import sys
import urllib.request

ADDRESS = "http://127.0.0.1:8000/sante/"

# The site answers only to its own name, and says « https » because it is behind a proxy that does.
host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip()
request = urllib.request.Request(ADDRESS, headers={"Host": host, "X-Forwarded-Proto": "https"})
try:
    with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310
        sys.exit(response.status != 200)
except OSError:
    sys.exit(1)
