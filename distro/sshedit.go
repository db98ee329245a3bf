package distro

import (
	"bytes"
	"context"
	"path"
	"regexp"
	"slices"
	"strings"
)

// LineRemoval is what is known of a line of sshd's configuration at a droplet's first
// boot.
type LineRemoval struct {
	// By is the script that removes it, empty where none does.
	By string
	// Perhaps are scripts that change the file in a way that is not understood here, and
	// Others those that change it and leave the line.
	Perhaps, Others []string
}

// RemovedAtBoot looks in what runs at first boot for a command that removes a setting
// from its file: sed, rm, mv, cp, a redirection. Conditions around it are taken to
// hold. With an error it has seen less than there is.
func (m *Machine) RemovedAtBoot(ctx context.Context, setting SSHDSetting) (LineRemoval, error) {
	var removal LineRemoval
	data, err := m.Root.ReadFile(setting.File, sshdFileLimit)
	if err != nil {
		return removal, err
	}
	line := bytes.Split(data, []byte{'\n'})[setting.Line-1]
	scripts, err := m.bootScripts(ctx)
	for _, s := range scripts {
		if s.path == setting.File {
			continue
		}
		switch editOf(s.text, setting.File, string(line)) {
		case editRemoves:
			removal.By = s.path
			return removal, nil
		case editUnclear:
			removal.Perhaps = append(removal.Perhaps, s.path)
		case editOther:
			removal.Others = append(removal.Others, s.path)
		}
	}
	return removal, err
}

// edit is what a script does to a line of a file.
type edit int

const (
	editNone edit = iota
	editOther
	editUnclear
	editRemoves
)

var (
	continued   = regexp.MustCompile(`\\\n\s*`)
	assignment  = regexp.MustCompile(`^\s*(?:export\s+|local\s+|readonly\s+)?([A-Za-z_]\w*)=["']?([^\s"'$]+)["']?\s*$`)
	variableUse = regexp.MustCompile(`\$\{?[A-Za-z_]\w*\}?`)
	commandWord = regexp.MustCompile(`'[^']*'|"(?:\\.|[^"\\])*"|>>?\|?|[^\s'">|;&]+|[|;&]+`)
)

// editOf finds the strongest edit of a line of a file in a script.
func editOf(script, file, line string) edit {
	strongest := editNone
	variables := map[string]string{}
	for _, command := range lines([]byte(continued.ReplaceAllString(script, " "))) {
		if trimmed := strings.TrimSpace(command); strings.HasPrefix(trimmed, "#") {
			continue
		}
		if set := assignment.FindStringSubmatch(command); set != nil {
			variables[set[1]] = set[2]
		}
		words := commandWord.FindAllString(command, -1)
		for start := 0; start < len(words); {
			end := start
			for end < len(words) && strings.Trim(words[end], "|;&") != "" {
				end++
			}
			strongest = max(strongest, commandEdit(expandWords(words[start:end], variables), file, line))
			start = end + 1
		}
	}
	return strongest
}

// expandWords takes the quotes off and puts the values of variables in.
func expandWords(words []string, variables map[string]string) []string {
	out := make([]string, len(words))
	for i, word := range words {
		if bare := strings.Trim(word, `"`); !strings.HasPrefix(word, "'") {
			word = variableUse.ReplaceAllStringFunc(bare, func(use string) string {
				if value, known := variables[strings.Trim(use, "${}")]; known {
					return value
				}
				return use
			})
		}
		out[i] = strings.Trim(word, "'")
	}
	return out
}

// commandEdit judges one command.
func commandEdit(words []string, file, line string) edit {
	at := slices.IndexFunc(words, func(w string) bool { return namesFile(w, file) })
	if at < 0 {
		return folderEdit(words, file)
	}
	if at > 0 && strings.HasPrefix(words[at-1], ">") {
		return editIf(!strings.HasPrefix(words[at-1], ">>"))
	}
	for i, word := range words[:at] {
		switch path.Base(word) {
		case "sed":
			return sedEdit(slices.DeleteFunc(unredirected(words[i+1:]), func(w string) bool { return namesFile(w, file) }), line)
		case "rm", "unlink", "mv", "truncate", "shred":
			return editRemoves
		case "cp", "install", "ln":
			if at == len(words)-1 {
				return editRemoves
			}
		case "tee":
			return editIf(!slices.Contains(words, "-a") && !slices.Contains(words, "--append"))
		case "perl", "awk", "gawk", "ed", "ex", "vim", "python", "python3", "augtool", "ansible", "crudini", "patch":
			return editUnclear
		}
	}
	return editNone
}

// editIf is an edit that takes the line away, or one that leaves it.
func editIf(removes bool) edit {
	if removes {
		return editRemoves
	}
	return editOther
}

// namesFile reports whether a word of a command stands for a file.
func namesFile(word, file string) bool {
	matched, err := path.Match(word, file)
	return err == nil && matched
}

// folderEdit judges a command that does not name the file: one that removes its
// folder does.
func folderEdit(words []string, file string) edit {
	if len(words) > 1 && path.Base(words[0]) == "rm" && slices.Contains(words[1:], path.Dir(file)) {
		return editRemoves
	}
	return editNone
}

// unredirected returns the words of a command before its first redirection.
func unredirected(words []string) []string {
	end := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, ">") })
	if end < 0 {
		return slices.Clone(words)
	}
	if end > 0 && (words[end-1] == "1" || words[end-1] == "2") {
		end--
	}
	return slices.Clone(words[:end])
}
