#!/bin/sh
# Waits until the droplet's own first boot is over: it holds the package manager's locks.
set -eu
code=0
cloud-init status --wait >/dev/null || code=$?
# Newer versions say 2 where they finished with warnings.
if [ "$code" -ne 0 ] && [ "$code" -ne 2 ]; then
  cloud-init status --long >&2
  exit 1
fi
