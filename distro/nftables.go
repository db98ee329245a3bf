package distro

import (
	"slices"
	"strings"
)

// nftParser reads nft's language as far as it tells which chains refuse packets.
// It takes blocks ("table inet f { chain in { … } }") and flat commands ("add rule
// inet f in drop"). Variables are not followed: what hides in one refuses nothing.
type nftParser struct {
	rules ruleset
	// include returns the contents of the files that an include names. nft takes them
	// where the statement stands: a later "flush ruleset" is rid of them again.
	include func(pattern string) [][]byte

	table, chain string
	statement    []string
	// blocks says what each open brace closes again.
	blocks []nftBlock
}

// nftBlock is what a brace opened.
type nftBlock int

const (
	nftSet   nftBlock = iota // "{ 22, 80 }" inside a rule
	nftTable                 // a table's body
	nftChain                 // a chain's body
	nftOther                 // the body of a set, map, counter …
)

// nftVerbs may stand before what they are about.
var nftVerbs = [...]string{"add", "create", "insert", "replace"}

var nftFamilies = [...]string{"ip", "ip6", "inet", "arp", "bridge", "netdev"}

// parseNftables adds the rules of a file, and of those it includes, to rules.
func parseNftables(data []byte, rules ruleset, include func(pattern string) [][]byte) {
	p := nftParser{rules: rules, include: include}
	p.read(data)
}

// listedNftables adds what "nft list ruleset" says to rules, which names no files.
func listedNftables(data []byte, rules ruleset) {
	parseNftables(data, rules, func(string) [][]byte { return nil })
}

func (p *nftParser) read(data []byte) {
	for _, token := range nftTokens(string(data)) {
		switch {
		case token == "{":
			p.open()
		case token == "}":
			p.close()
		case (token == "\n" || token == ";") && !p.inSet():
			p.end()
		case token != "\n" && token != ";":
			p.statement = append(p.statement, token)
		}
	}
	p.end()
}

func (p *nftParser) inSet() bool {
	return len(p.blocks) > 0 && p.blocks[len(p.blocks)-1] == nftSet
}

// open decides what a brace opens by the words before it.
func (p *nftParser) open() {
	words := nftCommand(p.statement)
	kind := nftSet
	switch {
	case p.inSet() || p.chain != "" || len(words) < 2 || words[0] == "rule":
	case words[0] == "table":
		kind, p.table = nftTable, strings.Join(words[1:], " ")
	case words[0] == "chain" && len(words) > 2: // "add chain inet filter input {"
		kind, p.table, p.chain = nftChain, strings.Join(words[1:len(words)-1], " "), words[len(words)-1]
	case words[0] == "chain":
		kind, p.chain = nftChain, words[1]
	default:
		kind = nftOther
	}
	if p.blocks = append(p.blocks, kind); kind != nftSet {
		p.statement = nil
	}
	if kind == nftChain {
		p.rules.chain(p.key(p.chain))
	}
}

func (p *nftParser) close() {
	if !p.inSet() {
		p.end()
	}
	if len(p.blocks) == 0 {
		return
	}
	switch kind := p.blocks[len(p.blocks)-1]; kind {
	case nftChain:
		p.chain = ""
	case nftTable:
		p.table = ""
	}
	p.blocks = p.blocks[:len(p.blocks)-1]
}

func (p *nftParser) key(chain string) string { return p.table + " " + chain }

// end takes the statement that a line end, a semicolon or a brace has ended.
func (p *nftParser) end() {
	words := p.statement
	p.statement = nil
	switch {
	case len(words) == 0:
	case words[0] == "include" && len(words) > 1:
		for _, data := range p.include(strings.Trim(words[1], `"'`)) {
			p.read(data)
		}
	case p.chain != "":
		p.rule(p.chain, words)
	case words[0] == "flush" && len(words) == 2 && words[1] == "ruleset":
		clear(p.rules)
	case words[0] == "delete" || words[0] == "destroy" || words[0] == "flush":
		p.remove(words[1:], words[0] == "flush")
	default:
		p.flat(nftCommand(words))
	}
}

// flat takes "rule [family] table chain …".
func (p *nftParser) flat(words []string) {
	if len(words) == 0 || words[0] != "rule" {
		return
	}
	words = words[1:]
	fields := 2
	if len(words) > 0 && slices.Contains(nftFamilies[:], words[0]) {
		fields = 3
	}
	if len(words) <= fields {
		return
	}
	outer := p.table
	p.table = strings.Join(words[:fields-1], " ")
	p.rule(words[fields-1], words[fields:])
	p.table = outer
}

// remove takes the rest of "delete table inet filter" and "flush chain inet filter in":
// flushed chains lose their rules, and keep their hook and policy.
func (p *nftParser) remove(words []string, flush bool) {
	if len(words) < 2 {
		return
	}
	name := strings.Join(words[1:], " ")
	for key, c := range p.rules {
		switch {
		case key != name && (words[0] != "table" || !strings.HasPrefix(key, name+" ")):
		case flush:
			c.rules = nil
		default:
			delete(p.rules, key)
		}
	}
}

// rule takes one statement of a chain: its hook, its policy or a rule.
func (p *nftParser) rule(name string, words []string) {
	c := p.rules.chain(p.key(name))
	switch hook := slices.Index(words, "hook"); {
	case words[0] == "type" && hook > 0 && hook+1 < len(words):
		c.entry = nftEntry(p.table, words[hook+1])
	case words[0] == "policy" && len(words) > 1:
		c.refuses = words[1] == "drop"
	default:
		c.rules = append(c.rules, nftRules(words, p.key)...)
	}
}

// nftEntry reports whether packets of IPv4 from outside come to a chain first. What is
// refused over IPv6 alone leaves the address open that every droplet has.
func nftEntry(table, hook string) bool {
	family, _, _ := strings.Cut(table, " ")
	return family != "ip6" && family != "arp" && slices.Contains([]string{"input", "prerouting", "ingress"}, hook)
}

// nftCommand takes the verb off a command.
func nftCommand(words []string) []string {
	if len(words) > 0 && slices.Contains(nftVerbs[:], words[0]) {
		return words[1:]
	}
	return words
}
