package distro

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestUFWEnabled(t *testing.T) {
	for conf, want := range map[string]bool{
		"ENABLED=yes\n":                   true,
		"ENABLED=YES":                     true,
		"  export ENABLED=\"yes\" # on\n": true,
		"ENABLED='yes'\r\n":               true,
		"ENABLED=no\nENABLED=yes\n":       true,
		"ENABLED=yes\nENABLED=no\n":       false,
		"#ENABLED=yes\n":                  false,
		"ENABLED= yes\n":                  false,
		"ENABLED=Yes\n":                   false,
		"ENABLED=$(echo yes)\n":           false,
		"LOGLEVEL=low\nNOT_ENABLED=yes\n": false,
		"":                                false,
		"ENABLED=\"yes\nno\"\n":           false,
	} {
		assert.Equal(t, want, ufwEnabled([]byte(conf)), conf)
	}
}

func TestIPTables(t *testing.T) {
	for rules, want := range map[string]bool{
		"*filter\n:INPUT DROP [0:0]\nCOMMIT\n": true,
		"*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j REJECT --reject-with icmp-host-prohibited\nCOMMIT\n":                        true,
		"*filter\n:INPUT ACCEPT [0:0]\n:f - [0:0]\n-A INPUT -j f\n-A f -p tcp --dport 23 -j DROP\n":                            true,
		"*filter\n:INPUT ACCEPT [0:0]\n:f - [0:0]\n-A INPUT -j f\n-A f -s 198.51.100.1 -j DROP\n":                              false,
		"*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p udp -j DROP\n":                                                       true,
		"*filter\n:INPUT ACCEPT [0:0]\n:f - [0:0]\n-A f -j DROP\n":                                                             false,
		"*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT DROP [0:0]\n":                                              false,
		"*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m comment --comment \"-j DROP\" -j ACCEPT\n":                                  false,
		"*filter\n:INPUT ACCEPT [0:0]\n#-A INPUT -j DROP\n":                                                                    false,
		"*nat\n:INPUT ACCEPT [0:0]\n-A INPUT -j f\n*filter\n:f - [0:0]\n-A f -j DROP\n":                                        false,
		"*filter\n:INPUT ACCEPT [0:0]\n:a - [0:0]\n-A INPUT -j a\n-A a -j a\n":                                                 false,
		"*filter\n:INPUT DROP [0:0]\n-A INPUT -j ACCEPT\n":                                                                     false,
		"*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\n-A INPUT -m conntrack --ctstate NEW -p tcp -j ACCEPT\n":         true,
		"*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m conntrack --ctstate INVALID -j DROP\n":                                      false,
		"*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m state ! --state ESTABLISHED,RELATED -j DROP\n":                              true,
		"*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp ! --syn -m state --state NEW -j DROP\n":                                 false,
		"*filter\n:INPUT ACCEPT [0:0]\n:u - [0:0]\n-A INPUT -j u\n-A u -m addrtype --dst-type LOCAL -j RETURN\n-A u -j DROP\n": false,
		"*filter\n:INPUT ACCEPT [0:0]\n:u - [0:0]\n-A INPUT -g u\n-A INPUT -j DROP\n-A u -j LOG\n":                             false,
		"*filter\n:INPUT DROP [0:0]\n:u - [0:0]\n-A INPUT -g u\n-A INPUT -j ACCEPT\n-A u -j LOG\n":                             true,
		"*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP\n":                                false,
		"*filter\n:INPUT ACCEPT [0:0]\n[5:10] -A INPUT ! -i lo -j DROP\n":                                                      true,
		"*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -s 0.0.0.0/0 -p all -j DROP\n":                                                 true,
		"*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j ACCEPT\n-I INPUT -p udp -j DROP\n":                                          true,
		"*filter\n-P INPUT DROP\n": true,
		"-A":                       false,
	} {
		assert.Equal(t, want, parseIPTables([]byte(rules)).refuses(), rules)
	}
}

