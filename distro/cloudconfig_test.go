package distro

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCloudConfig(t *testing.T) {
	m := treeMachine(t, `
-- etc/cloud/cloud.cfg --
disable_root: true
ssh_deletekeys: true
datasource_list: [NoCloud, None]
cloud_init_modules:
 - [ssh, always]
 - name: bootcmd
 - users-groups
-- etc/cloud/cloud.cfg.d/90_dpkg.cfg --
datasource_list: [ DigitalOcean ]
disable_root: false
disable_root: &no off
ssh_pwauth: *no
-- etc/cloud/cloud.cfg.d/10.cfg --
ssh_deletekeys: 0
datasource_list: [Ec2]
-- etc/cloud/cloud.cfg.d/99.cfg.bak --
ssh_deletekeys: true
-- etc/cloud/cloud.cfg.d/99.cfg/x.cfg --
ssh_deletekeys: true
-- etc/cloud/cloud.cfg.d/00-empty.cfg --
# nothing
-- etc/cloud/cloud.cfg.d/00-null.cfg --
~
-- etc/cloud/cloud.cfg.d/50.cfg link=nowhere --
`)
	_, err := m.CloudConfig(t.Context())
	require.ErrorContains(t, err, "/etc/cloud/cloud.cfg.d/99.cfg: not a regular file")
	c, _ := m.CloudConfig(t.Context())
	assert.Equal(t, []string{
		"/etc/cloud/cloud.cfg.d/90_dpkg.cfg", "/etc/cloud/cloud.cfg.d/10.cfg", "/etc/cloud/cloud.cfg.d/00-null.cfg",
		"/etc/cloud/cloud.cfg.d/00-empty.cfg", "/etc/cloud/cloud.cfg",
	}, c.Files)
	assert.False(t, c.Bool("disable_root", true), "the last of two in one file counts")
	assert.False(t, c.Bool("ssh_pwauth", true), "an alias")
	assert.False(t, c.Bool("ssh_deletekeys", true))
	assert.True(t, c.Bool("unset", true))
	assert.False(t, c.Bool("unset", false))
	assert.False(t, c.Bool("datasource_list", true))
	list, set := c.List("datasource_list")
	assert.True(t, set)
	assert.Equal(t, []string{"DigitalOcean"}, list, "a list replaces the weaker one")
	list, _ = c.List("cloud_init_modules")
	assert.Equal(t, []string{"ssh", "bootcmd", "users-groups"}, list)
	_, set = c.List("unset")
	assert.False(t, set)
	where, found := c.Setting("ssh_deletekeys")
	assert.True(t, found)
	assert.Equal(t, "/etc/cloud/cloud.cfg.d/10.cfg", where.File)
	assert.Equal(t, 1, where.Line)
}

func TestCloudConfigElsewhere(t *testing.T) {
	c, err := treeMachine(t, "-- etc/cloud/cloud.cfg --\nconf_d: /srv/cloud\n-- srv/cloud/1.cfg --\na: 1\n-- etc/cloud/cloud.cfg.d/1.cfg --\nb: 1\n").CloudConfig(t.Context())
	require.NoError(t, err)
	assert.True(t, c.Bool("a", false))
	assert.False(t, c.Bool("b", false))
	c, err = treeMachine(t, "-- etc/cloud/cloud.cfg --\nconf_d: ''\n-- x.cfg --\na: 1\n").CloudConfig(t.Context())
	require.NoError(t, err)
	assert.Len(t, c.Files, 1)
	c, err = treeMachine(t, "-- etc dir --\n").CloudConfig(t.Context())
	require.NoError(t, err)
	assert.Empty(t, c.Files)
}

func TestCloudBool(t *testing.T) {
	for value, want := range map[string]bool{
		"true": true, "True": true, "yes": true, "on": true, "1": true, "2": false, `"1"`: true, `" TRUE "`: true, "'yes'": true,
		"false": false, "no": false, "OFF": false, "0": false, "0.0": false, "~": false, "null": false, "": false, `""`: false, `"false"`: false,
		"maybe": false, "[]": false, "[true]": false, "{a: b}": false,
	} {
		m := treeMachine(t, "-- etc/cloud/cloud.cfg --\nkey: "+value+"\n")
		c, err := m.CloudConfig(t.Context())
		require.NoError(t, err)
		assert.Equal(t, want, c.Bool("key", !want), "%q", value)
	}
}

func TestCloudConfigProblems(t *testing.T) {
	for text, want := range map[string]string{
		"a: b\nsecret: [hunter\n":               "/etc/cloud/cloud.cfg is not one YAML document",
		"\tkey: hunter\n":                       "is not one YAML document",
		"a: b\n---\nc: d\n":                     "/etc/cloud/cloud.cfg is not one YAML document",
		"- hunter\n":                            "/etc/cloud/cloud.cfg line 1 is not where settings begin",
		"hunter\n":                              "is not where settings begin",
		"## template: jinja\nkey: {{ v1.x }}\n": "/etc/cloud/cloud.cfg line 1 says that the file is a template",
		"a: b\nmerge_how: dict(replace)\n":      "/etc/cloud/cloud.cfg line 2 changes how files are merged",
	} {
		_, err := parseCloudConfig(CloudConfigFile, []byte(text))
		require.Error(t, err, text)
		assert.Contains(t, err.Error(), want)
		assert.NotContains(t, err.Error(), "hunter")
	}
	for overlay, want := range map[string]string{
		"-- etc/cloud/cloud.cfg fifo --\n":                          "/etc/cloud/cloud.cfg: not a regular file",
		"-- etc/cloud/cloud.cfg size=2G --\n":                       "file too large",
		"-- etc/cloud/cloud.cfg.d/a.cfg --\na: [\n":                 "reading cloud-init's configuration: /etc/cloud/cloud.cfg.d/a.cfg is not",
		"-- etc/cloud/cloud.cfg.d link=/etc/cloud/cloud.cfg.d --\n": "cloud.cfg.d",
	} {
		_, err := treeMachine(t, overlay).CloudConfig(t.Context())
		assert.ErrorContains(t, err, want, overlay)
	}
}

func FuzzCloudConfig(f *testing.F) {
	f.Add([]byte("a: &x [b, {name: c}, [d, e]]\nf: *x\nf: ~\n? [k]\n: v\n"))
	f.Add([]byte("&a a: *a\n"))
	f.Add([]byte("## template: jinja\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		settings, err := parseCloudConfig("/f", data)
		if err != nil && !strings.HasPrefix(err.Error(), "/f ") {
			t.Error(err)
		}
		c := CloudConfig{parts: []cloudPart{{"/f", settings}}}
		for key := range settings {
			c.Bool(key, true)
			c.List(key)
			s, found := c.Setting(key)
			if !found || s.Line < 1 {
				t.Errorf("%q is not found, or on line %d", key, s.Line)
			}
			s.Texts()
		}
	})
}
