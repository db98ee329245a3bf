package check

import "testing"

func TestMOTD(t *testing.T) {
	const own = "etc/update-motd.d/99-one-click"
	const gone = "-- " + own + " removed --\n"
	shown := func(file string) string { return "note " + file + " is shown at a login" }
	testCheck(t, motd(), []row{
		{name: "Debian", want: Pass, findings: []string{shown("/" + own)}},
		{name: "CentOS 7", machine: "centos-7", want: Pass, findings: []string{shown("/etc/motd")}},
		{name: "Rocky 9", machine: "rocky-9", want: Pass, findings: []string{shown("/etc/motd.d/99-one-click")}},
		{name: "none", overlay: gone, want: Warn, findings: []string{"warn /etc/update-motd.d has no program whose name begins with 99-"}},
		{name: "no folder", overlay: "-- etc/update-motd.d removed --\n", want: Warn, findings: []string{"warn /etc/update-motd.d has no program whose name begins with 99-"}},
		{
			name: "not executable", overlay: "-- " + own + " mode=0644 --\n#!/bin/sh\n", want: Warn,
			findings: []string{"warn /" + own + " is not executable"},
		},
		{
			name: "a name that is passed over", overlay: gone + "-- etc/update-motd.d/99-one-click.sh mode=0755 --\n#!/bin/sh\n", want: Warn,
			findings: []string{"warn /etc/update-motd.d/99-one-click.sh has a name that run-parts passes over: small letters, digits and hyphens only"},
		},
		{
			name: "two faults, and a program that works", overlay: "-- etc/update-motd.d/99_mine --\nhello\n", want: Warn,
			findings: []string{
				"warn /etc/update-motd.d/99_mine has a name that run-parts passes over: small letters, digits and hyphens only",
				"warn /etc/update-motd.d/99_mine is not executable",
				shown("/" + own),
			},
		},
		{
			name: "no interpreter", overlay: "-- " + own + " mode=0755 --\necho hello\n", want: Warn,
			findings: []string{"warn /" + own + " has no first line with an interpreter (#!/bin/sh)"},
		},
		{
			name: "DigitalOcean's own", overlay: "-- " + own + " mode=0755 --\n#!/bin/sh\ncat <<EOF\nWelcome to DigitalOcean's 1-Click LEMP Droplet.\nEOF\n", want: Warn,
			findings: []string{"warn /" + own + " still greets as DigitalOcean's own 1-Click LEMP"},
		},
		{
			name: "DigitalOcean's own beside the vendor's", overlay: "-- etc/motd --\nWelcome to DigitalOcean's 1-click lamp droplet.\n", want: Warn,
			findings: []string{"warn /etc/motd still greets as DigitalOcean's own 1-Click LAMP", shown("/" + own)},
		},
		{name: "the vendor's own 1-Click", overlay: "-- " + own + " mode=0755 --\n#!/bin/sh\necho Welcome to the LEMPER 1-Click\n", want: Pass, findings: []string{shown("/" + own)}},
		{
			name: "hushed", overlay: "-- root/.hushlogin --\n", want: Warn,
			findings: []string{"warn /root/.hushlogin keeps root from seeing the message of the day", shown("/" + own)},
		},
		{
			name: "nothing to see on Rocky", machine: "rocky-9", want: Warn,
			overlay:  "-- etc/motd --\n \n-- etc/motd.d/99-one-click removed --\n-- etc/motd.d/cockpit link=/run/cockpit/motd --\n-- run/cockpit/motd --\nx\n",
			findings: []string{"warn  there is no message of the day: /etc/motd and /etc/motd.d say nothing"},
		},
		{
			name: "a part that CentOS 7 does not read", machine: "centos-7", overlay: "-- etc/motd --\n-- etc/motd.d/99-one-click --\nhello\n", want: Warn,
			findings: []string{"warn  there is no message of the day: /etc/motd and /etc/motd.d say nothing"},
		},
		{
			name: "a loop of links", overlay: gone + "-- " + own + " link=99-one-click --\n", want: Error,
			err: "looking at the message of the day: stat /etc/update-motd.d/99-one-click: too many levels of symbolic links",
		},
	})
}
