package distro

import "strings"

// ruleset is the chains of a packet filter, as far as refusing goes: whether somebody
// outside who begins to talk to the machine can be refused. What a filter does to
// broken packets, to answers, to single addresses that it has banned or that talk too
// fast, and to packets that pass through is not that.
type ruleset map[string]*chain

// chain is one chain of rules.
type chain struct {
	// entry: packets from outside come here first.
	entry bool
	// refuses: what no rule decides is dropped.
	refuses bool
	rules   []rule
}

// reach is which of the packets that begin a conversation from outside a rule is about.
type reach int

const (
	reachesNone reach = iota
	reachesSome       // certain ports, protocols, networks
	reachesAll
)

// verdict is what becomes of a packet.
type verdict int

const (
	goesOn verdict = iota
	accepted
	refused
	returned
)

// rule is one rule: a verdict or, where jump names a chain, what that chain says.
type rule struct {
	reach   reach
	verdict verdict
	jump    string
	// final: what the other chain does not decide comes back to the caller of this one
	// ("goto").
	final bool
}

// chain returns the chain of that key, made where it is new.
func (r ruleset) chain(key string) *chain {
	if r[key] == nil {
		r[key] = &chain{}
	}
	return r[key]
}

// refuses reports whether a packet from outside can be refused.
func (r ruleset) refuses() bool {
	w := walk{rules: r, known: map[string]*course{}}
	for key, c := range r {
		if !c.entry {
			continue
		}
		if way := w.chain(key); way.refuses || way.end == goesOn && c.refuses {
			return true
		}
	}
	return false
}

// refusesAnywhere reports whether any chain refuses, reached or not.
func (r ruleset) refusesAnywhere() bool {
	for _, c := range r {
		if c.refuses {
			return true
		}
		for _, rule := range c.rules {
			if rule.verdict == refused && rule.reach != reachesNone {
				return true
			}
		}
	}
	return false
}

// course is what becomes of packets in a chain.
type course struct {
	// refuses: some packet is refused on the way.
	refuses bool
	// end is what becomes of those that no rule about some of them has decided.
	end verdict
}

// walk follows packets through a ruleset, through each chain once.
type walk struct {
	rules ruleset
	known map[string]*course
}

func (w walk) chain(key string) *course {
	if way := w.known[key]; way != nil {
		return way // also of a chain that leads back to itself
	}
	way := &course{}
	w.known[key] = way
	c := w.rules[key]
	if c == nil {
		return way
	}
	for _, rule := range c.rules {
		if rule.reach == reachesNone {
			continue
		}
		end := rule.verdict
		if rule.jump != "" {
			end = w.jump(rule, way)
		}
		way.refuses = way.refuses || end == refused
		if end != goesOn && rule.reach == reachesAll {
			way.end = end
			break
		}
	}
	if way.end == returned {
		way.end = goesOn
	}
	return way
}

// jump follows packets into another chain.
func (w walk) jump(rule rule, way *course) verdict {
	there := w.chain(rule.jump)
	way.refuses = way.refuses || there.refuses
	if there.end == goesOn && rule.final {
		return returned
	}
	return there.end
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
