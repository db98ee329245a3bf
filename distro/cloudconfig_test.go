package distro

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCloudConfig(t *testing.T) {
	set := func(file string, line int, values ...string) CloudSetting[[]string] {
		return CloudSetting[[]string]{values, file, line}
	}
	flag := func(value bool, file string, line int) CloudSetting[bool] {
		return CloudSetting[bool]{value, file, line}
	}
	defaults := CloudConfig{SSHDeleteKeys: flag(true, "", 0), DisableRoot: flag(true, "", 0)}
	const main, one, two = "/etc/cloud/cloud.cfg", "/etc/cloud/cloud.cfg.d/1.cfg", "/etc/cloud/cloud.cfg.d/2.cfg"
	tests := []struct {
		name, overlay string
		change        func(*CloudConfig)
		err           string
	}{
		{name: "nothing", overlay: "-- etc dir --\n", change: func(*CloudConfig) {}},
		{
			name: "the main file", overlay: "-- etc/cloud/cloud.cfg --\n#cloud-config\nusers: [default]\ndisable_root: no\nssh_deletekeys: \"True\"\n" +
				"ssh_genkeytypes: ed25519\nmanual_cache_clean: 1\nnetwork:\n  config: disabled\n",
			change: func(c *CloudConfig) {
				c.Files = []string{main}
				c.DisableRoot, c.SSHDeleteKeys, c.ManualCacheClean = flag(false, main, 3), flag(true, main, 4), flag(true, main, 6)
				c.SSHGenKeyTypes, c.NetworkDisabled = set(main, 5, "ed25519"), flag(true, main, 8)
			},
		},
		{
			name: "the last of the parts is the strongest, the main file the weakest", overlay: "-- etc/cloud/cloud.cfg --\nssh_deletekeys: true\n" +
				"datasource_list: [None]\n-- etc/cloud/cloud.cfg.d/2.cfg --\ndatasource_list: [ConfigDrive, 'DigitalOcean', null]\n" +
				"-- etc/cloud/cloud.cfg.d/1.cfg --\nssh_deletekeys: off\ndatasource_list: [Ec2]\nnetwork: {config: disabled}\n" +
				"-- etc/cloud/cloud.cfg.d/3.yaml --\nssh_deletekeys: true\n-- etc/cloud/cloud.cfg.d/gone.cfg link=/gone --\n" +
				"-- etc/cloud/cloud.cfg.d/folder.cfg dir --\n-- etc/cloud/cloud.cfg.d/pipe.cfg fifo --\n",
			change: func(c *CloudConfig) {
				c.Files = []string{two, one, main}
				c.DatasourceList, c.SSHDeleteKeys = set(two, 1, "ConfigDrive", "DigitalOcean", ""), flag(false, one, 1)
				c.NetworkDisabled = flag(true, one, 3)
			},
		},
		{
			name: "a null is set, and false", overlay: "-- etc/cloud/cloud.cfg --\nssh_deletekeys: ~\ndatasource_list:\nssh_deletekeys: null\n",
			change: func(c *CloudConfig) {
				c.Files = []string{main}
				c.SSHDeleteKeys, c.DatasourceList = flag(false, main, 3), set(main, 2)
			},
		},
		{
			name: "parts that are elsewhere", overlay: "-- etc/cloud/cloud.cfg --\nconf_d: /srv/conf\n-- srv/conf/a.cfg --\ndisable_root: false\n" +
				"-- etc/cloud/cloud.cfg.d/1.cfg --\nssh_deletekeys: false\n",
			change: func(c *CloudConfig) {
				c.Files, c.DisableRoot = []string{"/srv/conf/a.cfg", main}, flag(false, "/srv/conf/a.cfg", 1)
			},
		},
		{
			name: "an anchor", overlay: "-- etc/cloud/cloud.cfg --\nx: &x [DigitalOcean]\ndatasource_list: *x\n",
			change: func(c *CloudConfig) { c.Files, c.DatasourceList = []string{main}, set(main, 2, "DigitalOcean") },
		},
		{
			name: "files that are no configuration", overlay: "-- etc/cloud/cloud.cfg --\npassword: [hunter2\n-- etc/cloud/cloud.cfg.d/1.cfg --\n- hunter2\n" +
				"-- etc/cloud/cloud.cfg.d/2.cfg --\ndisable_root: false\n-- etc/cloud/cloud.cfg.d/3.cfg --\na: 1\n---\nb: 1\n-- etc/cloud/cloud.cfg.d/4.cfg --\n" +
				"x: &x {disable_root: true}\n<<: *x\n-- etc/cloud/cloud.cfg.d/5.cfg --\n",
			change: func(c *CloudConfig) {
				c.Files = []string{"/etc/cloud/cloud.cfg.d/5.cfg", two}
				c.DisableRoot = flag(false, two, 1)
			},
			err: "/etc/cloud/cloud.cfg line 1 is not YAML|/etc/cloud/cloud.cfg.d/4.cfg line 2 merges settings by reference, which is not followed here|" +
				"/etc/cloud/cloud.cfg.d/3.cfg line 2 begins a second document, where one is expected|/etc/cloud/cloud.cfg.d/1.cfg line 1 is not a list of settings",
		},
		{
			name: "a template", overlay: "-- etc/cloud/cloud.cfg --\n## template: jinja\n{% if v1 %}\n{% endif %}\n", change: func(*CloudConfig) {},
			err: "/etc/cloud/cloud.cfg line 1 begins a template, which is filled in at run time",
		},
		{
			name: "a template with nothing to fill in", overlay: "-- etc/cloud/cloud.cfg --\n## template: jinja\ndisable_root: false\n",
			change: func(c *CloudConfig) { c.Files, c.DisableRoot = []string{main}, flag(false, main, 2) },
		},
		{
			name: "rules for merging that do not matter, and such as do", overlay: "-- etc/cloud/cloud.cfg --\nmerge_how: dict(replace)\nusers: []\n" +
				"-- etc/cloud/cloud.cfg.d/1.cfg --\nmerge_type: list(append)\ndisable_root: true\nssh_deletekeys: false\n-- etc/cloud/cloud.cfg.d/2.cfg --\nusers: [x]\ndisable_root: false\n",
			change: func(c *CloudConfig) {
				c.Files = []string{two, one, main}
				c.DisableRoot, c.SSHDeleteKeys = flag(false, two, 2), flag(false, one, 3)
			},
			err: "/etc/cloud/cloud.cfg.d/1.cfg line 2 is merged by rules of its own, which are not followed here",
		},
		{
			name: "a file that is too large", overlay: "-- etc/cloud/cloud.cfg size=2M --\n", change: func(*CloudConfig) {}, err: "file too large",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := defaults
			tt.change(&want)
			got, err := treeMachine(t, tt.overlay).CloudConfig(context.Background())
			assert.Equal(t, want, got)
			if tt.err == "" {
				require.NoError(t, err)
				return
			}
			for _, part := range strings.Split(tt.err, "|") {
				require.ErrorContains(t, err, part)
			}
			assert.NotContains(t, err.Error(), "hunter2")
		})
	}
}

func FuzzCloudConfig(f *testing.F) {
	for _, seed := range []string{
		"datasource_list: [ ConfigDrive, None ]\n", "a: &a [*a]\ndatasource_list: *a\n", "network: {config: disabled}\nmerge_how: x\n",
		"## template: jinja\n{{ x }}\n", "ssh_deletekeys: !!bool yes\n", "? [a]\n: b\n", "- a\n", "%YAML 1.1\n---\na: 1\n...\n---\n", "\xff\xfea\x00",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, ownRules, err := parseCloudFile("/f", data)
		if err != nil {
			if len(entries) > 0 || len(err.Error()) > 100 {
				t.Errorf("%v beside %d settings", err, len(entries))
			}
			return
		}
		var c CloudConfig
		_ = c.merge(cloudFile{"/f", entries, ownRules}, map[string]bool{})
		if c.DatasourceList.Set() != (c.DatasourceList.Line > 0) {
			t.Error("a setting without its place")
		}
	})
}
