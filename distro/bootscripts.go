package distro

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"imgcheck/internal/host"
)

// Where commands lie that run at a droplet's first boot. cloud-init runs its scripts
// only if they are executable; systemd does the same with rc.local.
var (
	cloudScripts = [...]string{
		"/var/lib/cloud/scripts/per-instance/*", "/var/lib/cloud/scripts/per-boot/*", "/var/lib/cloud/scripts/per-once/*",
	}
	rcLocals   = [...]string{"/etc/rc.local", "/etc/rc.d/rc.local"}
	localUnits = [...]string{"/etc/systemd/system/*.service", "/usr/local/lib/systemd/system/*.service"}
)

const (
	bootScriptLimit = 256 << 10
	// bootScriptsMost bounds the scripts that others run, bootScriptDepth how far.
	bootScriptsMost  = 200
	bootScriptDepth  = 4
	bootScriptsPaths = 2000
)

// bootScript is a text of commands that runs at a droplet's first boot.
type bootScript struct{ path, text string }

// bootScripts returns what runs at the first boot, as far as it is text: cloud-init's
// scripts and configuration, rc.local, the units that were added to the distribution's
// and are enabled, and the scripts that these name. What could be read is returned
// beside an error that names what could not.
func (m *Machine) bootScripts(ctx context.Context) ([]bootScript, error) { return m.atBoot.get(ctx) }

func (m *Machine) readBootScripts(ctx context.Context) ([]bootScript, error) {
	r := bootReader{m: m, seen: map[string]bool{}}
	off, err := m.cloudInitOff(ctx)
	r.problem(err)
	if off == "" {
		for _, pattern := range cloudScripts {
			r.executable(pattern)
		}
		config, _ := m.CloudConfig(ctx) // whoever needs it whole asks for it
		for _, file := range config.Files {
			r.text(file, 0)
		}
	}
	for _, file := range rcLocals {
		r.executable(file)
	}
	r.units(ctx)
	if err := errors.Join(r.problems...); err != nil {
		return r.found, fmt.Errorf("reading what runs at first boot: %w", err)
	}
	return r.found, nil
}

type bootReader struct {
	m        *Machine
	found    []bootScript
	seen     map[string]bool
	problems []error
}

func (r *bootReader) problem(err error) {
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, host.ErrNotRegular) {
		r.problems = append(r.problems, err)
	}
}

func (r *bootReader) executable(pattern string) {
	names, err := r.m.Root.Glob(pattern)
	r.problem(err)
	for _, name := range names {
		info, err := r.m.Root.Stat(name)
		r.problem(err)
		if err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0 {
			r.text(name, 0)
		}
	}
}

// units reads the units that are no links: those of packages lie elsewhere.
func (r *bootReader) units(ctx context.Context) {
	for _, pattern := range localUnits {
		names, err := r.m.Root.Glob(pattern)
		r.problem(err)
		for _, name := range names {
			info, err := r.m.Root.Lstat(name)
			r.problem(err)
			if err != nil || !info.Mode().IsRegular() {
				continue
			}
			state, err := r.m.Units.State(ctx, path.Base(name))
			r.problem(err)
			if state.Enabled && !state.Masked {
				r.text(name, 0)
			}
		}
	}
}

// text takes one text and the scripts that it names.
func (r *bootReader) text(name string, depth int) {
	real, err := r.m.Root.Resolve(name)
	r.problem(err)
	if err != nil || r.seen[real] || depth > bootScriptDepth || len(r.found) >= bootScriptsMost {
		return
	}
	r.seen[real] = true
	data, _, err := r.m.Root.ReadHead(name, bootScriptLimit)
	r.problem(err)
	if bytes.IndexByte(data, 0) >= 0 {
		return // a program
	}
	r.found = append(r.found, bootScript{name, string(data)})
	for _, named := range namedPaths(string(data)) {
		if len(r.seen) < bootScriptsPaths && r.isScript(named) {
			r.text(named, depth+1)
		}
	}
}

func (r *bootReader) isScript(name string) bool {
	info, err := r.m.Root.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return false // most paths in a script are no scripts, and need not be there
	}
	head, _, err := r.m.Root.ReadHead(name, 2)
	r.problem(err)
	return string(head) == "#!"
}

var (
	pathWord = regexp.MustCompile(`(?:^|[\s"'=;(&|@+-])((?:\./|/)[\w./@+-]+)`)
	cdWord   = regexp.MustCompile(`(?:^|[\s;&|])cd\s+["']?(/[\w./@+-]*)`)
)

// namedPaths returns the absolute paths that a script names, and the relative ones
// behind a "cd", in order and each once.
func namedPaths(text string) []string {
	dir := "/"
	var named []string
	for _, line := range lines([]byte(text)) {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		if to := cdWord.FindStringSubmatch(line); to != nil {
			dir = to[1]
		}
		for _, found := range pathWord.FindAllStringSubmatch(line, -1) {
			name := found[1]
			if !path.IsAbs(name) {
				name = path.Join(dir, name)
			}
			if name = path.Clean(name); !slices.Contains(named, name) && len(named) < bootScriptsPaths {
				named = append(named, name)
			}
		}
	}
	return named
}
