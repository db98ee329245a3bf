#!/bin/sh
# Warns where the app does not start when a droplet boots.
set -u
root=${IMGCHECK_ROOT%/}
unit=myapp.service

# What the image holds on disk decides, so that it works over a tree too. The links in
# a tree lead to places in the tree: -L looks at the link itself.
for link in "$root"/etc/systemd/system/*.wants/"$unit"; do
	if [ -L "$link" ]; then
		echo "$unit is enabled"
		exit 0
	fi
done
if [ ! -d "$root/etc/systemd/system" ]; then
	echo "there is no /etc/systemd/system to look in"
	exit 3
fi
echo "$unit is not enabled: run 'systemctl enable $unit'"
exit 1
