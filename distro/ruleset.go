package distro

import "strings"

// ruleset is the chains of a packet filter, as far as refusing goes.
type ruleset map[string]*chain

// chain is one chain of rules.
type chain struct {
	// entry: packets from outside come here first.
	entry bool
	// refuses: its policy or one of its rules drops or rejects packets.
	refuses bool
	// jumps are the keys of the chains its rules lead to.
	jumps []string
}

// chain returns the chain of that key, made where it is new.
func (r ruleset) chain(key string) *chain {
	if r[key] == nil {
		r[key] = &chain{}
	}
	return r[key]
}

// refuses reports whether a packet from outside can be refused: a chain that
// refuses is reached from one where such packets enter.
func (r ruleset) refuses() bool {
	var open []string
	for key, c := range r {
		if c.entry {
			open = append(open, key)
		}
	}
	seen := map[string]bool{}
	for len(open) > 0 {
		key := open[len(open)-1]
		open = open[:len(open)-1]
		c := r[key]
		if c == nil || seen[key] {
			continue
		}
		if c.refuses {
			return true
		}
		seen[key] = true
		open = append(open, c.jumps...)
	}
	return false
}

// refusesAnywhere reports whether any chain refuses, reached or not.
func (r ruleset) refusesAnywhere() bool {
	for _, c := range r {
		if c.refuses {
			return true
		}
	}
	return false
}

// parseIPTables reads what iptables-save writes.
func parseIPTables(data []byte) ruleset {
	rules := ruleset{}
	table := ""
	for _, line := range lines(data) {
		words := quotedFields(line)
		switch {
		case len(words) == 0:
		case words[0][0] == '*':
			table = words[0]
		case words[0][0] == ':':
			rules.declare(table, words)
		case words[0] == "-A" || words[0] == "-I" || words[0] == "--append" || words[0] == "--insert":
			rules.add(table, words[1:])
		}
	}
	return rules
}

// declare reads ":INPUT DROP [0:0]".
func (r ruleset) declare(table string, words []string) {
	name := words[0][1:]
	c := r.chain(table + " " + name)
	c.entry = name == "INPUT" || name == "PREROUTING"
	c.refuses = c.refuses || len(words) > 1 && words[1] == "DROP"
}

// add reads the rest of "-A INPUT -p tcp -j DROP".
func (r ruleset) add(table string, words []string) {
	if len(words) == 0 {
		return
	}
	c := r.chain(table + " " + words[0])
	for i, word := range words[:len(words)-1] {
		switch word {
		case "-j", "--jump", "-g", "--goto":
			target := words[i+1]
			c.refuses = c.refuses || target == "DROP" || target == "REJECT"
			c.jumps = append(c.jumps, table+" "+target)
		}
	}
}

// quotedFields splits a line at spaces outside of quotes, and ends at a comment.
// What stood in quotes is kept with its quotes, so that it is never taken for an option.
func quotedFields(line string) []string {
	var words []string
	for line = strings.TrimSpace(line); line != "" && line[0] != '#'; line = strings.TrimSpace(line) {
		end := 0
		for quote := byte(0); end < len(line); end++ {
			c := line[end]
			switch {
			case quote == 0 && (c == ' ' || c == '\t'):
			case quote == 0 && (c == '"' || c == '\''):
				quote = c
				continue
			case c == quote && quote != 0:
				quote = 0
				continue
			default:
				continue
			}
			break
		}
		words = append(words, line[:end])
		line = line[end:]
	}
	return words
}
