package clean_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"imgcheck/check"
	"imgcheck/clean"
)

// specified are the ids of all steps in the order of the catalogue. They never change.
func specified() []string {
	return []string{
		"wait", "upgrade", "autoremove", "do-agent", "package-cache", "apt-lists", "quiet",
		"ssh-keys", "history", "root-password", "user-passwords", "private-keys", "credential-secret",
		"mail", "temp", "crash-dumps", "account-backups", "installer-files", "file-index", "swap", "cloud-init-semaphores",
		"logs", "cloud-init", "identity", "host-keys", "zero-fill", "self",
	}
}

// asked are the steps that run only where they are asked for.
func asked() []string {
	return []string{
		"root-password", "user-passwords", "private-keys", "credential-secret", "swap", "apt-lists", "cloud-init-semaphores", "self",
	}
}

// elsewhere are steps whose tests are not tables of trees: they call programs of a
// running machine, or work on file systems.
func elsewhere() []string {
	return []string{"wait", "upgrade", "autoremove", "do-agent", "package-cache", "apt-lists", "quiet", "zero-fill"}
}

// tables remembers what the tables of this package hold of each step.
type tables struct {
	mu             sync.Mutex
	dirty, hostile map[string]bool
}

var shown = &tables{dirty: map[string]bool{}, hostile: map[string]bool{}}

func (s *tables) add(id string, r row) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dirty[id] = s.dirty[id] || r.dirt != "" && len(r.want) > 0
	s.hostile[id] = s.hostile[id] || r.hostile != ""
}

// missing names the steps whose tables leave something out.
func (s *tables) missing() []string {
	var gaps []string
	for _, step := range clean.Catalogue() {
		if slices.Contains(elsewhere(), step.ID) {
			continue
		}
		if !s.dirty[step.ID] {
			gaps = append(gaps, step.ID+": no row in which it has something to do")
		}
		if !s.hostile[step.ID] {
			gaps = append(gaps, step.ID+": no row on a hostile tree")
		}
	}
	return gaps
}

// TestMain enforces over the whole catalogue that each step has its table.
func TestMain(m *testing.M) {
	code := m.Run()
	whole := !slices.ContainsFunc(os.Args[1:], func(arg string) bool {
		return regexp.MustCompile(`^-test\.(run|list|fuzz|skip)=`).MatchString(arg)
	})
	if gaps := shown.missing(); code == 0 && whole && len(gaps) > 0 {
		fmt.Println("incomplete tables:\n" + strings.Join(gaps, "\n"))
		code = 1
	}
	os.Exit(code)
}

func TestCatalogue(t *testing.T) {
	var ids []string
	for _, s := range clean.Catalogue() {
		ids = append(ids, s.ID)
		assert.Regexp(t, `^[a-z]+(-[a-z]+)*$`, s.ID)
		assert.NotEmpty(t, s.Title, s.ID)
		assert.False(t, strings.HasSuffix(s.Title, "."), "%s: a title is no sentence", s.ID)
		assert.NotEmpty(t, s.Doc, s.ID)
		assert.NotEmpty(t, s.Sources, s.ID)
		assert.NotEmpty(t, s.Stages, s.ID)
		assert.NotNil(t, s.Plan, s.ID)
		assert.Equal(t, !slices.Contains(asked(), s.ID), s.Default, s.ID)
	}
	// Steps that are not written yet are left out, none is added or out of its place.
	want := slices.DeleteFunc(specified(), func(id string) bool { return slices.Contains(elsewhere(), id) && !slices.Contains(ids, id) })
	assert.Equal(t, want, ids)
}

// TestStagesFollowTheCatalogue: a step does not run before one that stands above it,
// except where it runs in several stages or later than its kin.
func TestStagesFollowTheCatalogue(t *testing.T) {
	last := clean.StageWait
	for _, s := range clean.Catalogue() {
		if len(s.Stages) > 1 || s.ID == "apt-lists" { // which the checks still need
			continue
		}
		assert.GreaterOrEqual(t, s.Stages[0], last, s.ID)
		last = s.Stages[0]
	}
}

// TestCuresExist: what a check names as its cure is a step.
func TestCuresExist(t *testing.T) {
	var ids []string
	for _, s := range clean.Catalogue() {
		ids = append(ids, s.ID)
	}
	for _, c := range check.Catalogue() {
		for _, id := range c.FixedBy {
			assert.Contains(t, ids, id, c.ID)
		}
	}
}
