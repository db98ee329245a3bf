package check

import "testing"

func TestFirstBootScripts(t *testing.T) {
	const per = "var/lib/cloud/scripts/"
	const onboot = "-- " + per + "per-instance/001_onboot"
	at := func(level, message string) string {
		return level + " /var/lib/cloud/scripts/per-instance/001_onboot " + message
	}
	script := func(text string) string { return onboot + " mode=0755 --\n" + text }
	testCheck(t, firstBootScripts(), []row{
		{name: "a shell script", want: Pass},
		{
			name: "none", overlay: "-- var/lib/cloud/scripts removed --\n", want: Pass,
			findings: []string{"note  there are no first-boot scripts"},
		},
		{name: "by env", overlay: script("#! /usr/bin/env -S A=b python3 -u\n"), want: Pass},
		{name: "a binary", overlay: script("\x7fELF\x02\x01"), want: Pass},
		{name: "a link to a script", overlay: onboot + " removed --\n" + onboot + " link=/opt/myapp/bin/myapp --\n", want: Pass},
		{name: "not executable", overlay: onboot + " mode=0644 --\n#!/bin/sh\n", want: Warn, findings: []string{at("warn", "is not executable")}},
		{
			name: "no first line", overlay: script("echo hello\n"), want: Warn,
			findings: []string{at("warn", "has no first line with an interpreter (#!/bin/sh)")},
		},
		{name: "nothing in it", overlay: script(""), want: Warn, findings: []string{at("warn", "is empty")}},
		{
			name: "an interpreter that is missing", overlay: script("#!/usr/bin/python2 -u\n"), want: Warn,
			findings: []string{at("warn", "names an interpreter that is not there: /usr/bin/python2")},
		},
		{
			name: "one that env does not find", overlay: script("#!/usr/bin/env node\n"), want: Warn,
			findings: []string{at("warn", "names an interpreter that is not there: node")},
		},
		{
			name: "one that cannot run", overlay: script("#!/usr/lib/os-release\n"), want: Warn,
			findings: []string{at("warn", "names an interpreter that is not executable: /usr/lib/os-release")},
		},
		{
			name: "one without a path", overlay: script("#!bash\n"), want: Warn,
			findings: []string{at("warn", "names its interpreter without a full path")},
		},
		{
			name: "one with an odd name", overlay: script("#!/x\x1b[31m\n"), want: Warn,
			findings: []string{at("warn", "names an interpreter that is not there: (an odd name)")},
		},
		{
			name: "Windows' line ends", overlay: script("#!/bin/sh\r\necho\r\n"), want: Warn,
			findings: []string{at("warn", "has a first line that ends like in Windows (CR LF): there is no such interpreter")},
		},
		{
			name: "a byte order mark", overlay: script("\xef\xbb\xbf#!/bin/sh\n"), want: Warn,
			findings: []string{at("warn", "begins with a byte order mark before \"#!\", so that nothing can run it")},
		},
		{name: "no interpreter named", overlay: script("#!\n"), want: Warn, findings: []string{at("warn", "has a first line that names no interpreter")}},
		{
			name: "what is no script", want: Warn,
			overlay: "-- " + per + "per-instance/a dir --\n-- " + per + "per-instance/b link=/gone --\n-- " + per + "per-boot/c fifo --\n",
			findings: []string{
				"warn /var/lib/cloud/scripts/per-boot/c is no regular file",
				"warn /var/lib/cloud/scripts/per-instance/a is a folder",
				"warn /var/lib/cloud/scripts/per-instance/b is a link that leads to nothing here",
			},
		},
		{
			name: "per-once", overlay: "-- " + per + "per-once/setup mode=0777 --\n#!/bin/bash\n", want: Warn,
			findings: []string{
				"warn /var/lib/cloud/scripts/per-once/setup ran on the build droplet, and will not run again on a customer's: its place is per-instance",
				"warn /var/lib/cloud/scripts/per-once/setup can be changed by every account, and root runs it",
			},
		},
		{
			name: "cloud-init is not told to run them", want: Warn,
			overlay: "-- etc/cloud/cloud.cfg.d/99.cfg --\n# x\ncloud_final_modules: [[scripts_per_boot, always], scripts-user]\n-- " + per + "per-boot/a mode=0755 --\n#!/bin/sh\n",
			findings: []string{
				"warn /etc/cloud/cloud.cfg.d/99.cfg:2 cloud_final_modules has no scripts-per-instance, so that nothing in /var/lib/cloud/scripts/per-instance runs",
			},
		},
		{
			name: "a configuration that cannot be read beside a script", overlay: "-- etc/cloud/cloud.cfg --\n[\n" + onboot + " mode=0644 --\n", want: Error,
			findings: []string{at("warn", "is not executable")}, err: "/etc/cloud/cloud.cfg is not one YAML document",
		},
		{
			name: "a script that cannot be looked at", overlay: onboot + " removed --\n" + onboot + " link=001_onboot --\n", want: Error,
			err: "looking at the first-boot scripts: stat /var/lib/cloud/scripts/per-instance/001_onboot: too many levels of symbolic links",
		},
	})
}
