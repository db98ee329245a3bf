package check

import "testing"

// withAccount adds one account to the machine.
func withAccount(passwd, shadow string) string {
	return "-- etc/passwd append --\n" + passwd + "\n-- etc/shadow append --\n" + shadow + "\n"
}

func TestUserPasswords(t *testing.T) {
	const app = "app:x:1000:1000::/home/app:/bin/bash"
	testCheck(t, userPasswords(Usual()), []row{
		{name: "no users", want: Pass},
		{name: "a star", overlay: withAccount(app, "app:*:20000::::::"), want: Pass},
		{
			name: "a hash", want: Fail,
			overlay:  withAccount(app, "app:{{sha512-hash}}:20000::::::"),
			findings: []string{"fail /etc/shadow:25 app has a password"},
		},
		{
			name: "an empty field", want: Fail,
			overlay:  withAccount(app, "app::20000::::::"),
			findings: []string{"fail /etc/shadow:25 app has an empty password: nobody is asked for one"},
		},
		{
			name: "a locked hash", want: Fail,
			overlay:  withAccount(app, "app:!{{sha512-hash}}:20000::::::"),
			findings: []string{"fail /etc/shadow:25 app has a locked password, but its hash would be in the image"},
		},
		{
			name: "locked in a way that img_check.sh refuses", want: Fail,
			overlay:  withAccount(app, "app:*LK*:20000::::::"),
			findings: []string{"fail /etc/shadow:25 app is locked, but not by *, ! or !!, the only values that img_check.sh takes"},
		},
		{
			name: "centos is a user like others", want: Fail,
			overlay:  withAccount("centos:x:1001:1001::/home/centos:/bin/sh", "centos:{{sha512-hash}}:20000::::::"),
			findings: []string{"fail /etc/shadow:25 centos has a password"},
		},
		{
			name: "nobody is judged elsewhere", want: Pass,
			overlay: withAccount("nfsnobody:x:65533:65533::/:/bin/false", "nfsnobody:{{sha512-hash}}:20000::::::"),
		},
		{
			name: "users begin at 999", want: Fail,
			overlay: "-- etc/login.defs --\nUID_MIN 999\n" +
				withAccount("app:x:999:999::/home/app:/bin/sh", "app:{{sha512-hash}}:20000::::::"),
			findings: []string{"fail /etc/shadow:25 app has a password"},
		},
		{
			name: "users begin at 5000, but not for img_check.sh", want: Fail,
			overlay:  "-- etc/login.defs --\nUID_MIN 5000\n" + withAccount(app, "app:{{sha512-hash}}:20000::::::"),
			findings: []string{"fail /etc/shadow:25 app has a password"},
		},
		{
			name: "a line of passwd that is cut off", want: Fail,
			overlay:  withAccount("app:x:1000", "app:{{sha512-hash}}:20000::::::"),
			findings: []string{"fail /etc/shadow:25 app has a password"},
			err:      "/etc/passwd line 25 does not have the seven fields of an account",
		},
		{
			name: "an account that is commented out", want: Fail,
			overlay:  withAccount("#"+app, "#app:{{sha512-hash}}:20000::::::"),
			findings: []string{"fail /etc/shadow:25 #app has a password"},
		},
		{
			name: "what is left of one that is commented out", want: Fail,
			overlay:  withAccount("#app:x:1000", "#app:{{sha512-hash}}"),
			findings: []string{"fail /etc/shadow:25 #app has a password"},
		},
		{
			name: "comments with colons", want: Pass,
			overlay: withAccount("# see: the: wiki\n+::::::", "# root: see the wiki"),
		},
		{
			name: "a uid that is no number", want: Error,
			overlay: withAccount("app:x:many:1000::/home/app:/bin/sh", "app:*:20000::::::"),
			err:     "/etc/passwd line 25 has a uid that is no number",
		},
		{name: "passwd is empty", overlay: "-- etc/passwd --\n\n", want: Error, err: "/etc/passwd line 1 holds no account"},
		{name: "shadow is gone", overlay: "-- etc/shadow removed --\n", want: Error, err: "reading the passwords"},
		{name: "login.defs is a folder", overlay: "-- etc/login.defs removed --\n-- etc/login.defs dir --\n", want: Error, err: "reading the uid range"},
	})
}
