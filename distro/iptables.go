package distro

import (
	"slices"
	"strings"
)

// parseIPTables reads what iptables-save writes.
func parseIPTables(data []byte) ruleset {
	rules := ruleset{}
	rules.addIPTables(data)
	return rules
}

func (r ruleset) addIPTables(data []byte) {
	table := ""
	for _, line := range lines(data) {
		words := quotedFields(line)
		if len(words) > 0 && strings.HasPrefix(words[0], "[") { // counters
			words = words[1:]
		}
		switch {
		case len(words) == 0:
		case words[0][0] == '*':
			table = words[0]
		case words[0][0] == ':':
			r.declare(table, words[0][1:], words[1:])
		case len(words) < 2:
		case words[0] == "-P" || words[0] == "--policy":
			r.declare(table, words[1], words[2:])
		case words[0] == "-A" || words[0] == "--append":
			c := r.chain(table + " " + words[1])
			c.rules = append(c.rules, iptablesRule(table, words[2:]))
		case words[0] == "-I" || words[0] == "--insert":
			c := r.chain(table + " " + words[1])
			c.rules = append([]rule{iptablesRule(table, words[2:])}, c.rules...)
		}
	}
}

// declare reads ":INPUT DROP [0:0]".
func (r ruleset) declare(table, name string, words []string) {
	c := r.chain(table + " " + name)
	c.entry = name == "INPUT" || name == "PREROUTING"
	c.refuses = len(words) > 0 && words[0] == "DROP"
}

// iptablesRule reads the rest of "-A INPUT -p tcp -j DROP".
func iptablesRule(table string, words []string) rule {
	found := rule{reach: reachesAll}
	negated := false
	for i := 0; i < len(words); i++ {
		word, value := words[i], ""
		if i+1 < len(words) {
			value = words[i+1]
		}
		switch {
		case word == "!":
			negated = true
			continue
		case word == "-j" || word == "--jump" || word == "-g" || word == "--goto":
			found.verdict, found.jump = iptablesTarget(table, value)
			found.final = strings.HasPrefix(strings.TrimLeft(word, "-"), "g")
			i++
		case strings.HasPrefix(word, "-"):
			found.reach = min(found.reach, iptablesReach(word, value, negated))
		}
		negated = false
	}
	return found
}

func iptablesTarget(table, target string) (verdict, string) {
	switch target {
	case "ACCEPT":
		return accepted, ""
	case "DROP", "REJECT", "TARPIT":
		return refused, ""
	case "RETURN":
		return returned, ""
	}
	return goesOn, table + " " + target // where no chain is called so, it is no verdict: LOG, MARK
}

// Options by which packets a rule is about. Those that are in no list are about some.
var (
	// iptablesNeutral say nothing of the packet.
	iptablesNeutral = strings.Fields("-m --match -c --set-counters --comment --reject-with --limit-burst --log-prefix --log-level " +
		"--log-tcp-options --log-ip-options --nflog-prefix --nflog-group --syn -n -w")
	// iptablesNone are about broken packets, banned addresses and such as talk too fast.
	iptablesNone = strings.Fields("-s --source --src -d --destination --dst -f --fragment --tcp-flags --match-set --rcheck --update --hitcount " +
		"--hashlimit-above --connlimit-above --connlimit-mask --invert --validmark --pkttype --pkt-type --src-type --src-range --ctstatus --probability -o --out-interface")
)

// iptablesReach tells which packets an option leaves.
func iptablesReach(option, value string, negated bool) reach {
	switch {
	case option == "--syn" && negated:
		return reachesNone // what begins nothing
	case slices.Contains(iptablesNeutral, option):
		return reachesAll
	case slices.Contains([]string{"-i", "--in-interface"}, option):
		return fromInterface(value == "lo", negated)
	case slices.Contains([]string{"--ctstate", "--state"}, option):
		return newOnly(slices.Contains(strings.Split(value, ","), "NEW") != negated)
	case option == "--dst-type":
		return newOnly((value == "LOCAL") != negated)
	case slices.Contains([]string{"-s", "--source", "-d", "--destination"}, option):
		return address(value, negated)
	case slices.Contains([]string{"-p", "--protocol"}, option):
		return all(value == "all" || value == "0")
	case slices.Contains(iptablesNone, option):
		return reachesNone
	}
	return reachesSome
}

// address: rules about single addresses are about none of those that anybody has.
func address(value string, negated bool) reach {
	switch {
	case negated:
		return reachesSome
	case value == "0.0.0.0/0":
		return reachesAll
	}
	return reachesNone
}

// fromInterface: nobody outside talks through the loopback interface.
func fromInterface(loopback, negated bool) reach {
	switch {
	case loopback && negated:
		return reachesAll
	case loopback:
		return reachesNone
	}
	return reachesSome
}

func newOnly(matches bool) reach {
	if matches {
		return reachesAll
	}
	return reachesNone
}

func all(every bool) reach {
	if every {
		return reachesAll
	}
	return reachesSome
}
