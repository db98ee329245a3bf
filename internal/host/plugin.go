package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// Reasons for which a plugin gave no answer, beside those of other programs.
var (
	// ErrLeftBehind says that a program ended and left one behind that kept its output open.
	ErrLeftBehind = errors.New("it left a process behind that kept its output open, and was ended")
	// ErrSwapped says that a plugin is not the file any more that was looked at first.
	ErrSwapped = errors.New("it was changed since this run began")
	// ErrNoInterpreter says that the program that a script names is not there.
	ErrNoInterpreter = errors.New("the interpreter in its first line is not there")
	// ErrNoFormat says that the kernel cannot run the file.
	ErrNoFormat = errors.New("it is no program of this machine, and has no first line such as #!/bin/sh")
	// ErrBusy says that somebody is writing the file.
	ErrBusy = errors.New("it is being written")
)

// pluginBound is the most that a plugin may say, in bytes.
const pluginBound = 256 << 10

// Plugin is a program of this computer that looks at the machine by somebody's own rule.
type Plugin struct {
	// Name is the name of its file in the folder.
	Name string
	// File is its path on this computer, without links.
	File string

	info   fs.FileInfo
	keeper keeper
}

// OpenPlugins returns the plugins of a folder of this computer, sorted by name: its
// executable files, and links to such. Folders, hidden files and what reads as
// documentation are passed over; whatever else is there is an error, so that no rule is
// forgotten. Run as root, what others can change is an Untrusted error. What lies in the
// examined tree, empty for none, is never run, and an error.
func OpenPlugins(dir, tree string) ([]Plugin, error) {
	k := anyone
	if Privileged() {
		k = 0
	}
	found, err := openPlugins(dir, k)
	if err != nil || tree == "" {
		return found, err
	}
	root, _, err := anyone.lead(tree)
	if err != nil {
		return found, nil // opening the tree says better what is wrong with it
	}
	for _, p := range found {
		if root != "/" && Inside(root, p.File) { // with "/" there is no place outside
			return nil, fmt.Errorf("%q lies in the tree that is examined, of which nothing is run: copy it elsewhere", p.File)
		}
	}
	return found, nil
}

func openPlugins(dir string, k keeper) ([]Plugin, error) {
	folder, info, err := k.lead(dir)
	if err != nil {
		return nil, err
	}
	if err := k.accept(folder, info, false); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var found []Plugin
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		plugin, err := k.plugin(folder, entry.Name())
		if err != nil {
			return nil, err
		}
		if plugin != nil {
			found = append(found, *plugin)
		}
	}
	return found, nil
}

// plugin returns the plugin of that name, nil where it is something to pass over.
func (k keeper) plugin(folder, name string) (*Plugin, error) {
	file, info, err := k.lead(filepath.Join(folder, name))
	if err != nil {
		return nil, err
	}
	runs := info.Mode().Perm()&0o111 != 0
	switch {
	case info.IsDir(), !runs && documents(name):
		return nil, nil
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%q: %w", file, ErrNotRegular)
	case !runs:
		return nil, fmt.Errorf("%q is not executable: run 'chmod +x' on it, or take it out of the folder", file)
	}
	// A sticky bit says nothing of a file.
	if err := k.accept(file, info, false); err != nil {
		return nil, err
	}
	return &Plugin{Name: name, File: file, info: info, keeper: k}, nil
}

// documents reports whether a file is there to be read by people.
func documents(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".md", ".txt", ".rst":
		return true
	}
	return strings.HasPrefix(name, "README") || strings.HasPrefix(name, "LICENSE")
}

// Run runs the plugin until it ends or ctx does, with PATH, LC_ALL=C and the given
// environment and nothing else, in a session of its own, whose first process group does
// not outlive it. Its errors are those of a Runner and the reasons above; any exit code is
// no error.
func (p Plugin) Run(ctx context.Context, env []string) (Output, error) {
	if err := p.unchanged(); err != nil {
		return Output{}, fmt.Errorf("%s: %w", p.Name, err)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	c := exec.CommandContext(ctx, p.File) //nolint:gosec // the caller's own program, which others cannot change
	c.Env = append([]string{pathVariable, cleanLanguage}, env...)
	c.Dir = "/"
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	out, err := capture(ctx, stop, c, Command{Name: p.Name, Bound: pluginBound})
	endGroup(c)
	for errno, reason := range map[error]error{
		exec.ErrWaitDelay: ErrLeftBehind, syscall.ENOEXEC: ErrNoFormat, syscall.ENOENT: ErrNoInterpreter, syscall.ETXTBSY: ErrBusy,
	} {
		if errors.Is(err, errno) {
			return out, fmt.Errorf("%s: %w", p.Name, reason)
		}
	}
	return out, err
}

// unchanged makes sure that the file is the one that was looked at. A script is opened
// once more by its interpreter, by its path, so that a handle on it would not help.
func (p Plugin) unchanged() error {
	file, info, err := p.keeper.lead(p.File)
	if err != nil {
		return err
	}
	if file != p.File || !os.SameFile(info, p.info) || info.Size() != p.info.Size() || !info.ModTime().Equal(p.info.ModTime()) {
		return ErrSwapped
	}
	return nil
}
