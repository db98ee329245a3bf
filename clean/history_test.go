package clean_test

import (
	"context"
	"errors"
	"testing"

	"imgcheck/clean"
	"imgcheck/distro"
	"imgcheck/internal/host"
)

// live makes the machine a live one on which nobody has a shell and no process has a
// file open.
func live(_ *testing.T, s *clean.Scope) {
	s.Live = true
	s.Facts.Shells = func(context.Context) ([]host.Shell, error) { return nil, nil }
	s.Facts.OpenFiles = func(context.Context) (map[string]host.Process, error) { return nil, nil }
}

var errBroken = errors.New("the processes are hidden")

func TestHistory(t *testing.T) {
	every := ""
	for _, h := range distro.Histories() {
		every += "-- root/" + h.Path + " mode=0600 --\nx\n"
	}
	folders := "-- root/.local/share/fish dir --\n-- root/.config/fish dir --\n-- root/.ipython/profile_default dir --\n-- root/.local/share/irb dir --\n" +
		"-- root/.mongodb/mongosh dir --\n-- root/.mongosh dir --\n-- root/.local/state/nvim/shada dir --\n-- root/.local/share/nvim/shada dir --\n"
	var all []string
	for _, h := range distro.Histories() {
		all = append(all, "remove /root/"+h.Path+" 2")
	}
	testStep(t, "history", []row{
		{name: "clean"},
		{name: "all that are known", dirt: every, want: all, left: folders},
		{
			name: "all accounts', wherever they live",
			dirt: appAccount + "-- srv/app/.bash_history size=2M --\n-- home/app/.psql_history --\nx\n-- .viminfo --\nx\n-- srv/app/notes --\nx\n",
			want: []string{"remove /.viminfo 2", "remove /home/app/.psql_history 2", "remove /srv/app/.bash_history 2097152"},
			left: appAccount + "-- srv/app/notes --\nx\n-- home/app dir --\n",
		},
		{
			name: "what is in the way",
			hostile: "-- root/.bash_history link=/srv/canary --\n-- root/.zsh_history link=OUTSIDE --\n-- root/.python_history hardlink=srv/canary --\n" +
				"-- root/.lesshst fifo --\n-- root/.viminfo/canary --\nalive\n-- root/.mysql_history link=/dev/null --\n" +
				"-- root/.local link=/srv/local --\n-- srv/local/share/fish/fish_history --\nalive\n",
			want: []string{
				"unlink /root/.bash_history (a link, whose target stays)",
				"unlink /root/.zsh_history (a link, whose target stays)",
				"leave /root/.local/share/fish/fish_history (behind the link /root/.local, left alone)",
				"unlink /root/.python_history (a file with other names, which keep what it holds)",
				"leave /root/.lesshst (a fifo, left alone)",
				"leave /root/.viminfo (a folder, left alone)",
			},
			left: "-- root/.lesshst fifo --\n-- root/.viminfo/canary --\nalive\n-- root/.mysql_history link=/dev/null --\n" +
				"-- root/.local link=/srv/local --\n-- srv/local/share/fish/fish_history --\nalive\n",
			still: []string{"warn shell-history"},
		},
		{
			name: "what is to be kept", dirt: "-- root/.bash_history --\nx\n-- root/.zsh_history --\nx\n-- root/.mongosh/mongosh_repl_history --\nx\n",
			change: func(_ *testing.T, s *clean.Scope) { s.Keep = []string{"/root/.z*", "/root/.mongosh"} },
			want: []string{
				"remove /root/.bash_history 2", "leave /root/.zsh_history (is to be kept)", "leave /root/.mongosh/mongosh_repl_history (is to be kept)",
			},
			left:  "-- root/.zsh_history --\nx\n-- root/.mongosh/mongosh_repl_history --\nx\n",
			still: []string{"warn shell-history"},
		},
		{
			name: "shells that are open",
			change: func(t *testing.T, s *clean.Scope) {
				live(t, s)
				s.Facts.Shells = func(context.Context) ([]host.Shell, error) {
					return []host.Shell{
						{Process: host.Process{PID: 17, Name: "bash"}, UID: 0, Terminal: "pts/0"},
						{Process: host.Process{PID: 18, Name: "zsh"}, UID: 4711, Terminal: "tty1"},
					}, nil
				}
			},
			want: []string{
				"leave (a shell of root is open (bash, process 17, on pts/0): leave it by kill -9 $$, or run unset HISTFILE in it before you do, else it writes its history again)",
				"leave (a shell of uid 4711 is open (zsh, process 18, on tty1): leave it by kill -9 $$, or run unset HISTFILE in it before you do, else it writes its history again)",
			},
		},
		{
			name: "shells that cannot be looked for", dirt: "-- root/.bash_history --\nx\n",
			change: func(t *testing.T, s *clean.Scope) {
				live(t, s)
				s.Facts.Shells = func(context.Context) ([]host.Shell, error) { return nil, errBroken }
			},
			want: []string{"remove /root/.bash_history 2"},
			err:  "the processes are hidden",
		},
		{
			name: "passwd is broken", dirt: "-- etc/passwd append --\nbroken\n-- root/.bash_history --\nx\n",
			want: []string{"remove /root/.bash_history 2"}, left: "-- etc/passwd append --\nbroken\n",
			err: "/etc/passwd line 25", still: []string{"error shell-history"},
		},
	})
}
