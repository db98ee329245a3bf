package check

import "testing"

func TestUIDZero(t *testing.T) {
	testCheck(t, uidZero(), []row{
		{name: "root alone", want: Pass},
		{
			name: "two more", want: Fail,
			overlay: "-- etc/passwd append --\ntoor:x:0:0::/root:/bin/sh\nadmin:x:00:0::/:/bin/sh\n",
			findings: []string{
				"fail /etc/passwd:25 toor has uid 0",
				"fail /etc/passwd:26 admin has uid 0",
			},
		},
		{
			name: "root twice", want: Fail,
			overlay:  "-- etc/passwd append --\nroot:x:0:0::/srv:/bin/sh\n",
			findings: []string{"fail /etc/passwd:25 root has uid 0"},
		},
		{name: "shadow does not matter", overlay: "-- etc/shadow removed --\n", want: Pass},
		{
			name: "a uid that may be 0", want: Error,
			overlay: "-- etc/passwd append --\ntoor:x:+0:0::/root:/bin/sh\n",
			err:     "/etc/passwd line 25 has a uid that is no number",
		},
		{name: "passwd is empty", overlay: "-- etc/passwd --\n", want: Error, err: "/etc/passwd line 1 holds no account"},
		{name: "passwd is a fifo", overlay: "-- etc/passwd fifo --\n", want: Error, err: "not a regular file"},
	})
}
