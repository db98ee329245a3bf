package distro

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"sort"
	"strconv"
	"strings"
)

// The files of the accounts.
const (
	Passwd    = "/etc/passwd"
	Shadow    = "/etc/shadow"
	LoginDefs = "/etc/login.defs"

	// accountsLimit is room for more than 100,000 accounts.
	accountsLimit = 16 << 20
	// maxFaults is how many lines of one file may be unreadable before it is given up:
	// a hostile file must not cost a hundred times its size.
	maxFaults = 1000
	// defaultUIDMin is where users begin if login.defs does not say, and the number
	// img_check.sh always goes by.
	defaultUIDMin = 1000
)

// Account is one account of the machine.
type Account struct {
	Name     string
	UID, GID int
	// UIDErr says that the uid is no number; UID is -1 then.
	UIDErr error
	// Home is field 6 of passwd.
	Home, Shell string
	// Line is the line of /etc/passwd, from 1.
	Line int
	// Password is what passwd itself holds, PasswordShadowed as a rule.
	Password Password
	// User: a person's account rather than the system's, by UID_MIN of login.defs.
	// Where that is above 1000, 1000 decides, as img_check.sh looks from there.
	User bool
}

// LineError is a line that could not be read. It never quotes the line.
type LineError struct {
	File   string
	Line   int // from 1
	Reason string
}

// Error names file, line and reason.
func (e LineError) Error() string { return fmt.Sprintf("%s line %d %s", e.File, e.Line, e.Reason) }

func (m *Machine) readAccounts(context.Context) ([]Account, error) {
	passwd, err := m.Root.ReadFile(Passwd, accountsLimit)
	if err != nil {
		return nil, fmt.Errorf("reading the accounts: %w", err)
	}
	accounts, badLines := ParsePasswd(passwd)
	if len(accounts) == 0 { // every system has root; a file cut to nothing is no good news
		badLines = append(badLines, LineError{Passwd, 1, "holds no account"})
	}
	uidMin, err := m.uidMin()
	badLines = append(badLines, err)
	for i := range accounts {
		a := &accounts[i]
		a.User = a.Name != "root" && (a.UID >= min(uidMin, defaultUIDMin) || a.UIDErr != nil)
	}
	return accounts, errors.Join(badLines...)
}

func (m *Machine) uidMin() (int, error) {
	defs, err := m.Root.ReadFile(LoginDefs, accountsLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return defaultUIDMin, nil
	}
	if err != nil {
		return defaultUIDMin, fmt.Errorf("reading the uid range: %w", err)
	}
	return ParseUIDMin(defs)
}

// ParsePasswd reads the lines of a passwd file, sorted by name. A line that is not
// whole is both an account, as far as it goes, since img_check.sh reads it so, and
// an error. The errors are LineErrors.
func ParsePasswd(data []byte) ([]Account, []error) {
	var accounts []Account
	var bad []error
	for i, line := range lines(data) {
		if len(bad) >= maxFaults {
			bad = append(bad, givenUp(Passwd, i+1))
			break
		}
		line, problem := accountLine(Passwd, i+1, line)
		f := strings.Split(line, ":")
		if line == "" || aside(line) && !numbered(f) {
			continue
		}
		a, problems := parseAccount(f, i+1)
		accounts = append(accounts, a)
		if aside(line) {
			continue // nobody else reads it
		}
		bad = append(bad, problem...)
		bad = append(bad, problems...)
	}
	sort.SliceStable(accounts, func(i, j int) bool { return accounts[i].Name < accounts[j].Name })
	return accounts, bad
}

func parseAccount(f []string, line int) (Account, []error) {
	var bad []error
	if len(f) != 7 || f[0] == "" {
		bad = append(bad, LineError{Passwd, line, "does not have the seven fields of an account"})
	}
	f = append(f, make([]string, 7)...)
	a := Account{Name: f[0], Password: ParsePassword(f[1]), Home: f[5], Shell: f[6], Line: line}
	if a.UID, a.UIDErr = number(f[2]); a.UIDErr != nil {
		a.UIDErr = LineError{Passwd, line, "has a uid that is no number"}
		bad = append(bad, a.UIDErr)
	}
	var err error
	if a.GID, err = number(f[3]); err != nil {
		bad = append(bad, LineError{Passwd, line, "has a gid that is no number"})
	}
	return a, bad
}

// accountLine takes off what the C library passes over before a line is read, and
// the NULs that img_check.sh's shell drops from it.
func accountLine(file string, n int, line string) (string, []error) {
	line = strings.TrimLeft(line, " \t\r\f\v")
	if !strings.ContainsRune(line, 0) {
		return line, nil
	}
	return strings.ReplaceAll(line, "\x00", ""), []error{LineError{file, n, "is not text"}}
}

// aside reports whether a line is a comment or one of NSS compatibility ("+", "-"),
// which name no account. What has a uid was an account once: what it holds is still
// in the image, and img_check.sh judges it.
func aside(line string) bool { return strings.IndexByte("#+-", line[0]) >= 0 }

func numbered(f []string) bool {
	if len(f) < 3 {
		return false
	}
	_, err := number(f[2])
	return err == nil
}

// number reads a uid or gid, -1 where it is none.
func number(field string) (int, error) {
	n, err := strconv.ParseUint(field, 10, 32)
	if err != nil {
		return -1, err
	}
	return int(n), nil
}

// ParseUIDMin returns UID_MIN of a login.defs file, 1000 where it says nothing.
func ParseUIDMin(data []byte) (int, error) {
	uidMin := defaultUIDMin
	for i, line := range lines(data) {
		f := strings.Fields(line)
		if len(f) < 2 || f[0] != "UID_MIN" {
			continue
		}
		n, err := strconv.ParseUint(f[1], 0, 32) // octal and hexadecimal are allowed there
		if err != nil {
			return defaultUIDMin, LineError{LoginDefs, i + 1, "has a UID_MIN that is no number"}
		}
		uidMin = int(n)
	}
	return uidMin, nil
}

// lines goes through the lines of a text, each with its number from 0.
func lines(data []byte) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		i := 0
		for line := range strings.SplitSeq(string(data), "\n") {
			if !yield(i, line) {
				return
			}
			i++
		}
	}
}

// givenUp says that a file was not read from that line on.
func givenUp(file string, line int) error {
	return LineError{file, line, "is where reading ended: too many lines before it cannot be read"}
}
