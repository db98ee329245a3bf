package distro

import (
	"errors"
	"strings"
)

// blanks are what sshd takes for white space between words.
const blanks = " \t\r\f\v"

// ParseSSHD reads the lines of one file of sshd's configuration, Match and Include
// among them. The errors are LineErrors that name file.
func ParseSSHD(file string, data []byte) ([]SSHDSetting, []error) {
	var settings []SSHDSetting
	var bad []error
	for i, line := range lines(data) {
		if len(bad) >= maxFaults {
			bad = append(bad, givenUp(file, i+1))
			break
		}
		line = strings.Trim(line, blanks)
		if line == "" || line[0] == '#' {
			continue
		}
		if strings.ContainsRune(line, 0) {
			bad = append(bad, LineError{file, i + 1, "is not text"})
			continue
		}
		keyword, rest := sshdKeyword(line)
		args, err := sshdArgs(rest)
		if err != nil {
			bad = append(bad, LineError{file, i + 1, err.Error()})
			continue
		}
		settings = append(settings, SSHDSetting{Keyword: strings.ToLower(keyword), Args: args, File: file, Line: i + 1})
	}
	return settings, bad
}

// sshdKeyword splits off the first word, which white space or one "=" ends.
func sshdKeyword(line string) (keyword, rest string) {
	end := strings.IndexAny(line, blanks+"=")
	if end < 0 {
		return strings.Trim(line, `"`), ""
	}
	rest = strings.TrimLeft(line[end:], blanks)
	rest = strings.TrimPrefix(rest, "=")
	return strings.Trim(line[:end], `"`), rest
}

// sshdArgs splits the rest of a line into words, up to a comment. Either kind of
// quotes keeps blanks in a word; a backslash keeps a quote, a backslash or a blank.
func sshdArgs(rest string) ([]string, error) {
	var args []string
	for {
		rest = strings.TrimLeft(rest, blanks)
		if rest == "" || rest[0] == '#' {
			return args, nil
		}
		word, left, err := sshdWord(rest)
		if err != nil {
			return nil, err
		}
		args, rest = append(args, word), left
	}
}

func sshdWord(text string) (word, rest string, err error) {
	var out strings.Builder
	var quote byte
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '\\' && i+1 < len(text) && escapable(text[i+1], quote):
			i++
			out.WriteByte(text[i])
		case quote == 0 && strings.IndexByte(blanks, c) >= 0:
			return out.String(), text[i:], nil
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote:
			quote = 0
		default:
			out.WriteByte(c)
		}
	}
	if quote != 0 {
		return "", "", errors.New("has a quote that is not closed")
	}
	return out.String(), "", nil
}

func escapable(c, quote byte) bool {
	return c == '\\' || c == '"' || c == '\'' || c == ' ' && quote == 0
}
