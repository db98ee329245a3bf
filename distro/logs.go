package distro

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"imgcheck/internal/host"
)

// Places of logs with rules of their own.
const (
	LogDir     = "/var/log"
	journalDir = JournalDir + "/"
	lfdLog     = "/var/log/lfd.log"
	cpanelLog  = "/var/log/cpanel-install.log"
	// LogLimit is the size in bytes up to which img_check.sh takes a log for empty.
	LogLimit = 50
)

// LogKind is what a file under /var/log is, by its name.
type LogKind int

// The kinds of logs.
const (
	// LogCurrent is a log that is being written.
	LogCurrent LogKind = iota + 1
	// LogArchive is a rotated log.
	LogArchive
	// LogLogins is a binary record of logins, which says nothing by its size.
	LogLogins
	// LogJournal is a file of systemd's journal, which is never of no size.
	LogJournal
	// LogKept must stay: cPanel's support needs its installation log.
	LogKept
)

var datedLog = regexp.MustCompile(`-(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]*(-[0-9]+)?(\.log)?$`)

// KindOfLog says what the regular file of that path under /var/log is. It goes by
// the name alone, as logrotate and its kin give them.
func KindOfLog(name string) LogKind {
	dir, base := path.Split(name)
	switch {
	case strings.HasPrefix(name, journalDir):
		return LogJournal
	case name == cpanelLog:
		return LogKept
	case isRotated(base):
		return LogArchive
	case dir == LogDir+"/" && isLoginRecord(base):
		return LogLogins
	}
	return LogCurrent
}

// isRotated reports whether a name is that of a log that was packed, counted or dated.
func isRotated(base string) bool {
	dot := strings.LastIndexByte(base, '.')
	switch ending := base[dot+1:]; {
	case dot < 0:
	case ending == "gz", ending == "xz", ending == "bz2", ending == "zst", ending == "old":
		return true
	case ending != "" && strings.Trim(ending, "0123456789") == "":
		return true
	}
	// Only names with a date's beginning are worth a regular expression: there are many.
	return (strings.Contains(base, "-19") || strings.Contains(base, "-20")) && datedLog.MatchString(base)
}

// Log is one file under /var/log that holds something.
type Log struct {
	Path string
	Size int64 // in bytes
	Kind LogKind
}

// Logs is what lies under /var/log.
type Logs struct {
	// Missing: there is no such folder.
	Missing bool
	// List holds the archives of any size and the current logs over LogLimit bytes, or
	// over what the settings say where that is less, sorted by folder and name.
	List []Log
}

// Logs returns what lies under /var/log. Links are not followed; fifos, sockets and
// devices hold nothing and are left out. What could be listed is returned beside an
// error that names the folders that could not.
func (m *Machine) Logs(ctx context.Context) (Logs, error) { return m.logs.get(ctx) }

// logLimit is the size in bytes up to which a log counts as empty.
func (m *Machine) logLimit() int64 {
	if m.settings.LogBytes > 0 {
		return m.settings.LogBytes
	}
	return LogLimit
}

func (m *Machine) readLogs(ctx context.Context) (Logs, error) {
	switch info, err := m.Root.Stat(LogDir); {
	case errors.Is(err, fs.ErrNotExist):
		return Logs{Missing: true}, nil
	case err == nil && !info.IsDir():
		return Logs{}, fmt.Errorf("looking at the logs: %s is no folder", LogDir)
	}
	limit := m.logLimit()
	least := min(limit, LogLimit)
	var found Logs
	var unread error
	err := m.Root.Walk(ctx, LogDir, func(e host.Entry) error {
		if !e.Info.Mode().IsRegular() {
			return nil
		}
		log := Log{Path: e.Path, Size: e.Info.Size(), Kind: KindOfLog(e.Path)}
		if log.Path == lfdLog && log.Size > least {
			log.Size, unread = m.lfdSize(log.Size, limit)
		}
		if log.Kind == LogArchive || log.Kind == LogCurrent && log.Size > least {
			found.List = append(found.List, log)
		}
		return nil
	})
	if err := errors.Join(err, unread); err != nil {
		return found, fmt.Errorf("looking at the logs: %w", err)
	}
	return found, nil
}

// lfdOwnLines are what csf's login-failure daemon writes whenever logs are rotated,
// the cleaning of an image included.
var lfdOwnLines = [...]string{"/var/log/messages has been reset", " Watching /var/log/messages"}

const (
	lfdLineLimit = 64 << 10
	lfdReadLimit = 16 << 20
)

// lfdSize returns how many bytes of lfd.log are not its own lines: the file's size
// as soon as they are over the limit.
func (m *Machine) lfdSize(size, limit int64) (rest int64, err error) {
	f, err := m.Root.Open(lfdLog)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	r := bufio.NewReaderSize(io.LimitReader(f, lfdReadLimit), lfdLineLimit)
	for {
		line, err := r.ReadSlice('\n')
		if !isLFDLine(line) {
			rest += int64(len(line))
		}
		switch {
		case rest > limit, errors.Is(err, io.EOF) && size > lfdReadLimit:
			return size, nil
		case errors.Is(err, io.EOF):
			return rest, nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return 0, fmt.Errorf("reading %s: %w", lfdLog, err)
		}
	}
}

func isLFDLine(line []byte) bool {
	for _, own := range lfdOwnLines {
		if bytes.Contains(line, []byte(own)) {
			return true
		}
	}
	return false
}
