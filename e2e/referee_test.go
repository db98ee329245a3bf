//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

// cases is how many configurations each referee judges.
const cases = 150

// machineAt reads a tree as the program does.
func machineAt(t *testing.T, dir string) *distro.Machine {
	t.Helper()
	h, err := host.OpenTree(dir)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, h.Close()) })
	return distro.Detect(h, distro.Settings{})
}

func pick(r *rand.Rand, from ...string) string { return from[r.IntN(len(from))] }

// sshdLines makes lines of sshd's configuration; in a Match block only what may stand
// there.
func sshdLines(r *rand.Rand, include string) string {
	var text strings.Builder
	block := false
	for range 2 + r.IntN(8) {
		value := pick(r, "yes", "no", "YES", `"no"`, "yes # why")
		line := pick(r, "PasswordAuthentication ", "passwordauthentication=", "KbdInteractiveAuthentication ", "PermitEmptyPasswords\t") + value
		switch r.IntN(8) {
		case 0:
			line = "PermitRootLogin " + pick(r, "yes", "no", "without-password", "prohibit-password", "forced-commands-only")
		case 1:
			line = pick(r, "ForceCommand none", `ForceCommand echo "Please wait"`, "ForceCommand internal-sftp")
		case 2:
			line = "Match " + pick(r, "User root", "User app", "User ro*,!app", "User *,!root", "Group sftp", "Group *,!root", "User root Group root",
				"User root Group sftp", "all", "User=root", "Group root,sftp")
			block = true
		case 3:
			if include != "" {
				line = "Include " + include
			}
		case 4:
			if !block {
				line = pick(r, "UsePAM yes", "UsePAM no", "ChallengeResponseAuthentication "+value)
			}
		}
		text.WriteString(strings.Repeat(" ", r.IntN(3)) + line + "\n")
	}
	return text.String()
}

// sshd itself says by what it lets users in; our reading has to agree.
func TestSSHDIsTheReferee(t *testing.T) {
	own := debianTree(t)
	random := rand.New(rand.NewPCG(20, 26))
	accounts := map[string]string{
		"etc/passwd": "root:x:0:0::/root:/bin/sh\nsshd:x:100:65534::/run/sshd:/usr/sbin/nologin\napp:x:1000:1000::/srv:/bin/sh\n",
		"etc/group":  "root:x:0:\nsftp:x:50:app\napp:x:1000:\nnogroup:x:65534:\n",
	}
	for i := range cases {
		dir := fmt.Sprintf("srv/cases/%03d/", i)
		for name, text := range accounts {
			own.write(dir+name, text)
		}
		own.write(dir+"etc/ssh/sshd_config.d/10.conf", sshdLines(random, ""))
		own.write(dir+"etc/ssh/sshd_config.d/20.conf", sshdLines(random, ""))
		own.write(dir+"etc/ssh/sshd_config", sshdLines(random, pick(random, "/etc/ssh/sshd_config.d/*.conf", "sshd_config.d/20.conf", "/etc/ssh/gone")))
	}
	own.plant(`mkdir -p /run/sshd; ssh-keygen -q -t ed25519 -N '' -f /srv/hostkey; rm -rf /etc/ssh
		for dir in /srv/cases/*; do
			cp -r $dir/etc/. /etc/
			for user in root app; do
				/usr/sbin/sshd -T -h /srv/hostkey -C user=$user,host=h,addr=192.0.2.1 >$dir/$user 2>$dir/$user.refused || rm $dir/$user
			done
			rm -rf /etc/ssh
		done`)
	judged := 0
	for i := range cases {
		dir := filepath.Join(own.root, fmt.Sprintf("srv/cases/%03d", i))
		m := machineAt(t, dir)
		config, err := m.SSHD(t.Context())
		require.NoError(t, err)
		for _, user := range []string{"root", "app"} {
			said, err := os.ReadFile(filepath.Join(dir, user))
			if os.IsNotExist(err) {
				continue // sshd does not take it
			}
			require.NoError(t, err)
			judged++
			who, err := m.SSHDUser(t.Context(), user)
			require.NoError(t, err)
			rules := m.LoginRules(config, who)
			force := "none"
			if rules.ForceCommand.Keyword != "" {
				force = strings.Join(rules.ForceCommand.Args, " ")
			}
			assert.Equal(t, sshdSays(string(said)), map[string]string{
				"permitrootlogin": rules.RootLogin.Value, "passwordauthentication": rules.Passwords.Value,
				"kbdinteractiveauthentication": rules.Keyboard.Value, "permitemptypasswords": rules.EmptyPasswords.Value,
				"usepam": rules.PAM.Value, "forcecommand": force,
			}, "case %d, user %s", i, user)
		}
	}
	assert.Greater(t, judged, cases, "sshd refuses too many of the configurations")
}

