package distro

import (
	"path"
	"slices"
	"strings"
)

// shellCommand is a call of a program by its path in a shell's start-up file.
type shellCommand struct {
	path string
	line int // from 1
	// byShell: an interpreter is given the file, which needs not be executable then.
	byShell bool
	// sourced: the shell reads it itself ("." or "source").
	sourced bool
	// guarded: it is called under a condition.
	guarded bool
	// chmod: the call makes the file executable.
	chmod bool
}

// startupHome is what "~" and "$HOME" are in root's start-up file.
const startupHome = "/root"

// shellInterpreters take a script's path as their first argument.
var shellInterpreters = [...]string{"sh", "bash", "dash", "ksh", "zsh", "python", "python3", "perl", "ruby", "node", "php"}

// shellPrefixes stand before a command and change nothing of which it is.
var shellPrefixes = [...]string{"then", "do", "else", "!", "time", "sudo", "exec", "nohup", "command", "builtin", "env", "nice", "{", "("}

// parseShellCommands reads which programs a start-up file calls by an absolute path, as
// far as plain text tells: what hides in variables, functions of other files and text
// that is evaluated is not seen. The text is never run.
func parseShellCommands(data []byte) []shellCommand {
	var found []shellCommand
	depth := 0 // of conditions, loops and functions
	for i, line := range lines(data) {
		guarded := false
		for _, part := range shellParts(line) {
			words := part.words
			for len(words) > 0 && slices.Contains([]string{"if", "elif", "while", "until"}, words[0]) {
				words = words[1:] // the condition itself is called in any case
			}
			if c, ok := shellCall(words); ok {
				c.line, c.guarded = i+1, guarded || depth > 0
				found = append(found, c)
			}
			guarded = part.operator == "&&" || part.operator == "||"
			depth = max(0, depth+nesting(part.words))
		}
	}
	return found
}

// nesting tells how much deeper in conditions, loops and functions the text is after
// these words.
func nesting(words []string) int {
	if len(words) == 0 {
		return 0
	}
	switch words[0] {
	case "if", "case", "while", "until", "for":
		return 1
	case "fi", "esac", "done", "}":
		return -1
	}
	if words[len(words)-1] == "{" { // "name() {" or a group of commands
		return 1
	}
	return 0
}

// shellPart is the words of one command and the operator behind it.
type shellPart struct {
	words    []string
	operator string
}

// shellParts divides a line at operators outside of quotes. Comments go.
func shellParts(line string) []shellPart {
	parts := []shellPart{{}}
	word := ""
	end := func() {
		if last := &parts[len(parts)-1]; word != "" {
			last.words = append(last.words, word)
			word = ""
		}
	}
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '#' && word == "":
			i = len(line)
		case c == '\\' && i+1 < len(line):
			word += line[i : i+2]
			i++
		case c == '"' || c == '\'':
			n := quotedLength(line[i:])
			word += line[i : i+n]
			i += n - 1
		case c == ' ' || c == '\t' || c == '\r':
			end()
		case strings.IndexByte(";&|", c) >= 0:
			end()
			operator := line[i : i+1]
			if i+1 < len(line) && line[i+1] == c {
				operator = line[i : i+2]
				i++
			}
			parts[len(parts)-1].operator = operator
			parts = append(parts, shellPart{})
		default:
			word += line[i : i+1]
		}
	}
	end()
	return parts
}

// quotedLength is the length of the text in quotes that begins here, of all of it where
// the quote is not closed.
func quotedLength(text string) int {
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && text[0] == '"':
			i++
		case text[i] == text[0]:
			return i + 1
		}
	}
	return len(text)
}

// shellCall tells which file by an absolute path a command calls, if any.
func shellCall(words []string) (c shellCommand, ok bool) {
	for len(words) > 0 && (slices.Contains(shellPrefixes[:], words[0]) || isAssignment(words[0])) {
		words = words[1:]
	}
	if len(words) == 0 {
		return c, false
	}
	name, rest := path.Base(words[0]), words[1:]
	switch {
	case words[0] == "." || words[0] == "source" || words[0] == `\.`:
		c.sourced = true
	case name == "chmod":
		c.chmod = true
		rest = slices.DeleteFunc(slices.Clone(rest), func(w string) bool { return !strings.ContainsAny(w, "/~$") })
	case slices.Contains(shellInterpreters[:], name):
		c.byShell = true
		for len(rest) > 0 && strings.HasPrefix(rest[0], "-") && rest[0] != "-c" {
			rest = rest[1:]
		}
	default:
		rest = words
	}
	if len(rest) == 0 {
		return c, false
	}
	c.path, ok = plainPath(rest[0])
	return c, ok
}

func isAssignment(word string) bool {
	name, _, found := strings.Cut(word, "=")
	return found && name != "" && strings.Trim(name, nameLetters) == ""
}

// plainPath is the absolute path that a word names, home folders filled in; false for
// any other word, and for what only a running shell can tell.
func plainPath(word string) (string, bool) {
	word = plainQuotes(word)
	for _, home := range []string{"~/", "$HOME/", "${HOME}/"} {
		if rest, found := strings.CutPrefix(word, home); found {
			word = startupHome + "/" + rest
		}
	}
	if !path.IsAbs(word) || strings.ContainsAny(word, "$`*?[{}()<>\\\"'\x00") {
		return "", false
	}
	return path.Clean(word), true
}

// plainQuotes takes the quotes off a word that is quoted as a whole.
func plainQuotes(word string) string {
	if n := len(word); n > 1 && (word[0] == '"' || word[0] == '\'') && quotedLength(word) == n {
		return word[1 : n-1]
	}
	return word
}
