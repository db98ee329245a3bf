package check

import "testing"

func TestRootPassword(t *testing.T) {
	const first = "fail /etc/shadow:1 root "
	testCheck(t, rootPassword(), []row{
		{name: "a star", want: Pass},
		{name: "an exclamation mark", overlay: "-- etc/shadow --\nroot:!:20000::::::\n", want: Pass},
		{name: "two exclamation marks, as on EL", overlay: "-- etc/shadow --\nroot:!!:20000::::::\n", want: Pass},
		{
			name: "a hash", want: Fail,
			overlay:  "-- etc/shadow --\nroot:{{sha512-hash}}:20000::::::\n",
			findings: []string{first + "has a password"},
		},
		{
			name: "nobody is asked for a password", want: Fail,
			overlay:  "-- etc/shadow --\nroot::20000::::::\n",
			findings: []string{first + "has an empty password: nobody is asked for one"},
		},
		{
			name: "passwd -l over a hash", want: Fail,
			overlay:  "-- etc/shadow --\nroot:!{{yescrypt-hash}}:20000::::::\n",
			findings: []string{first + "has a locked password, but its hash would be in the image"},
		},
		{
			name: "passwd -l over a star", want: Fail,
			overlay:  "-- etc/shadow --\nroot:!*:20000::::::\n",
			findings: []string{first + "is locked, but not by *, ! or !!, the only values that img_check.sh takes"},
		},
		{
			name: "the second of two lines", want: Fail,
			overlay:  "-- etc/shadow --\nroot:*:20000::::::\nroot:{{sha512-hash}}:20000::::::\n",
			findings: []string{"fail /etc/shadow:2 root has a password"},
		},
		{
			name: "blanks before the name, which the C library passes over", want: Fail,
			overlay:  "-- etc/shadow --\n  root:{{sha512-hash}}:20000::::::\n",
			findings: []string{first + "has a password"},
		},
		{
			name: "no colon", want: Fail,
			overlay:  "-- etc/shadow --\nroot\n",
			findings: []string{first + "has an empty password: nobody is asked for one"},
			err:      "/etc/shadow line 1 does not have the fields of a shadow entry",
		},
		{
			name: "root is not there", want: Warn,
			overlay:  "-- etc/shadow --\nbin:*:20000::::::\n",
			findings: []string{"warn /etc/shadow root has no line there"},
		},
		{
			name: "a broken line, which may be root's", want: Error,
			overlay:  "-- etc/shadow --\nno such thing as a field\n",
			findings: []string{"warn /etc/shadow root has no line there"},
			err:      "/etc/shadow line 1 does not have the fields of a shadow entry",
		},
		{
			name: "a hash, though passwd is gone", want: Fail,
			overlay:  "-- etc/passwd removed --\n-- etc/shadow --\nroot:{{sha512-hash}}:20000::::::\n",
			findings: []string{first + "has a password"},
			err:      "reading the accounts",
		},
		{name: "passwd is gone", overlay: "-- etc/passwd removed --\n", want: Error, err: "reading the accounts"},
		{name: "shadow is gone", overlay: "-- etc/shadow removed --\n", want: Error, err: "reading the passwords"},
		{name: "shadow is a fifo", overlay: "-- etc/shadow fifo --\n", want: Error, err: "not a regular file"},
	})
}
