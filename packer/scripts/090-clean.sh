#!/bin/sh
# Cleans the droplet, validates it and seals it. The report is brought home next, however
# this ended; then 099-gate.sh ends the build where the image is none.
#
# The report lies in /run, which is in memory: it is in no snapshot. Where the image is
# refused, the build's log has it in words.
set -eu
report=/run/imgcheck-report.json
umask 077
code=0
imgcheck clean --yes --remove-self --format json >$report || code=$?
echo "$code" >/run/imgcheck-exit-code
# It is gone where all was sealed and only what came after that failed.
if [ "$code" -ne 0 ] && [ -s $report ] && command -v imgcheck >/dev/null; then
  imgcheck convert --format text $report
fi
