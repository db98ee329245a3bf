package check

import "testing"

func TestMachineID(t *testing.T) {
	const id = "6c3f9a1e0b7d4f52a8c1d2e3f4051627\n"
	testCheck(t, machineID(), []row{
		{name: "empty, and D-Bus's a link to it", overlay: "-- var/lib/dbus/machine-id link=/etc/machine-id --\n", want: Pass},
		{name: "a blank line", overlay: "-- etc/machine-id --\n\n", want: Pass},
		{name: "none, on a machine without systemd", machine: "alpine-3.20", want: Pass},
		{name: "D-Bus's empty", overlay: "-- var/lib/dbus/machine-id removed --\n-- var/lib/dbus/machine-id no-newline --\n", want: Pass},
		{
			name: "filled", overlay: "-- etc/machine-id --\n" + id, want: Warn,
			findings: []string{"warn /etc/machine-id filled: every droplet would share it"},
		},
		{
			name: "D-Bus's filled", overlay: "-- var/lib/dbus/machine-id removed --\n-- var/lib/dbus/machine-id --\n" + id, want: Warn,
			findings: []string{"warn /var/lib/dbus/machine-id filled: every droplet would share it"},
		},
		{
			name: "D-Bus's behind a link to elsewhere", want: Warn,
			overlay:  "-- var/lib/dbus/machine-id link=/srv/id --\n-- srv/id --\n" + id,
			findings: []string{"warn /var/lib/dbus/machine-id filled: every droplet would share it"},
		},
		{
			name: "uninitialized", overlay: "-- etc/machine-id --\nuninitialized\n", want: Warn,
			findings: []string{"warn /etc/machine-id says \"uninitialized\": the next boot would be taken for the first"},
		},
		{
			name: "missing", overlay: "-- etc/machine-id removed --\n-- var/lib/dbus/machine-id removed --\n", want: Warn,
			findings: []string{"warn /etc/machine-id missing: the next boot would be taken for the first"},
		},
		{
			name: "a link", overlay: "-- etc/machine-id link=/srv/id --\n-- srv/id --\n", want: Warn,
			findings: []string{"warn /etc/machine-id a link, where a file of its own is due"},
		},
		{name: "no file", overlay: "-- etc/machine-id fifo --\n", want: Error, err: "looking at the machine-id"},
	})
}
