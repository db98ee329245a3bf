package distro

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"imgcheck/internal/host"
)

// logLimits bound one search through logs, in bytes.
type logLimits struct {
	// read is of what is on the disk; unpacked of what all archives hold, archive of
	// what one does.
	read, unpacked, archive int64
}

func usualLogLimits() logLimits {
	return logLimits{read: 4 << 30, unpacked: 512 << 20, archive: 256 << 20}
}

// LogSecrets looks for tokens and private keys in the logs: in all under /var/log
// that hold more than LogLimit bytes, unpacked where they are archives, in the
// journal, and where cloud-init is told to write its output. What could be searched
// is returned, sorted by path, beside an error that names what could not.
func (m *Machine) LogSecrets(ctx context.Context) ([]Secret, error) {
	return m.searchLogs(ctx, usualLogLimits())
}

func (m *Machine) searchLogs(ctx context.Context, left logLimits) ([]Secret, error) {
	s := logSearch{m: m, scanner: newSecretScanner(), head: bufio.NewReaderSize(nil, scanBuffer), left: left}
	logs, err := m.Logs(ctx)
	problems := []error{err}
	var files []string
	for _, log := range logs.List {
		files = append(files, log.Path)
	}
	for _, find := range []func(context.Context) ([]string, error){m.journalFiles, m.cloudInitOutput} {
		found, err := find(ctx)
		files, problems = append(files, found...), append(problems, err)
	}
	files = append(files, cpanelLog)
	slices.Sort(files)
	for _, file := range slices.Compact(files) {
		if ctx.Err() != nil {
			break
		}
		if s.left.read <= 0 || s.left.unpacked <= 0 {
			problems = append(problems, fmt.Errorf("%w: it ended before %s", errSearchEnded, file))
			break
		}
		if err := s.file(ctx, file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			problems = append(problems, err)
		}
	}
	if err := errors.Join(problems...); err != nil {
		return s.found, fmt.Errorf("looking for secrets in the logs: %w", err)
	}
	return s.found, nil
}

// journalFiles returns the files of the persistent journal. It keeps short messages
// as they are.
func (m *Machine) journalFiles(ctx context.Context) ([]string, error) {
	var files []string
	err := m.Root.Walk(ctx, strings.TrimSuffix(journalDir, "/"), func(e host.Entry) error {
		if e.Info.Mode().IsRegular() {
			files = append(files, e.Path)
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, host.ErrNotFolder) {
		return files, nil
	}
	return files, err
}

// outputFile is a file that cloud-init's "output" setting writes to: "> FILE",
// ">> FILE", "| tee -a FILE".
var outputFile = regexp.MustCompile(`(?:>|\btee(?:\s+-a|\s+--append)?)\s*(/[^\s|>]+)`)

func (m *Machine) cloudInitOutput(ctx context.Context) ([]string, error) {
	config, err := m.CloudConfig(ctx)
	files := []string{}
	for _, key := range []string{"output", "def_log_file"} {
		setting, _ := config.Setting(key)
		for _, text := range setting.Texts() {
			if key == "def_log_file" {
				files = append(files, text)
			}
			for _, found := range outputFile.FindAllStringSubmatch(text, -1) {
				files = append(files, found[1])
			}
		}
	}
	return slices.DeleteFunc(files, func(f string) bool { return host.Inside(LogDir, f) || host.Inside("/dev", f) }), err
}

// logSearch is one search.
type logSearch struct {
	m       *Machine
	scanner *secretScanner
	head    *bufio.Reader
	found   []Secret
	left    logLimits
}

func (s *logSearch) file(ctx context.Context, name string) (err error) {
	f, err := s.m.Root.Open(name)
	if errors.Is(err, host.ErrNotRegular) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return err
	}
	counted := &countingReader{from: contextReader{ctx, host.DataReader(f)}}
	text, bound, err := s.text(counted)
	if err != nil {
		return fmt.Errorf("unpacking %s: %w", name, err)
	}
	hits, size, err := s.scanner.scan(io.LimitReader(text, bound+1))
	s.left.read -= counted.size
	for _, hit := range hits {
		found := Secret{Path: name, Kind: hit.Kind, Line: hit.Line, Places: hit.Places, Shared: hit.Key}
		if host.Inside(strings.TrimSuffix(journalDir, "/"), name) {
			found.Line = 0 // it has none
		}
		s.found = append(s.found, found)
	}
	switch {
	case err != nil:
		return fmt.Errorf("reading %s: %w", name, err)
	case size > bound:
		return fmt.Errorf("%w: it ended %d bytes into %s", errSearchEnded, bound, name)
	}
	return nil
}
