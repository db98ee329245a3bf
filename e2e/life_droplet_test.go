//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// lifeTime bounds a droplet's life, from its boot to its power-off.
const lifeTime = 8 * time.Minute

// loginTime bounds the wait for a droplet's first login.
const loginTime = 4 * time.Minute

// droplet is a machine that runs as one of DigitalOcean's: its metadata are where theirs
// are, and cloud-init asks there. It reaches nothing, and is reached by ports of the
// loopback only.
type droplet struct {
	t        testing.TB
	id       int
	dir      string // its console, its monitor, its metadata
	key      string // the file of the private key that opens it
	ssh, web int    // ports
	ended    chan error
}

// metadata is what a droplet is told of itself.
type metadata struct {
	ID         int            `json:"droplet_id"`
	Hostname   string         `json:"hostname"`
	Region     string         `json:"region"`
	Keys       []string       `json:"public_keys"`
	UserData   string         `json:"user_data"`
	VendorData string         `json:"vendor_data"`
	Interfaces map[string]any `json:"interfaces"`
	DNS        map[string]any `json:"dns"`
}

// The droplet's addresses are of the network of the metadata, as qemu has one only.
const (
	dropletAddress = "169.254.10.15"
	dropletGateway = "169.254.0.2"
	dropletMAC     = "52:54:00:12:34:56"
)

// answerScript answers any request by the metadata. The request is read first: an end
// that leaves some of it unread takes the answer along.
const answerScript = `cr=$(printf '\r')
while IFS= read -r line && [ "$line" != "$cr" ]; do :; done
printf 'HTTP/1.0 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n'
exec cat %s
`

