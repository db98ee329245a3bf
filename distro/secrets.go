package distro

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"

	"imgcheck/internal/host"
)

// Secret is something in the image that opens an account, or that all droplets
// would share. It never holds the secret itself.
type Secret struct {
	Path string
	// Kind names it for a reader ("GitHub token").
	Kind string
	// Line is the first line it stands on, from 1, or 0; Places is how often it stands
	// there.
	Line, Places int
	// Shared: it opens nothing elsewhere, but something of the machine's own, which is
	// no secret once every droplet has it.
	Shared bool
}

// Secrets is what a search found.
type Secrets struct {
	// Found is sorted by path and line.
	Found []Secret
	// Mounted are folders that were passed over because a file system is mounted there.
	Mounted []string
}

// searchLimits bound one search.
type searchLimits struct {
	files int
	// bytes is how much is read, in bytes.
	bytes int64
}

// secretLimits are far above what a droplet has where it is searched, and below what
// a check may cost.
func secretLimits() searchLimits { return searchLimits{files: 100_000, bytes: 1 << 30} }

const (
	// secretFileBytes is how much of one file is searched, in bytes.
	secretFileBytes = 1 << 20
	// secretLeast is the size in bytes below which a file holds no token.
	secretLeast = 20
	// secretSniff is how much of a file tells whether it is text, in bytes.
	secretSniff = 8 << 10
)

// errSearchEnded says that a bound was reached.
var errSearchEnded = errors.New("there is more than is searched")

// Secrets looks for credentials: in the files where programs keep them, in the homes
// of all accounts, and by the form of tokens and private keys in the text files of
// homes, configuration and what is served, their first MiB. What could be searched is
// returned beside an error that names what could not.
func (m *Machine) Secrets(ctx context.Context) (Secrets, error) {
	return m.findSecrets(ctx, secretLimits())
}

func (m *Machine) findSecrets(ctx context.Context, left searchLimits) (Secrets, error) {
	s := secretSearch{m: m, scanner: newSecretScanner(), left: left}
	s.walk = treeWalk{m: m, enter: searched, visit: func(e host.Entry) error { return s.file(ctx, e.Path, e.Info) }}
	homes, err := m.Homes(ctx)
	s.problem(err)
	for _, f := range credentialFiles() {
		if ctx.Err() != nil {
			break
		}
		s.credentials(f, homes)
	}
	accounts, _ := m.Accounts(ctx) // its error is part of the homes'
	trees, err := s.walk.distinct(secretTrees[:], ownHomes(homes, accounts))
	s.problem(err)
	for _, tree := range trees {
		err := s.walk.walk(ctx, tree)
		s.problem(err)
		if errors.Is(err, errSearchEnded) || ctx.Err() != nil {
			break
		}
	}
	s.found.Mounted = s.walk.mounted
	for _, h := range homes {
		s.dotFiles(ctx, h)
	}
	sort.SliceStable(s.found.Found, func(i, j int) bool {
		a, b := s.found.Found[i], s.found.Found[j]
		return cmp.Or(strings.Compare(a.Path, b.Path), a.Line-b.Line) < 0
	})
	if err := errors.Join(s.problems...); err != nil {
		return s.found, fmt.Errorf("looking for credentials: %w", err)
	}
	return s.found, nil
}

// secretSearch is one search. known are the files that hold credentials as such, by
// their paths without links; searched are the trees that were walked.
type secretSearch struct {
	m        *Machine
	scanner  *secretScanner
	found    Secrets
	walk     treeWalk
	known    []string
	head     [secretSniff]byte
	left     searchLimits
	problems []error
}

func (s *secretSearch) problem(err error) {
	if err != nil {
		s.problems = append(s.problems, err)
	}
}

// credentials looks for one kind of file, in every home or in its own place.
func (s *secretSearch) credentials(f credentialFile, homes []Home) {
	if path.IsAbs(f.path) {
		s.credentialsAt(f, f.path)
		return
	}
	first, _, _ := strings.Cut(f.path, "/")
	for _, h := range homes {
		if h.Has(first) {
			s.credentialsAt(f, path.Join(globQuote(h.Dir), f.path))
		}
	}
}

// globQuote keeps a folder's name from being taken for a pattern.
func globQuote(dir string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(dir)
}

func (s *secretSearch) credentialsAt(f credentialFile, pattern string) {
	names, err := s.m.Root.Glob(pattern)
	s.problem(err)
	for _, name := range names {
		data, whole, err := s.m.Root.ReadHead(name, secretFileBytes)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, host.ErrNotRegular) {
			continue // a link to nothing, or what no program keeps credentials in
		}
		if err != nil {
			s.problem(err)
			continue
		}
		line, found, err := f.holds(data)
		switch {
		case found:
			real, err := s.m.Root.Resolve(name)
			s.problem(err)
			s.known = append(s.known, real)
			s.found.Found = append(s.found.Found, Secret{Path: name, Kind: f.what, Line: line, Places: 1, Shared: f.shared})
		case err != nil:
			s.problem(fmt.Errorf("%s: %w", name, err))
		case !whole:
			s.problem(fmt.Errorf("%s: %w", name, host.ErrTooLarge))
		}
	}
}