func TestNftables(t *testing.T) {
	const hook = "type filter hook input priority 0; "
	for rules, want := range map[string]bool{
		"table inet f { chain in { " + hook + "policy drop; } }":                                                        true,
		"table inet f {\n chain in {\n " + hook + "\n tcp dport { 22, 80 } accept\n drop\n }\n}":                        true,
		"table inet f { chain in { " + hook + "ct state vmap { established : accept, invalid : drop } } }":              false,
		"table ip f { chain b { reject with icmp port-unreachable; }\nchain in { " + hook + "jump b; } }":               true,
		"add table ip f\nadd chain ip f in { " + hook + "}\nadd rule ip f in tcp dport 23 drop":                         true,
		"table f { chain in { " + hook + "} }\nadd rule f in drop":                                                      true,
		"table netdev f { chain in { type filter hook ingress device eth0 priority 0; drop; } }":                        true,
		"table inet f { chain in { " + hook + "policy accept; } }":                                                      false,
		"table inet f { chain in { " + hook + "accept comment \"drop\"; # drop\n } }":                                   false,
		"table inet f { chain out { type filter hook output priority 0; policy drop; } }":                               false,
		"table inet f { chain b { drop; }\nchain in { " + hook + "accept; } }":                                          false,
		"table ip a { chain b { drop; } }\ntable ip f { chain in { " + hook + "jump b; } }":                             false,
		"table inet f { chain in { " + hook + "jump drop; } chain drop { accept; } }":                                   false,
		"table inet f { chain in { " + hook + "policy drop; } }\nflush ruleset":                                         false,
		"table inet f { chain in { " + hook + "policy drop; } }\ndelete table inet f":                                   false,
		"table inet f { set s { type ipv4_addr; elements = { 1.2.3.4 } } chain in { " + hook + "ip saddr @s accept } }": false,
		"#table inet f { chain in { " + hook + "policy drop; } }":                                                       false,
		"table ip6 f { chain in { " + hook + "policy drop; } }":                                                         false,
		"table inet f { chain in { " + hook + "policy drop; accept; } }":                                                false,
		"table inet f { chain in { " + hook + "policy drop; iif \"lo\" accept; tcp dport 22 accept; } }":                true,
		"table inet f { chain in { " + hook + "goto zone; reject; } chain zone { accept; } }":                           false,
		"table inet f { chain in { " + hook + "jump zone; reject; } chain zone { tcp dport 22 accept; } }":              true,
		"table inet f { chain in { " + hook + "goto zone; } chain zone { return; } }":                                   false,
		"table inet f { chain in { " + hook + "ct state invalid counter packets 1 bytes 2 drop; } }":                    false,
		"table inet f { chain in { " + hook + "ct state != { established, related } log prefix \"drop \" drop; } }":     true,
		"table inet f { chain in { " + hook + "ct state new tcp dport 1-65535 drop; } }":                                true,
		"table inet f { chain in { " + hook + "ct state vmap { new : jump b } } chain b { drop; } }":                    true,
		"table inet f { chain in { " + hook + "iifname vmap { \"lo\" : drop } } }":                                      false,
		"table inet f { chain in { " + hook + "ip saddr { 192.0.2.1, 192.0.2.2 } drop; } }":                             false,
		"table inet f { chain in { " + hook + "ip saddr != 192.0.2.0/24 drop; } }":                                      true,
		"table inet f { chain in { " + hook + "limit rate over 10/second drop; } }":                                     false,
		"table inet f { chain in { " + hook + "fib daddr type broadcast drop; } }":                                      false,
		"table inet f { chain in { " + hook + "meta nfproto ipv6 drop; } }":                                             false,
		"table inet f { chain in { " + hook + "tcp flags & (fin|syn) == 0 drop; } }":                                    false,
		"table inet f { chain in { " + hook + "policy drop; } }\nflush chain inet f in":                                 true,
		"table inet f { chain in { " + hook + "drop; } }\nflush table inet f":                                           false,
		"}}}} { chain": false,
	} {
		parsed := ruleset{}
		parseNftables([]byte(rules), parsed, func(string) [][]byte { return nil })
		assert.Equal(t, want, parsed.refuses(), rules)
	}
}

// TestNftablesIncludes: a file counts where its include stands.
func TestNftablesIncludes(t *testing.T) {
	const drop = "-- etc/nft.d/drop.nft --\ntable inet f { chain in { type filter hook input priority 0; policy drop; } }\n" +
		"-- etc/nft.d/rule --\ntcp dport 25 drop\n"
	for main, idle := range map[string]bool{
		"include \"/etc/nft.d/*.nft\"":              false,
		"include './nft.d/'":                        false,
		"flush ruleset\ninclude \"nft.d/drop.nft\"": false,
		"include \"nft.d/drop.nft\"\nflush ruleset": true,
		"#include \"nft.d/drop.nft\"":               true,
		"include \"nft.d/none\"":                    true,
		"table inet f { chain in { type filter hook input priority 0\ninclude \"nft.d/rule\"\n} }": false,
	} {
		_, why, err := treeMachine(t, drop+"-- etc/nftables.conf --\n"+main+"\n").nftablesIdle([]string{"/etc/nftables.conf"})
		require.NoError(t, err, main)
		assert.Equal(t, idle, why != "", main)
	}
}

// TestNftablesWithoutEnd: what was not read of the rules is said.
func TestNftablesWithoutEnd(t *testing.T) {
	files := "-- etc/nftables.conf --\ninclude \"/etc/nft.d/0\"\ntable inet f { chain in { type filter hook input priority 0; policy drop; } }\n"
	for i := range nftFilesLimit + 1 {
		files += fmt.Sprintf("-- etc/nft.d/%d --\ninclude \"/etc/nft.d/%d\"\n", i, i+1)
	}
	_, _, err := treeMachine(t, files).nftablesIdle([]string{"/etc/nftables.conf"})
	assert.ErrorContains(t, err, "/etc/nftables.conf: more than 256 files are included")
}

// FuzzUFWConf proves that what is switched off at the end stays off.
func FuzzUFWConf(f *testing.F) {
	f.Add([]byte("ENABLED=yes\n"))
	f.Add([]byte("export ENABLED=\"yes\" # \x00\xff"))
	f.Fuzz(func(t *testing.T, conf []byte) {
		ufwEnabled(conf)
		if ufwEnabled(append(conf, "\nENABLED=no\n"...)) {
			t.Fatal("the last assignment does not count")
		}
	})
}

// FuzzNftables proves that text without a refusal refuses nothing.
func FuzzNftables(f *testing.F) {
	f.Add([]byte("table inet f { chain in { type filter hook input priority 0; policy drop; } }"))
	f.Add([]byte("add rule ip f in jump g\ninclude \"x\"\n\\\n{ } ; \"'"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rules := ruleset{}
		parseNftables(data, rules, func(string) [][]byte { return nil })
		if rules.refuses() && !containsAny(data, "drop", "reject") {
			t.Fatal("refuses without a word of it")
		}
	})
}

// FuzzIPTables proves the same of what iptables-save writes.
func FuzzIPTables(f *testing.F) {
	f.Add([]byte("*filter\n:INPUT DROP [0:0]\n-A INPUT -m comment --comment \"x\" -j REJECT\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if parseIPTables(data).refuses() && !containsAny(data, "DROP", "REJECT", "TARPIT") {
			t.Fatal("refuses without a word of it")
		}
	})
}

func containsAny(data []byte, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return bytes.Contains(data, []byte(w)) })
}
