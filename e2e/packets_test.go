//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// packetState is a state of the kernel's rules, and what becomes of a packet from
// outside then, which is for the kernel to say.
type packetState struct {
	name, load, undo string
	packet           string
}

func packetStates() []packetState {
	const hook = "type filter hook input priority 0; "
	const closeFirewalld = `kill $(cat /run/firewalld.test); sleep 0.3`
	nft := func(rules string) string { return "nft -f - <<'END'\n" + rules + "\nEND\n" }
	firewalld := func(zone string) string {
		return `if ! dbus-send --system --dest=org.freedesktop.DBus / org.freedesktop.DBus.ListNames; then
				rm -f /run/dbus/pid; timeout 120 dbus-daemon --system --nofork & sleep 0.3; fi
			sed -i 's/^DefaultZone=.*/DefaultZone=` + zone + `/' /etc/firewalld/firewalld.conf
			timeout 60 firewalld --nofork --nopid & echo $! >/run/firewalld.test
			for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do firewall-cmd --state && exit 0; sleep 0.3; done; exit 1`
	}
	return []packetState{
		{name: "nothing", packet: "taken"},
		{name: "nft, policy drop", load: nft("table inet f { chain in { " + hook + "policy drop; ct state established,related accept; iif lo accept; tcp dport 22 accept; }; }"), packet: "refused"},
		{name: "nft, a rule takes all before the policy", load: nft("table inet f { chain in { " + hook + "policy drop; iif lo accept; accept; }; }"), packet: "taken"},
		{name: "nft, IPv6 alone", load: nft("table ip6 f { chain in { " + hook + "policy drop; }; }"), packet: "taken"},
		{name: "nft, a banned address", load: nft("table inet f { set s { type ipv4_addr; elements = { 198.51.100.7 }; }; chain in { " + hook + "ip saddr @s drop; ct state invalid drop; }; }"), packet: "taken"},
		{name: "nft, a map of verdicts", load: nft("table inet f { chain new { reject; }; chain in { " + hook + "ct state vmap { established : accept, related : accept, new : jump new }; }; }"), packet: "refused"},
		{name: "iptables, policy drop", load: `iptables-nft -P INPUT DROP; iptables-nft -A INPUT -p tcp --dport 22 -j ACCEPT`, packet: "refused"},
		{name: "iptables, broken packets alone", load: `iptables-nft -A INPUT -m conntrack --ctstate INVALID -j DROP`, packet: "taken"},
		{name: "iptables, the older interface", load: `iptables-legacy -P INPUT DROP`, packet: "refused"},
		{name: "iptables, a chain that returns", load: `iptables-legacy -N c; iptables-legacy -A INPUT -j c
			iptables-legacy -A c -m addrtype --dst-type LOCAL -j RETURN; iptables-legacy -A c -j DROP`, packet: "taken"},
		{name: "ufw", load: `ufw --force enable`, undo: `ufw --force disable`, packet: "refused"},
		{name: "ufw, everything allowed", load: `ufw default allow incoming; ufw --force enable`, undo: `ufw --force disable`, packet: "taken"},
		{name: "firewalld", load: firewalld("public"), undo: closeFirewalld, packet: "refused"},
		{name: "firewalld, everything trusted", load: firewalld("trusted"), undo: closeFirewalld + `; kill $(cat /run/dbus/pid)`, packet: "taken"},
	}
}

// TestPackets has the kernel decide over a packet from outside, with rules that the real
// tools have loaded, and compares what the program says of the rules.
func TestPackets(t *testing.T) {
	b, err := vmBase() // it has firewalld
	require.NoError(t, err)
	own := copyOf(t, b)
	states := packetStates()
	for i, s := range states {
		own.write(fmt.Sprintf("lab/%02d/load", i), s.load)
		if s.undo != "" {
			own.write(fmt.Sprintf("lab/%02d/undo", i), s.undo)
		}
	}
	text, err := testdata.ReadFile("testdata/packets.sh")
	require.NoError(t, err)
	_, err = enter(own.root, "", "/bin/sh", "-c", string(text))
	require.NoError(t, err)
	for i, s := range states {
		t.Run(s.name, func(t *testing.T) {
			read := func(name string) string {
				data, err := os.ReadFile(filepath.Join(own.root, fmt.Sprintf("lab/%02d", i), name))
				require.NoError(t, err)
				return strings.TrimSpace(string(data))
			}
			require.Equal(t, "0", read("loaded"), read("log"))
			require.Equal(t, s.packet, read("packet"), "the kernel itself: %s", read("log"))
			out := &outcome{stdout: read("report")}
			require.NoError(t, json.Unmarshal([]byte(out.stdout), &out.report))
			said := map[string]string{"taken": "the kernel refuses nothing that comes in now", "refused": "the kernel refuses what comes in now"}
			assert.Contains(t, out.said("firewall"), said[s.packet])
		})
	}
}
