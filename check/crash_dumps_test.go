package check

import "testing"

func TestCrashDumps(t *testing.T) {
	testCheck(t, crashDumps(), []row{
		{name: "none", want: Pass},
		{name: "a folder and its lock", overlay: "-- var/crash/.lock no-newline --\n-- var/lib/systemd/coredump dir --\n", want: Pass},
		{
			name: "dumps", want: Warn,
			overlay:  "-- var/crash/_usr_bin_app.0.crash size=3M --\n-- var/lib/systemd/coredump/core.app.0.zst --\nx\n-- var/spool/abrt/ccpp-1/coredump --\nx\n",
			findings: []string{"warn /var/crash/_usr_bin_app.0.crash 3.0 MiB", "warn /var/lib/systemd/coredump/core.app.0.zst 2 bytes", "warn /var/spool/abrt/ccpp-1/coredump 2 bytes"},
		},
		{name: "no folder but a file", overlay: "-- var/crash --\nx\n", want: Error, err: "looking for crash dumps"},
	})
}