func sshdSays(output string) map[string]string {
	said := map[string]string{}
	for line := range strings.Lines(output) {
		keyword, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch keyword {
		case "permitrootlogin", "passwordauthentication", "kbdinteractiveauthentication", "permitemptypasswords", "usepam", "forcecommand":
			said[keyword] = strings.ReplaceAll(strings.ReplaceAll(value, "without-password", "prohibit-password"), `"`, "")
		}
	}
	if said["forcecommand"] == "" {
		said["forcecommand"] = "none"
	}
	return said
}

// cloudText makes a file of cloud-init's configuration.
func cloudText(r *rand.Rand) string {
	var text strings.Builder
	for range r.IntN(5) {
		switch r.IntN(4) {
		case 0:
			text.WriteString("cloud_init_modules: " + pick(r, "[ssh]", "[users-groups]", "\n - users-groups\n - [ssh, always]", "[{name: ssh, frequency: always}]", "~", "[]") + "\n")
		case 1:
			text.WriteString("datasource_list: " + pick(r, "[ DigitalOcean, None ]", "[None]", "['NoCloud']", "[]") + "\n")
		default:
			text.WriteString(pick(r, "ssh_deletekeys", "disable_root", "ssh_pwauth") + ": " +
				pick(r, "true", "false", "yes", "no", "on", "off", "0", "1", "2", "~", "", "'no'", "'true'", `"1"`, "[]", "True", "FALSE", "maybe") + "\n")
		}
	}
	return text.String()
}

// cloudReferee prints what cloud-init's own reader makes of each case.
const cloudReferee = `
import glob, json
from cloudinit import util
for dir in sorted(glob.glob("/srv/cases/*")):
    cfg = util.read_conf_with_confd(dir + "/etc/cloud/cloud.cfg")
    said = {key: util.get_cfg_option_bool(cfg, key, True) for key in ("ssh_deletekeys", "disable_root", "ssh_pwauth")}
    names = []
    for module in cfg.get("cloud_init_modules") or []:
        names.append(module["name"] if isinstance(module, dict) else module[0] if isinstance(module, list) else module)
    said["modules"] = names
    said["sources"] = cfg.get("datasource_list") or []
    json.dump(said, open(dir + "/said", "w"))
`

// cloud-init itself says what its files mean.
func TestCloudInitIsTheReferee(t *testing.T) {
	own := debianTree(t)
	random := rand.New(rand.NewPCG(19, 95))
	for i := range cases {
		dir := fmt.Sprintf("srv/cases/%03d/etc/cloud/", i)
		own.write(dir+"cloud.cfg", cloudText(random))
		for _, name := range []string{"05.cfg", "10.cfg", "9.cfg", "90_dpkg.cfg", "x.cfg.bak"} {
			if random.IntN(2) == 0 {
				own.write(dir+"cloud.cfg.d/"+name, cloudText(random))
			}
		}
	}
	own.write("srv/referee.py", cloudReferee)
	own.plant("python3 /srv/referee.py")
	for i := range cases {
		dir := filepath.Join(own.root, fmt.Sprintf("srv/cases/%03d", i))
		data, err := os.ReadFile(filepath.Join(dir, "said"))
		require.NoError(t, err)
		var said struct {
			Delete  bool     `json:"ssh_deletekeys"`
			Root    bool     `json:"disable_root"`
			Pwauth  bool     `json:"ssh_pwauth"`
			Modules []string `json:"modules"`
			Sources []string `json:"sources"`
		}
		require.NoError(t, json.Unmarshal(data, &said))
		config, err := machineAt(t, dir).CloudConfig(t.Context())
		require.NoError(t, err)
		assert.Equal(t, said.Delete, config.Bool("ssh_deletekeys", true), "case %d", i)
		assert.Equal(t, said.Root, config.Bool("disable_root", true), "case %d", i)
		assert.Equal(t, said.Pwauth, config.Bool("ssh_pwauth", true), "case %d", i)
		modules, _ := config.List("cloud_init_modules")
		sources, _ := config.List("datasource_list")
		assert.ElementsMatch(t, said.Modules, modules, "case %d", i)
		assert.ElementsMatch(t, said.Sources, sources, "case %d", i)
	}
}
