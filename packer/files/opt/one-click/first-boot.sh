#!/bin/sh
# Makes what each droplet has of its own: its password and its pages. cloud-init's
# per-instance script calls it, so it runs once on each droplet and never on the build's.
set -eu
id=$(cat /var/lib/cloud/data/instance-id)

umask 077
password=$(openssl rand -base64 24)
echo "$password" >/root/.one-click-password
hash=$(echo "$password" | openssl passwd -apr1 -stdin)
group=$(id -gn www-data 2>/dev/null || id -gn nginx)
umask 027
echo "admin:$hash" >/etc/nginx/one-click.htpasswd
chgrp "$group" /etc/nginx/one-click.htpasswd

umask 022
mkdir -p /var/www/one-click/private
echo "<!doctype html><title>one-click</title><p>This is droplet $id." >/var/www/one-click/index.html
echo '<!doctype html><title>one-click</title><p>You know the password.' >/var/www/one-click/private/index.html
if command -v restorecon >/dev/null; then restorecon -R /var/www/one-click /etc/nginx; fi
date -u +%FT%TZ >>/var/lib/one-click/first-boot
