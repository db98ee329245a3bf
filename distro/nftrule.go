package distro

import (
	"slices"
	"strings"
)

// nftRules reads one rule of nft's language, its braces, commas and colons already
// gone: "ct state established related accept". A map of verdicts is several rules.
// key makes the key of a chain of the same table.
func nftRules(words []string, key func(string) string) []rule {
	if i := slices.Index(words, "vmap"); i >= 0 {
		return nftVerdictMap(words[:i], words[i+1:], key)
	}
	found := rule{reach: reachesAll}
	for i := 0; i < len(words); {
		if v, ok := nftVerdict(words[i:], key); ok {
			found.verdict, found.jump, found.final = v.verdict, v.jump, v.final
			break // whatever follows ("with icmpx …") belongs to it
		}
		left, n := nftReach(words[i:])
		found.reach = min(found.reach, left)
		i += n
	}
	return []rule{found}
}

// nftVerdict reads a verdict at the beginning of the words.
func nftVerdict(words []string, key func(string) string) (rule, bool) {
	switch words[0] {
	case "accept":
		return rule{verdict: accepted}, true
	case "drop", "reject":
		return rule{verdict: refused}, true
	case "return":
		return rule{verdict: returned}, true
	case "jump", "goto":
		if len(words) > 1 {
			return rule{jump: key(words[1]), final: words[0] == "goto"}, true
		}
	}
	return rule{}, false
}

// nftVerdictMap reads "ct state vmap { established : accept, invalid : drop }".
func nftVerdictMap(selector, pairs []string, key func(string) string) []rule {
	var rules []rule
	state := len(selector) > 1 && selector[len(selector)-2] == "ct" && selector[len(selector)-1] == "state"
	element := ""
	for i := 0; i < len(pairs); i++ {
		v, ok := nftVerdict(pairs[i:], key)
		if !ok {
			element = pairs[i]
			continue
		}
		v.reach = reachesSome
		if state {
			v.reach = newOnly(element == "new")
		}
		if element == `"lo"` || element == "lo" {
			v.reach = reachesNone
		}
		rules = append(rules, v)
		if v.jump != "" {
			i++
		}
	}
	return rules
}

var nftStates = [...]string{"new", "established", "related", "invalid", "untracked"}

// nftSkipped are statements that say nothing of the packet, with the number of words
// that belong to them.
func nftSkipped() map[string]int {
	return map[string]int{
		"counter": 1, "packets": 2, "bytes": 2, "log": 1, "prefix": 2, "level": 2, "group": 2, "snaplen": 2, "queue-threshold": 2,
		"flags": 2, "comment": 2, "notrack": 1, "meta": 1, "handle": 2, "continue": 1, "xt": 1, "target": 2,
	}
}

// nftReach reads one match or statement at the beginning of the words: which packets
// it leaves, and how many words it has. A word that is not known is a match of some.
func nftReach(words []string) (left reach, n int) {
	value := func(i int) string {
		if i < len(words) {
			return words[i]
		}
		return ""
	}
	switch word := words[0]; word {
	case "ct":
		if value(1) == "state" {
			return nftState(words)
		}
	case "iif", "iifname":
		return nftInterface(words)
	case "ip":
		if slices.Contains([]string{"saddr", "daddr"}, value(1)) {
			return nftAddress(words)
		}
	case "limit":
		return nftLimit(words)
	case "fib", "rt", "oif", "oifname", "pkttype", "ip6", "icmpv6":
		return reachesNone, len(words)
	case "nfproto":
		return newOnly(value(1) == "ipv4"), 2
	case "tcp":
		if value(1) == "flags" {
			return reachesNone, len(words)
		}
	case "type", "log":
		return reachesAll, 1
	}
	if skip, known := nftSkipped()[words[0]]; known {
		return reachesAll, min(skip, len(words))
	}
	return reachesSome, 1
}

// nftState reads "ct state [!=] established related". Packets that begin something are
// new.
func nftState(words []string) (reach, int) {
	n := 2
	negated := n < len(words) && words[n] == "!="
	if n < len(words) && (negated || words[n] == "==" || words[n] == "in") {
		n++
	}
	isNew := false
	first := n
	for n < len(words) && slices.Contains(nftStates[:], words[n]) {
		isNew = isNew || words[n] == "new"
		n++
	}
	if n == first { // a set by its name
		return reachesSome, n
	}
	return newOnly(isNew != negated), n
}

// nftInterface reads `iifname [!=] "lo"`, also of several names.
func nftInterface(words []string) (reach, int) {
	n := 1
	negated := n < len(words) && words[n] == "!="
	if negated || n < len(words) && words[n] == "==" {
		n++
	}
	first := n
	loopback := true
	for n < len(words) && (n == first || strings.HasPrefix(words[n], `"`)) {
		loopback = loopback && strings.Trim(words[n], `"`) == "lo"
		n++
	}
	return fromInterface(loopback && n > first, negated), n
}

// nftAddress reads "ip saddr [!=] …": what is about certain addresses is no firewall,
// what is about all others is.
func nftAddress(words []string) (reach, int) {
	if len(words) > 2 && words[2] == "!=" {
		return reachesSome, 3
	}
	return reachesNone, 2
}

// nftLimit reads "limit rate [over] …".
func nftLimit(words []string) (reach, int) {
	if slices.Contains(words[:min(4, len(words))], "over") {
		return reachesNone, 1
	}
	return reachesSome, 1
}
