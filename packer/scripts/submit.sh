#!/bin/sh
# Runs on the machine of Packer, where the token is. Submits the one build that SUBMIT
# names, with the report of that build: docs/submit.md.
set -eu
if [ "$BUILD" != "$SUBMIT" ]; then
  echo "$BUILD is not submitted (-var submit=$BUILD -var app_id=ID does)"
  exit 0
fi
exec mp-submit --manifest "manifest-$BUILD.json" --report "report-$BUILD.json"
