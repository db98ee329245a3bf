package distro

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"imgcheck/internal/host"
)

// PacketFilter is what the running kernel does to IPv4 packets, whoever told it to.
type PacketFilter struct {
	// Known: the rules were read. A tree has none, and a machine may lack the tools.
	Known bool
	// Refuses: somebody outside who begins to talk to the machine can be refused.
	Refuses bool
}

// iptablesLists print the rules of the machine's own iptables, and of the variant that
// is not its default: old rules may be loaded beside new ones, and both count.
var iptablesLists = [...]string{"iptables-save", "iptables-nft-save", "iptables-legacy-save"}

// PacketFilter reads the running kernel's rules by the tools' own listings. What could
// be read counts beside an error that tells which tool gave no list.
func (m *Machine) PacketFilter(ctx context.Context) (PacketFilter, error) { return m.filter.get(ctx) }

func (m *Machine) readPacketFilter(ctx context.Context) (PacketFilter, error) {
	if !m.Live {
		return PacketFilter{}, nil
	}
	var now PacketFilter
	var problems []error
	var translated []string // tables that iptables has shown already, better than nft can
	for _, tool := range iptablesLists {
		list, found, err := m.listed(ctx, tool)
		problems = append(problems, err)
		if found {
			now.Refuses = now.Refuses || parseIPTables(list).refuses()
			translated = append(translated, nftTables(list)...)
		}
	}
	list, found, err := m.listed(ctx, "nft", "list", "ruleset")
	problems = append(problems, err)
	if found {
		rules := ruleset{}
		listedNftables(list, rules)
		for _, table := range translated {
			rules.forget(table)
		}
		now.Refuses = now.Refuses || rules.refuses()
	}
	now.Known = found || now.Refuses
	if err := errors.Join(problems...); err != nil {
		return now, fmt.Errorf("listing the kernel's rules: %w", err)
	}
	return now, nil
}

// listed runs a tool that prints rules; found is false where the machine does not have it.
func (m *Machine) listed(ctx context.Context, tool string, args ...string) (list []byte, found bool, err error) {
	out, err := m.Exec.Run(ctx, host.Command{Name: tool, Args: args})
	switch {
	case errors.Is(err, host.ErrNoProgram):
		return nil, false, nil
	case err != nil:
		return nil, false, err
	case out.ExitCode != 0:
		return nil, false, fmt.Errorf("%s: exit code %d: %s", tool, out.ExitCode, firstLine(string(out.Stderr)))
	}
	return out.Stdout, true, nil
}

// nftTables are the tables of nftables behind what iptables-save shows, none where it
// is the one of the older kernel interface.
func nftTables(list []byte) []string {
	first, _, _ := strings.Cut(string(list), "\n")
	if !strings.Contains(first, "(nf_tables)") {
		return nil
	}
	var tables []string
	for _, line := range lines(list) {
		if name, isTable := strings.CutPrefix(line, "*"); isTable {
			tables = append(tables, "ip "+strings.TrimSpace(name))
		}
	}
	return tables
}

// forget drops the chains of a table.
func (r ruleset) forget(table string) {
	for key := range r {
		if strings.HasPrefix(key, table+" ") {
			delete(r, key)
		}
	}
}
