package check

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

// judged remembers which outcomes the tables of this package have shown of each check.
type judged struct {
	mu   sync.Mutex
	seen map[string]map[Status]bool
}

var shown = &judged{seen: map[string]map[Status]bool{}}

func (j *judged) add(id string, s Status) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.seen[id] == nil {
		j.seen[id] = map[Status]bool{}
	}
	j.seen[id][s] = true
}

// missing names the checks whose tables leave out a kind of outcome.
func (j *judged) missing() []string {
	var gaps []string
	for _, c := range Catalogue() {
		s := j.seen[c.ID]
		if !s[Pass] {
			gaps = append(gaps, c.ID+": no row passes")
		}
		if !s[Warn] && !s[Fail] {
			gaps = append(gaps, c.ID+": no row warns or fails")
		}
		if !s[Error] && !s[Skip] {
			gaps = append(gaps, c.ID+": no row where it cannot look")
		}
	}
	return gaps
}

// TestMain enforces over the whole catalogue that each check has its table.
func TestMain(m *testing.M) {
	code := m.Run()
	whole := true
	for _, arg := range os.Args[1:] {
		if strings.HasPrefix(arg, "-test.run=") || strings.HasPrefix(arg, "-test.list=") ||
			strings.HasPrefix(arg, "-test.fuzz=") || strings.HasPrefix(arg, "-test.skip=") {
			whole = false
		}
	}
	if gaps := shown.missing(); code == 0 && whole && len(gaps) > 0 {
		fmt.Println("incomplete tables:\n" + strings.Join(gaps, "\n"))
		code = 1
	}
	os.Exit(code)
}

// commandPart is an option, or a program with what it is to do.
var commandPart = regexp.MustCompile(`(^|\s)(--?[a-z]|(imgcheck|truncate|systemctl|apt-get|dnf) [-a-z]+)`)

func TestCatalogue(t *testing.T) {
	kebab := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	seen := map[string]bool{}
	for _, c := range Catalogue() {
		assert.Regexp(t, kebab, c.ID)
		assert.False(t, seen[c.ID], "%s stands twice", c.ID)
		seen[c.ID] = true
		assert.Regexp(t, kebab, c.Category, c.ID)
		assert.NotEmpty(t, c.Title, c.ID)
		assert.NotEmpty(t, c.Found, c.ID)
		assert.NotEmpty(t, c.Doc, c.ID)
		assert.NotEmpty(t, c.Remedy, c.ID)
		for i, part := range strings.Split(c.Remedy, `"`) {
			assert.False(t, i%2 == 0 && commandPart.MatchString(part), "%s: a command stands outside of quotes: %s", c.ID, part)
		}
		assert.Zero(t, strings.Count(c.Remedy, `"`)%2, "%s: a quote is not closed", c.ID)
		assert.NotEmpty(t, c.Sources, c.ID)
		assert.NotNil(t, c.Run, c.ID)
		assert.False(t, strings.HasSuffix(c.Title, "."), "%s: a title is no sentence", c.ID)
		if c.Upstream {
			assert.NotEmpty(t, c.Script, "%s: say what img_check.sh does", c.ID)
		}
	}
}
