package check

import (
	"context"
	"io/fs"
	"path"
	"slices"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func tempFiles() *Check {
	return &Check{
		ID:       "temp-files",
		Category: "leftovers",
		Title:    "No file lies in /tmp and /var/tmp",
		Found:    "%d temporary file|%d temporary files",
		Doc: "Builds leave scripts, archives and variables in /tmp and /var/tmp, Packer's with the secrets that the scripts were given. Any file counts, of any size, at any depth and with a dot before its name. " +
			"Sockets and empty folders hold nothing; what is mounted there is not in the image. On a running machine the folders that systemd, snapd and X keep there for what runs are left out. " +
			"This program and its reports are noted: see the step self.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners#readme",
			"https://systemd.io/TEMPORARY_DIRECTORIES/",
		},
		Remedy:  "Run \"imgcheck clean --only temp\", or delete the files: \"rm FILE\". \"imgcheck clean --remove-self\" removes the program as well.",
		FixedBy: []string{"temp"},
		Run:     judgeTempFiles,
	}
}

func judgeTempFiles(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	var findings []Finding
	own := m.Root.Own()
	dirs := distro.TempDirs()
	err := below(ctx, m, dirs, func(e host.Entry) error {
		switch {
		case m.Live && distro.RunningTemp(e.Path) && slices.Contains(dirs, path.Dir(e.Path)):
			if e.Info.IsDir() {
				return fs.SkipDir
			}
			return nil
		case e.Info.IsDir(), e.Info.Mode()&fs.ModeSocket != 0:
			return nil
		}
		f, err := judgeTempFile(m, e, own, len(findings) < mayBeReports)
		findings = append(findings, f)
		return err
	})
	return findings, looking("for temporary files", err)
}

// mayBeReports is how many files are opened to see whether they are reports of this
// program. Where there are more, they are warned of in any case, and to open them all
// takes minutes.
const mayBeReports = 1000

func judgeTempFile(m *distro.Machine, e host.Entry, own []string, mayBeReport bool) (Finding, error) {
	f := Finding{Level: LevelWarn, Path: e.Path, Message: "no regular file"}
	if e.Info.Mode().IsRegular() {
		f.Message = BinarySize(e.Info.Size())
	}
	switch {
	case slices.Contains(own, e.Path):
		f.Level, f.Message = LevelNote, "this run's own"
		return f, nil
	case m.Live && distro.AptTemp(e.Path):
		f.Level, f.Message = LevelNote, "apt's own, which comes and goes"
		return f, nil
	}
	if !mayBeReport {
		return f, nil
	}
	report, err := m.IsReport(e.Path)
	if report {
		f.Level, f.Message = LevelNote, "a report of this program"
	}
	return f, err
}
