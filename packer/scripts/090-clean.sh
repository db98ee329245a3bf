#!/bin/sh
# Cleans the droplet, validates it and seals it. Its exit code is the build's.
#
# The report lies in /run, which is in memory: it is in no snapshot. Where the image is
# refused, the build's log has it in words.
set -eu
report=/run/imgcheck-report.json
umask 077
imgcheck clean --yes --remove-self --format json >$report || {
  code=$?
  if [ -s $report ]; then imgcheck convert --format text $report; fi
  exit $code
}
