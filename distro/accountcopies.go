package distro

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"imgcheck/internal/host"
)

// AccountCopy is a copy of one of the account files, or PAM's memory of passwords.
type AccountCopy struct {
	Path string
	// Hashes is how many hashes of passwords it holds.
	Hashes int
	// Gone is how many accounts or groups it names that the machine has no more.
	Gone int
}

// AccountCopies returns the copies of the account files that hold something. Those
// that could be read are returned beside an error that names those that could not.
func (m *Machine) AccountCopies(ctx context.Context) ([]AccountCopy, error) {
	var found []AccountCopy
	var problems []error
	var names []string
	for _, pattern := range append(AccountBackups(), OldPasswords) {
		matched, err := m.Root.Glob(pattern)
		names, problems = append(names, matched...), append(problems, err)
	}
	if len(names) == 0 {
		return nil, errors.Join(problems...)
	}
	known, err := m.knownAccounts(ctx)
	problems = append(problems, err)
	for _, name := range names {
		data, err := m.accountCopy(name)
		problems = append(problems, err)
		if len(bytes.TrimSpace(data)) == 0 {
			continue
		}
		// Where the machine's accounts are not known, only a hash says something.
		if copied := readAccountCopy(name, data, known); known != nil || copied.Hashes > 0 {
			found = append(found, copied)
		}
	}
	return found, errors.Join(problems...)
}

// accountCopy returns what a copy holds, unpacked, nothing where there is no file.
func (m *Machine) accountCopy(name string) ([]byte, error) {
	data, err := m.Root.ReadFile(name, accountsLimit)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, host.ErrNotRegular) {
		return nil, nil
	}
	if err != nil || !strings.HasSuffix(name, ".gz") || len(data) == 0 {
		return data, err
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(data))
	if err == nil {
		data, err = io.ReadAll(io.LimitReader(unpacked, accountsLimit+1))
	}
	if err == nil && len(data) > accountsLimit {
		err = host.ErrTooLarge
	}
	if err != nil {
		return nil, fmt.Errorf("unpacking %s: %w", name, err)
	}
	return data, nil
}

// knownAccounts are the names of the machine's accounts and, behind a colon, of its
// groups; nil where they cannot all be read, as nothing is known to be gone then.
func (m *Machine) knownAccounts(ctx context.Context) (map[string]bool, error) {
	accounts, err := m.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	groups, err := m.Root.ReadFile(groupFile, accountsLimit)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading the groups: %w", err)
	}
	known := map[string]bool{}
	for _, a := range accounts {
		known[a.Name] = true
	}
	for line := range bytes.Lines(groups) {
		name, _, _ := strings.Cut(string(line), ":")
		known[":"+strings.TrimSpace(name)] = true
	}
	return known, nil
}

// readAccountCopy goes by the name of the copy: shadow-, shadow.bak, shadow.1.gz.
func readAccountCopy(name string, data []byte, known map[string]bool) AccountCopy {
	found := AccountCopy{Path: name}
	kind := path.Base(name)
	if i := strings.IndexAny(kind, ".-"); i > 0 {
		kind = kind[:i]
	}
	mark := ""
	if strings.Contains(kind, "group") || kind == "gshadow" {
		mark = ":"
	}
	for line := range bytes.Lines(data) {
		f := strings.Split(strings.TrimRight(string(line), "\r\n"), ":")
		if f[0] == "" || aside(f[0]) {
			continue
		}
		if known != nil && !known[mark+f[0]] {
			found.Gone++
		}
		if copyHoldsHash(kind, f) {
			found.Hashes++
		}
	}
	return found
}

// copyHoldsHash: opasswd has its hashes in the fourth field, subuid and subgid have
// none, and the others theirs in the second.
func copyHoldsHash(kind string, f []string) bool {
	switch {
	case kind == path.Base(OldPasswords):
		return len(f) > 3 && f[3] != ""
	case strings.HasPrefix(kind, "sub") || len(f) < 2:
		return false
	}
	switch ParsePassword(f[1]) {
	case PasswordHash, PasswordLockedHash:
		return true
	}
	return false
}