// newDroplet makes the metadata and the key of a droplet that does not run yet.
func newDroplet(t testing.TB, id int, userData string) *droplet {
	t.Helper()
	dir, err := os.MkdirTemp("", "imgcheck-vm") // short, as sockets lie in it
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	d := &droplet{t: t, id: id, dir: dir, key: filepath.Join(dir, "key"), ssh: freePort(t), web: freePort(t), ended: make(chan error, 1)}
	require.NoError(t, command(dir, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", markOf(dir, "key"), "-f", d.key))
	own, err := os.ReadFile(d.key + ".pub")
	require.NoError(t, err)
	told, err := json.Marshal(metadata{
		ID: id, Hostname: fmt.Sprintf("droplet-%d", id), Region: "nyc3", Keys: []string{strings.TrimSpace(string(own))}, UserData: userData,
		VendorData: "#cloud-config\ndisable_root: false\n", // as DigitalOcean's
		Interfaces: map[string]any{"public": []any{map[string]any{
			"ipv4": map[string]any{"ip_address": dropletAddress, "netmask": "255.255.0.0", "gateway": dropletGateway}, "mac": dropletMAC, "type": "public",
		}}},
		DNS: map[string]any{"nameservers": []string{"169.254.0.3"}},
	})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(d.file("metadata"), told, 0o600))
	require.NoError(t, os.WriteFile(d.file("answer"), fmt.Appendf(nil, answerScript, d.file("metadata")), 0o600))
	return d
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	address, err := netip.ParseAddrPort(l.Addr().String())
	require.NoError(t, err)
	return int(address.Port())
}

func (d *droplet) file(name string) string { return filepath.Join(d.dir, name) }

// boot starts the droplet from a disk. One that is not kept forgets what is written.
func (d *droplet) boot(own *tree, disk string, kept bool) {
	d.t.Helper()
	drive := "if=virtio,format=raw,cache=unsafe,discard=unmap,detect-zeroes=unmap,file=" + disk
	if !kept {
		drive += ",snapshot=on"
	}
	args := append(own.vmArgs(), "-drive", drive,
		"-smbios", fmt.Sprintf("type=1,manufacturer=DigitalOcean,product=Droplet,serial=%d", d.id),
		"-netdev", fmt.Sprintf("user,id=net,restrict=on,net=169.254.0.0/16,host=%s,dns=169.254.0.3,dhcpstart=%s,hostfwd=tcp:127.0.0.1:%d-%s:22,"+
			"hostfwd=tcp:127.0.0.1:%d-%s:80,guestfwd=tcp:169.254.169.254:80-cmd:/bin/sh %s",
			dropletGateway, dropletAddress, d.ssh, dropletAddress, d.web, dropletAddress, d.file("answer")),
		"-device", "virtio-net-pci,netdev=net,mac="+dropletMAC,
		"-monitor", "unix:"+d.file("monitor")+",server=on,wait=off")
	console, err := os.Create(d.file("console"))
	require.NoError(d.t, err)
	ctx, cancel := context.WithTimeout(d.t.Context(), lifeTime)
	c := exec.CommandContext(ctx, "qemu-system-x86_64", args...)
	c.Stdout, c.Stderr = console, console
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	go func() {
		runtime.LockOSThread() // the kernel kills it where the thread ends
		defer runtime.UnlockOSThread()
		d.ended <- c.Run()
		close(d.ended)
	}()
	d.t.Cleanup(func() {
		cancel()
		for range d.ended { // so that it is gone before its files are
		}
		require.NoError(d.t, console.Close())
	})
}

// run has the droplet do a shell text, as root, and returns what it said.
func (d *droplet) run(text string) (string, error) {
	return output(d.dir, "ssh", d.sshArgs(d.file("master"), "root@127.0.0.1", text)...)
}

// must is run for what has to go well.
func (d *droplet) must(text string) string {
	d.t.Helper()
	said, err := d.run(text)
	require.NoError(d.t, err, "%s: %s", text, d.console())
	return strings.TrimSpace(said)
}

// sshArgs are ssh's for a login with the droplet's key over a master's connection, where
// that is there, or over a connection of its own: alone.
func (d *droplet) sshArgs(master string, more ...string) []string {
	return append([]string{
		"-F", "none", "-q", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "IdentitiesOnly=yes",
		"-o", "ConnectTimeout=20", "-o", "ControlPath=" + master, "-i", d.key, "-p", fmt.Sprint(d.ssh),
	}, more...)
}

const alone = "none"

// await waits until a login gets a shell: the server may be up and refuse it yet.
func (d *droplet) await() {
	d.t.Helper()
	var said string
	var err error
	for end := time.Now().Add(loginTime); time.Now().Before(end); time.Sleep(2 * time.Second) {
		select {
		case err := <-d.ended:
			require.Fail(d.t, "the machine ended", "%v: %s", err, d.console())
		default:
		}
		if said, err = d.run("echo $((40 + 2))"); err == nil && strings.TrimSpace(said) == "42" {
			return
		}
	}
	require.Fail(d.t, "no login", "%s %v: %s", said, err, d.console())
}

// hold opens a connection that outlives the keys.
func (d *droplet) hold() {
	d.t.Helper()
	c := exec.CommandContext(d.t.Context(), "ssh", d.sshArgs(d.file("master"), "-M", "-N", "root@127.0.0.1")...)
	require.NoError(d.t, c.Start())
	d.t.Cleanup(func() { _ = c.Wait() }) // it ends with the machine, or with the test
	require.Eventually(d.t, func() bool {
		_, err := os.Lstat(d.file("master"))
		return err == nil
	}, 30*time.Second, 100*time.Millisecond)
}

// powerOff presses the button, and waits until the machine is off.
func (d *droplet) powerOff() {
	d.t.Helper()
	monitor, err := net.Dial("unix", d.file("monitor"))
	require.NoError(d.t, err)
	defer func() { require.NoError(d.t, monitor.Close()) }()
	_, err = monitor.Write([]byte("system_powerdown\n"))
	require.NoError(d.t, err)
	select {
	case err := <-d.ended:
		require.NoError(d.t, err, d.console())
	case <-time.After(2 * time.Minute):
		require.Fail(d.t, "it does not power off", d.console())
	}
}

func (d *droplet) console() string {
	text, err := os.ReadFile(d.file("console"))
	return fmt.Sprintf("%v\nthe console's end: %s", err, tail(string(text)))
}
