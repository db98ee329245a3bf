package clean

import (
	"context"
	"io/fs"
	"path"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func temp() *Step {
	return &Step{
		ID:    "temp",
		Title: "Nothing lies in /tmp and /var/tmp",
		Doc: "Removes everything in /tmp and /var/tmp, names that begin with a dot too, and whatever its age. The two folders stay as they are, and so do " +
			"what is mounted in them, this program and the reports it writes. On a running machine sockets stay, and the folders that systemd, snapd and X keep there: " +
			"services would lose theirs. A file that a process uses (the script that Packer runs at this moment) loses its name only, as overwriting it would change what the process reads.",
		Script: "cleanup.sh passes over names that begin with a dot, and removes what is mounted there, the files of running services, itself and img_check.sh.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners#readme",
			"https://systemd.io/TEMPORARY_DIRECTORIES/",
		},
		Stages:  []Stage{StageLeftovers},
		Default: true,
		Plan:    planTemp,
	}
}

func planTemp(ctx context.Context, s *Scope) ([]*Action, error) {
	p := newPlan(s)
	dirs := p.folders(distro.TempDirs())
	var used map[string]host.Process
	if s.Live && len(dirs) > 0 {
		var err error
		if used, err = s.Facts.OpenFiles(ctx); err != nil {
			p.problem(err) // what may be overwritten is not known then
			return p.end()
		}
	}
	for _, dir := range dirs {
		w := sweep{plan: p, top: dir, used: used}
		if s.Live {
			w.spare = func(e host.Entry) bool {
				return e.Info.Mode()&fs.ModeSocket != 0 || path.Dir(e.Path) == dir && distro.RunningTemp(e.Path)
			}
		}
		p.problem(w.folder(ctx, dir, false))
	}
	return p.end()
}
