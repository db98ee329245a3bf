package distro

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// SSHDUser is who logs in, as far as Match blocks ask for it. Without a name it is
// somebody of whom nothing is known.
type SSHDUser struct {
	Name   string
	Groups []string
}

// answer is what is known of a condition.
type answer int

const (
	no answer = iota + 1
	perhaps
	yes
)

// For returns the setting of one of the keywords (in lower case, several where one is
// another's alias) that holds for every login of a user: the first in a Match block
// whose criteria the user meets from wherever the login comes, else the first that
// stands in none. Blocks of which nobody can tell are passed over; Blocks has them.
func (c SSHDConfig) For(who SSHDUser, keywords ...string) (SSHDSetting, bool) {
	var first SSHDSetting
	for _, s := range c.Settings {
		if !slices.Contains(keywords, s.Keyword) {
			continue
		}
		if s.Match == "" {
			if first.Keyword == "" {
				first = s
			}
			continue
		}
		if who.meets(s.Match) == yes {
			return s, true
		}
	}
	return first, first.Keyword != ""
}

// Blocks returns the settings of the keywords (in lower case) that stand in Match
// blocks and hold for some logins, of whomever.
func (c SSHDConfig) Blocks(keywords ...string) []SSHDSetting {
	return slices.DeleteFunc(slices.Clone(c.Settings), func(s SSHDSetting) bool {
		return s.Match == "" || !slices.Contains(keywords, s.Keyword)
	})
}

// meets reports whether a user meets the criteria of a Match block.
func (u SSHDUser) meets(criteria string) answer {
	sure := yes
	words := strings.Fields(criteria)
	for i := 0; i < len(words); i++ {
		criterion, value, joined := strings.Cut(words[i], "=")
		criterion = strings.ToLower(criterion)
		if criterion == "all" {
			continue
		}
		if criterion == "invalid-user" { // it has no argument, and we ask about users that exist
			return no
		}
		if !joined && i+1 < len(words) {
			i++
			value = words[i]
		}
		sure = min(sure, u.criterion(criterion, value))
	}
	return sure
}

func (u SSHDUser) criterion(criterion, patterns string) answer {
	names := []string{u.Name}
	switch criterion {
	case "user":
	case "group":
		names = u.Groups
	default:
		return perhaps
	}
	met := no
	for _, name := range names {
		matched, excluded := patternList(name, patterns)
		if excluded {
			return no
		}
		if matched {
			met = yes
		}
	}
	return met
}

// patternList matches a name against patterns as sshd does: one with a "!" that names
// it excludes it, whatever the others say.
func patternList(name, patterns string) (matched, excluded bool) {
	for pattern := range strings.SplitSeq(patterns, ",") {
		pattern, not := strings.CutPrefix(pattern, "!")
		pattern = strings.NewReplacer(`\`, `\\`, "[", `\[`).Replace(pattern)
		met, _ := path.Match(pattern, name) // what is left of a pattern is valid
		matched, excluded = matched || met && !not, excluded || met && not
	}
	return matched, excluded
}

// SSHDUser returns an account with its groups, as sshd looks them up.
func (m *Machine) SSHDUser(ctx context.Context, name string) (SSHDUser, error) {
	user := SSHDUser{Name: name}
	accounts, err := m.Accounts(ctx)
	if err != nil {
		return user, err
	}
	gid := -1
	for _, a := range accounts {
		if a.Name == name {
			gid = a.GID
		}
	}
	data, err := m.Root.ReadFile(groupFile, accountsLimit)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return user, fmt.Errorf("reading the groups: %w", err)
	}
	user.Groups = groupsOf(data, name, gid)
	return user, nil
}

const groupFile = "/etc/group"

func groupsOf(data []byte, name string, gid int) []string {
	var groups []string
	for _, line := range lines(data) {
		fields := strings.Split(strings.TrimSpace(line), ":")
		if len(fields) != 4 {
			continue
		}
		id, err := number(fields[2])
		if err == nil && id == gid || slices.Contains(strings.Split(fields[3], ","), name) {
			groups = append(groups, fields[0])
		}
	}
	return groups
}
