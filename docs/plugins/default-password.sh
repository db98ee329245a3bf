#!/bin/sh
# Fails while the app's configuration still has the password it is delivered with.
set -u
root=${IMGCHECK_ROOT%/}
conf=/etc/myapp/app.conf

if [ ! -e "$root$conf" ]; then
	echo "there is no $conf"
	exit 3
fi
line=$(grep -n '^admin_password *= *changeme *$' "$root$conf")
case $? in
0)
	echo "the app still has its default password"
	echo "$conf:${line%%:*}: admin_password was never changed"
	exit 2
	;;
1)
	echo "the app's default password was changed"
	exit 0
	;;
esac
echo "$conf cannot be read"
exit 3
