// Package config reads the file that --config names: what a vendor changes of the
// rules, accepts of what they find, and wants of a cleaning.
//
// It promises to take nothing that it does not know: every key, value and list is
// one that it understands, or a mistake with its line and what to write instead. It
// knows no catalogue: whether an id is that of a check or of a step is asked by the
// command line, which has both, plugins too. It opens no file.
package config

import "strings"

// Bound is how many bytes a config file has at most.
const Bound = 256 << 10

// Name is a word of the file and its line.
type Name struct {
	Text string
	Line int // from 1
}

// File is what one config file says. The zero value says nothing.
type File struct {
	// Name is the file as mistakes name it; empty where there is no file.
	Name string
	// Skip are checks to leave out, by id or category/*.
	Skip     []Name
	Limits   Limits
	Accounts Accounts
	Waivers  []*Waiver
	Clean    Clean
	// Plugins is the folder as it is written, relative to the file's; empty where there
	// is none.
	Plugins Name
}

// Limits are sizes in the place of those of the checks; 0 is none.
type Limits struct {
	// LogBytes is up to which size a log counts as empty, in bytes.
	LogBytes int64
	// HistoryBytes is from which size on a .bash_history fails, in bytes.
	HistoryBytes int64
	// DiskGiB is up to which size a disk is no warning, in GiB.
	DiskGiB int64
}

// Accounts is what is said of the accounts of the image.
type Accounts struct {
	// Allow are users that may have a password.
	Allow []Name
}

// Waiver accepts what a check finds, until a day.
type Waiver struct {
	// Check is the id of the check.
	Check Name
	// Path is a glob of the places it is about, as host.MatchPath has it; empty for
	// all that the check finds.
	Path string
	// Reason says why, in one line.
	Reason string
	// Expires is the last day on which it holds, YYYY-MM-DD, in UTC.
	Expires string
	// Line is where it begins.
	Line int
}

// Clean is what is wanted of a cleaning.
type Clean struct {
	Skip, Also []Name
	// Keep are globs of paths that stay, as host.MatchPath has them.
	Keep []Name
	// ZeroFill is "fill", "trim" or "off", and empty where the file does not say.
	ZeroFill string
}

// Texts returns the words without their lines.
func Texts(names []Name) []string {
	var all []string
	for _, n := range names {
		all = append(all, n.Text)
	}
	return all
}

// Nearest returns the known word that a mistyped one is most like, empty where none is
// much like it.
func Nearest(word string, known []string) string {
	best, least := "", max(1, min(len(word)/3, 3))+1
	for _, k := range known {
		d := distance(strings.ToLower(word), k)
		if strings.HasPrefix(k, word) && len(word) > 2 {
			d = 1
		}
		if d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is how many letters have to be put in, left out or changed.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		above := row[0] // and to the left
		row[0] = i + 1
		for j := range len(b) {
			change := above
			if a[i] != b[j] {
				change++
			}
			above = row[j+1]
			row[j+1] = min(row[j]+1, above+1, change)
		}
	}
	return row[len(b)]
}
