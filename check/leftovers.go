package check

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

// filled returns those of the files that match the patterns and hold something. What
// a link leads to counts; what is neither there nor a regular file holds nothing.
func filled(m *distro.Machine, patterns ...string) ([]host.Entry, error) {
	var found []host.Entry
	var problems []error
	for _, pattern := range patterns {
		names, err := m.Root.Glob(pattern)
		problems = append(problems, err)
		for _, name := range names {
			info, err := m.Root.Stat(name)
			switch {
			case errors.Is(err, fs.ErrNotExist):
			case err != nil:
				problems = append(problems, err)
			case info.Mode().IsRegular() && info.Size() > 0:
				found = append(found, host.Entry{Path: name, Info: info})
			}
		}
	}
	return found, errors.Join(problems...)
}

// below visits everything in the folders, at any depth, but for what is mounted
// there, which is not in the image. A folder that is not there holds nothing, and one
// that goes by two names is visited once.
func below(ctx context.Context, m *distro.Machine, dirs []string, visit func(host.Entry) error) error {
	var seen []string
	var problems []error
	for _, dir := range dirs {
		real, err := m.Root.Resolve(dir)
		if err == nil && !slices.Contains(seen, real) {
			seen = append(seen, real)
			err = m.Root.WalkMount(ctx, dir, func(e host.Entry) error {
				if e.Mount {
					return nil
				}
				return visit(e)
			})
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}

// filesBelow returns the files of any size but none in the folders, at any depth.
func filesBelow(ctx context.Context, m *distro.Machine, dirs []string) ([]host.Entry, error) {
	var found []host.Entry
	err := below(ctx, m, dirs, func(e host.Entry) error {
		if e.Info.Mode().IsRegular() && e.Info.Size() > 0 {
			found = append(found, e)
		}
		return nil
	})
	return found, err
}

// sizes are findings that name the files and their sizes.
func sizes(files []host.Entry) []Finding {
	var findings []Finding
	for _, f := range files {
		findings = append(findings, Finding{Level: LevelWarn, Path: f.Path, Message: BinarySize(f.Info.Size())})
	}
	return findings
}

// looking wraps what kept a check from looking; nil stays nil.
func looking(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("looking %s: %w", what, err)
}
