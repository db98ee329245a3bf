package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"syscall"
)

// Process is one running process.
type Process struct {
	PID int
	// Name is what the kernel calls it ("bash").
	Name string
}

// Shell is a shell that somebody types into.
type Shell struct {
	Process
	UID int
	// Terminal is where it is typed into ("pts/0").
	Terminal string
}

// shellNames are the programs that keep a history of what is typed.
var shellNames = [...]string{"ash", "bash", "csh", "dash", "fish", "ksh", "ksh93", "mksh", "sh", "tcsh", "zsh"}

// shells returns the interactive shells of this machine, sorted by their ids. One
// that runs a script has its name among its arguments.
func shells(ctx context.Context) ([]Shell, error) {
	var found []Shell
	err := eachProcess(ctx, func(dir string, p procStat) error {
		if p.terminal == "" || !slices.Contains(shellNames[:], p.Name) {
			return nil
		}
		line, err := os.ReadFile(filepath.Join(dir, "cmdline"))
		if err != nil || !interactive(string(line)) {
			return err
		}
		owner, err := os.Stat(dir)
		if err != nil {
			return err
		}
		uid := -1
		if stat, ok := owner.Sys().(*syscall.Stat_t); ok {
			uid = int(stat.Uid)
		}
		found = append(found, Shell{p.Process, uid, p.terminal})
		return nil
	})
	sort.Slice(found, func(i, j int) bool { return found[i].PID < found[j].PID })
	return found, err
}

// interactive reports whether the arguments of a shell name no script and no command.
func interactive(cmdline string) bool {
	args := strings.Split(strings.TrimRight(cmdline, "\x00"), "\x00")
	for _, arg := range args[1:] {
		if !strings.HasPrefix(arg, "-") || arg == "-c" {
			return false
		}
	}
	return true
}

// openFiles returns the files that processes have open, mapped or run, by their
// paths, each with one of the processes. To cut or overwrite such a file would reach
// into what its process is doing.
func openFiles(ctx context.Context) (map[string]Process, error) {
	found := map[string]Process{}
	err := eachProcess(ctx, func(dir string, p procStat) error {
		names, err := filesOf(dir)
		for _, name := range names {
			if _, known := found[name]; !known && filepath.IsAbs(name) { // "socket:[17]" is no file
				found[name] = p.Process
			}
		}
		return err
	})
	return found, err
}

// filesOf returns the names of a process's files, as far as they have any.
func filesOf(dir string) ([]string, error) {
	maps, err := os.ReadFile(filepath.Join(dir, "maps"))
	if err != nil {
		return nil, err
	}
	names := mappedFiles(string(maps))
	links := []string{"exe"}
	open, err := os.ReadDir(filepath.Join(dir, "fd"))
	for _, fd := range open {
		links = append(links, "fd/"+fd.Name())
	}
	problems := []error{err}
	for _, link := range links {
		name, err := os.Readlink(filepath.Join(dir, link))
		// A path of over 4096 bytes cannot be told; a folder may lie that deep.
		if gone(err) || errors.Is(err, syscall.ENAMETOOLONG) {
			continue
		}
		names, problems = append(names, name), append(problems, err)
	}
	return names, errors.Join(problems...)
}

// mappedFiles reads the names in the maps of a process, as proc_pid_maps(5) has them.
func mappedFiles(maps string) []string {
	var names []string
	for line := range strings.SplitSeq(maps, "\n") {
		if at := strings.IndexByte(line, '/'); at >= 0 {
			names = append(names, strings.ReplaceAll(line[at:], `\012`, "\n"))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// eachProcess visits the processes of this machine. Those whose root folder is
// another one are a container's, and their names of files are not ours; those that
// even root may not look into belong to the machine around a container we run in. A
// process that ends meanwhile is none.
func eachProcess(ctx context.Context, visit func(dir string, p procStat) error) error {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return fmt.Errorf("looking at the processes: %w", err)
	}
	ours, err := os.Stat("/")
	if err != nil {
		return fmt.Errorf("looking at the processes: %w", err)
	}
	var problems []error
	for _, e := range entries {
		if ctx.Err() != nil {
			return errors.Join(append(problems, context.Cause(ctx))...)
		}
		if _, err := strconv.Atoi(e.Name()); err != nil {
			continue
		}
		if err := oneProcess(filepath.Join("/proc", e.Name()), ours, visit); err != nil && !gone(err) {
			problems = append(problems, fmt.Errorf("looking at process %s: %w", e.Name(), err))
		}
	}
	return errors.Join(problems...)
}

func oneProcess(dir string, ours fs.FileInfo, visit func(string, procStat) error) error {
	stat, err := os.ReadFile(filepath.Join(dir, "stat"))
	if err != nil {
		return err
	}
	p, err := parseProcStat(string(stat))
	if err != nil || p.ended {
		return err
	}
	root, err := os.Stat(filepath.Join(dir, "root") + "/.")
	if errors.Is(err, fs.ErrPermission) {
		return nil
	}
	if err != nil || !os.SameFile(root, ours) {
		return err
	}
	return visit(dir, p)
}

// gone reports whether an error says that a process has ended.
func gone(err error) bool { return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) }

// String names the process for a reader.
func (p Process) String() string { return fmt.Sprintf("%s (%d)", p.Name, p.PID) }
