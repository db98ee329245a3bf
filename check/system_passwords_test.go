package check

import "testing"

func TestSystemPasswords(t *testing.T) {
	const svc = "svc:x:901:901::/srv:/usr/sbin/nologin"
	testCheck(t, systemPasswords(), []row{
		{name: "none", want: Pass},
		{name: "locked as systemd-sysusers does", overlay: withAccount(svc, "svc:!*:20000::::::"), want: Pass},
		{
			name: "a hash", want: Fail,
			overlay:  withAccount(svc, "svc:{{sha512-hash}}:20000::::::"),
			findings: []string{"fail /etc/shadow:25 svc has a password"},
		},
		{
			name: "an empty field", want: Fail,
			overlay:  withAccount(svc, "svc::20000::::::"),
			findings: []string{"fail /etc/shadow:25 svc has an empty password: nobody is asked for one"},
		},
		{
			name: "a locked hash", want: Warn,
			overlay:  withAccount(svc, "svc:!{{sha512-hash}}:20000::::::"),
			findings: []string{"warn /etc/shadow:25 svc has a locked password, but its hash would be in the image"},
		},
		{
			name: "nobody", want: Fail,
			overlay:  withAccount("nfsnobody:x:65533:65533::/:/bin/false", "nfsnobody:{{sha512-hash}}:20000::::::"),
			findings: []string{"fail /etc/shadow:25 nfsnobody has a password"},
		},
		{name: "root and users are judged elsewhere", want: Pass, overlay: withAccount("app:x:1000:1000::/home/app:/bin/sh",
			"app:{{sha512-hash}}:20000::::::\nroot:{{sha512-hash}}:20000::::::")},
		{
			name: "a hash in passwd, even a user's", want: Fail,
			overlay:  withAccount("app:{{sha512-hash}}:1000:1000::/home/app:/bin/sh", "app:*:20000::::::"),
			findings: []string{"fail /etc/passwd:25 app has a password there, where everybody can read it"},
		},
		{
			name: "nothing in passwd", want: Fail,
			overlay:  withAccount("app::1000:1000::/home/app:/bin/sh", "app:*:20000::::::"),
			findings: []string{"fail /etc/passwd:25 app has an empty password there: nobody is asked for one"},
		},
		{name: "a star in passwd", overlay: "-- etc/passwd append --\nsvc:*:901:901::/srv:/bin/false\n", want: Pass},
		{
			name: "missing from shadow", want: Warn,
			overlay:  "-- etc/passwd append --\n" + svc + "\n",
			findings: []string{"warn /etc/passwd:25 svc has no line in /etc/shadow"},
		},
		{
			name: "a hash of an account that is gone", want: Warn,
			overlay:  "-- etc/shadow append --\ngone:{{sha512-hash}}:20000::::::\nalso:*:20000::::::\n",
			findings: []string{"warn /etc/shadow:25 gone is no account, but its password's hash would be in the image"},
		},
		{name: "shadow is gone", overlay: "-- etc/shadow removed --\n", want: Error, err: "reading the passwords"},
		{name: "passwd is gone", overlay: "-- etc/passwd removed --\n", want: Error, err: "reading the accounts"},
		{
			name: "NUL bytes", want: Error,
			overlay: withAccount(svc, "svc:*:\x00:::::"),
			err:     "/etc/shadow line 25 is not text",
		},
	})
}
