#!/bin/sh
# Reboots where the upgrade asks for it: an image is to be tried with the kernel it ships.
# Never reboot after the cleaning: the droplet would take its first boot for its own.
set -eu
code=0
imgcheck check --only reboot-required --strict || code=$?
case $code in
  0) ;;
  1)
    systemctl reboot
    sleep 300 # until the connection ends; Packer then waits for the next one
    ;;
  *) exit "$code" ;;
esac
