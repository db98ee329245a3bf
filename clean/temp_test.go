package clean_test

import (
	"context"
	"testing"

	"imgcheck/clean"
	"imgcheck/internal/host"
)

func TestTemp(t *testing.T) {
	const folders = "-- tmp dir mode=1777 --\n-- var/tmp dir mode=1777 --\n"
	testStep(t, "temp", []row{
		{name: "clean"},
		{
			name: "everything, whatever its name and age",
			dirt: folders + "-- tmp/script_4711.sh mtime=2020-01-01 --\nx\n-- tmp/.hidden/deep/file --\nxx\n-- tmp/.hidden/empty dir --\n-- var/tmp/big size=2M --\n-- var/tmp/nothing --\n" +
				"-- tmp/systemd-private-1/tmp/x --\nx\n-- tmp/pipe fifo --\n-- tmp/.X11-unix/X0 socket --\n",
			want: []string{
				"unlink /tmp/.X11-unix/X0 (a socket)", "remove /tmp/.hidden/deep/file 3", "unlink /tmp/pipe (a fifo)", "remove /tmp/script_4711.sh 2",
				"remove /tmp/systemd-private-1/tmp/x 2",
				"remove-folder /tmp/systemd-private-1/tmp", "remove-folder /tmp/systemd-private-1", "remove-folder /tmp/.hidden/empty", "remove-folder /tmp/.hidden/deep",
				"remove-folder /tmp/.hidden", "remove-folder /tmp/.X11-unix",
				"remove /var/tmp/big 2097152", "remove /var/tmp/nothing 0",
			},
			left: folders,
		},
		{name: "a device", dirt: folders + "-- tmp/null device --\n", want: []string{"unlink /tmp/null (a device)"}, left: folders},
		{
			name: "one folder under two names", dirt: "-- var/tmp/x --\nx\n-- tmp link=var/tmp --\n",
			want: []string{"remove /var/tmp/x 2"}, left: "-- var/tmp dir --\n-- tmp link=var/tmp --\n",
		},
		{
			name: "what is our own, and what is to be kept",
			dirt: folders + "-- tmp/imgcheck mode=0755 --\nx\n-- tmp/out/report.json --\nx\n-- tmp/out/other --\nx\n-- var/tmp/seed/a/b --\nx\n-- srv/link link=/tmp/out --\n",
			change: func(_ *testing.T, s *clean.Scope) {
				s.Own, s.Keep = []string{"/tmp/imgcheck", "/srv/link/report.json"}, []string{"/var/tmp/seed/**"}
			},
			want: []string{
				"leave /tmp/imgcheck (is this run's own)", "remove /tmp/out/other 2", "leave /tmp/out/report.json (is this run's own)",
				"leave /var/tmp/seed (is to be kept)",
			},
			left: folders + "-- tmp/imgcheck mode=0755 --\nx\n-- tmp/out/report.json --\nx\n-- var/tmp/seed/a/b --\nx\n-- srv/link link=/tmp/out --\n",
		},
		{
			name: "on a running machine",
			dirt: folders + "-- tmp/systemd-private-1/tmp/x --\nx\n-- tmp/snap-private-tmp/y --\nx\n-- tmp/.X11-unix/X0 socket --\n-- tmp/tmux-0/default socket --\n-- tmp/tmux-0/log --\nx\n" +
				"-- tmp/app/systemd-private-2/z --\nx\n-- var/tmp/pipe fifo --\n-- tmp/script_1.sh --\nx\n",
			change: func(t *testing.T, s *clean.Scope) {
				live(t, s)
				s.Facts.OpenFiles = func(context.Context) (map[string]host.Process, error) {
					return map[string]host.Process{"/tmp/script_1.sh": {PID: 9, Name: "sh"}, "/tmp/tmux-0/default": {PID: 8, Name: "tmux"}}, nil
				}
			},
			want: []string{
				"remove /tmp/app/systemd-private-2/z 2",
				"unlink /tmp/script_1.sh (what it holds stays on the disk until sh (9) ends, which uses it)",
				"remove /tmp/tmux-0/log 2",
				"remove-folder /tmp/app/systemd-private-2", "remove-folder /tmp/app",
				"unlink /var/tmp/pipe (a fifo)",
			},
			left: folders + "-- tmp/systemd-private-1/tmp/x --\nx\n-- tmp/snap-private-tmp/y --\nx\n-- tmp/.X11-unix/X0 socket --\n-- tmp/tmux-0/default socket --\n",
		},
		{
			name: "where nobody knows what is in use", dirt: folders + "-- tmp/x --\nx\n", left: folders + "-- tmp/x --\nx\n",
			change: func(t *testing.T, s *clean.Scope) {
				live(t, s)
				s.Facts.OpenFiles = func(context.Context) (map[string]host.Process, error) { return nil, errBroken }
			},
			err: "the processes are hidden",
		},
		{
			name: "what is in the way",
			dirt: folders,
			hostile: "-- tmp/a link=/srv/canary --\n-- tmp/b link=OUTSIDE --\n-- tmp/c hardlink=srv/canary --\n-- tmp/d link=/srv --\n-- tmp/e link=.. --\n-- tmp/loop link=loop --\n" +
				"-- \"tmp/two\\nlines \\x1b[31m\\xff\" --\nx\n-- var/tmp/home link=/root --\n",
			want: []string{
				"unlink /tmp/a (a link, whose target stays)", "unlink /tmp/b (a link, whose target stays)",
				"unlink /tmp/c (a file with other names, which keep what it holds)", "unlink /tmp/d (a link, whose target stays)",
				"unlink /tmp/e (a link, whose target stays)", "unlink /tmp/loop (a link, whose target stays)",
				"remove /tmp/two\nlines \x1b[31m\xff 2", "unlink /var/tmp/home (a link, whose target stays)",
			},
			left: folders,
		},
		{
			name: "no folder", hostile: "-- tmp link=/srv/canary --\n-- var/tmp link=OUTSIDE --\n",
			want: []string{"leave /tmp (a file where a folder is due, left alone)"},
			left: "-- tmp link=/srv/canary --\n-- var/tmp link=OUTSIDE --\n",
		},
	})
}
