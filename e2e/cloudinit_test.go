//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cloudSetup is one way to set cloud-init up: the files in /etc/cloud and the kernel's
// arguments.
type cloudSetup struct {
	files   map[string]string
	cmdline string
	// stricter: it is a warning though it works: a source of metadata is fixed, or the
	// list is written so that the generator's helper, which reads lines, does not see it.
	stricter bool
	// contrary: what is switched off by a file is switched on by the kernel.
	contrary bool
}

func (s cloudSetup) String() string { return fmt.Sprintf("%q %v", s.cmdline, s.files) }

// cloudSetups are a sample of all that the parts can be put together to.
func cloudSetups() []cloudSetup {
	const off = "cloud-init.disabled"
	markers := []map[string]string{{}, {off: ""}, {off: "", "cloud-init.enabled": ""}}
	cmdlines := []string{"quiet", "quiet cloud-init=disabled splash", "cloud-init=enabled", "ci.di.policy=disabled,found=all", "ci.ds=DigitalOcean", "ci.datasource=Ec2"}
	policies := []string{"", "policy: disabled\n", "# x\n policy : \"search,found=all\" # y\n", "policy: enabled\n", "datasource: Ec2\n", "datasource: 'ConfigDrive'\n"}
	lists := []map[string]string{
		{}, {"99.cfg": "datasource_list: [ None ]\n"}, {"99.cfg": "datasource_list: [ ConfigDrive, DigitalOcean, None ]\n"},
		{"50.cfg": "datasource_list: [ DigitalOcean ]\n", "60.cfg": "datasource_list: [ NoCloud, Ec2 ]\n"},
		{"50.cfg": "datasource_list: [ None ]\n", "60.cfg": "datasource_list: ['DigitalOcean', \"None\"]\nssh_deletekeys: no\n", "70.conf": "datasource_list: [ None ]\n"},
		{"90.cfg": "#cloud-config\n{datasource_list: [GCE, MAAS]}\n"},
	}
	var all []cloudSetup
	combinations := len(markers) * len(cmdlines) * len(policies) * len(lists)
	for i := 0; i < combinations; i += 11 { // a prime that divides none of them
		n := i
		pick := func(count int) int {
			picked := n % count
			n /= count
			return picked
		}
		s := cloudSetup{files: maps.Clone(markers[pick(len(markers))]), cmdline: cmdlines[pick(len(cmdlines))]}
		_, marked := s.files[off]
		s.contrary = marked && s.cmdline == "cloud-init=enabled"
		if policy := policies[pick(len(policies))]; policy != "" {
			s.files["ds-identify.cfg"] = policy
			s.stricter = strings.HasPrefix(policy, "datasource")
		}
		for name, text := range lists[pick(len(lists))] {
			s.files["cloud.cfg.d/"+name] = text
			s.stricter = s.stricter || strings.Contains(text, "{datasource_list")
		}
		s.stricter = s.stricter || strings.HasPrefix(s.cmdline, "ci.d") && !strings.HasPrefix(s.cmdline, "ci.di.")
		all = append(all, s)
	}
	return all
}

// TestCloudInitReferee has the real generator and ds-identify decide whether cloud-init
// runs on a droplet and finds its metadata, and the real cloud-init merge its files.
func TestCloudInitReferee(t *testing.T) {
	own := debianTree(t)
	setups := cloudSetups()
	for i, s := range setups {
		lab := fmt.Sprintf("lab/%02d/", i)
		own.write(lab+"cmdline", s.cmdline)
		require.NoError(t, os.MkdirAll(filepath.Join(own.root, lab, "cloud"), 0o755))
		for name, text := range s.files {
			own.write(lab+"cloud/"+name, text)
		}
	}
	text, err := testdata.ReadFile("testdata/cloudinit.sh")
	require.NoError(t, err)
	_, err = enter(own.root, "", "/bin/sh", "-c", string(text))
	require.NoError(t, err)
	good, bad := 0, 0
	for i, s := range setups {
		if own.judgeCloudSetup(t, s, filepath.Join(own.root, fmt.Sprintf("lab/%02d", i))) {
			good++
		} else {
			bad++
		}
	}
	assert.Greater(t, good, 3, "hardly any set-up works: the referee may not")
	assert.Greater(t, bad, 15)
}

// judgeCloudSetup compares the two, and reports whether cloud-init works.
func (own *tree) judgeCloudSetup(t *testing.T, s cloudSetup, lab string) bool {
	t.Helper()
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(lab, name))
		if name != "found" {
			require.NoError(t, err, "%s", s)
		}
		return string(data)
	}
	out := &outcome{stdout: read("report")}
	require.NoError(t, json.Unmarshal([]byte(out.stdout), &out.report), "%s", s)
	statuses := out.statuses()
	var list []string
	require.NoError(t, json.Unmarshal([]byte(read("list")), &list), "%s", s)
	ofDroplet := func(source string) bool { return source == "DigitalOcean" || source == "ConfigDrive" }
	listed := list == nil || slices.ContainsFunc(list, ofDroplet)
	assert.Equal(t, listed, !strings.Contains(out.said("cloud-init-datasource"), "datasource_list has neither"), "%s: cloud-init merges %v", s, list)

	runs := slices.Contains(strings.Fields(read("run")), "enabled")
	found := listed // where the generator's helper has written nothing
	if result := read("found"); strings.HasPrefix(result, "datasource_list:") {
		found = strings.Contains(result, "DigitalOcean") || strings.Contains(result, "ConfigDrive")
	}
	works := runs && found
	passes := statuses["cloud-init-enabled"] == "pass" && statuses["cloud-init-datasource"] == "pass"
	said := out.said("cloud-init-enabled") + out.said("cloud-init-datasource")
	if passes || !s.stricter && !s.contrary {
		assert.Equal(t, works, passes, "%s: cloud-init runs %t, finds %t; said is %s", s, runs, found, said)
	}
	if !s.contrary && !runs && statuses["cloud-init-enabled"] == "pass" {
		assert.Equal(t, "warn", statuses["cloud-init-datasource"], "%s: the generator finds no source", s)
	}
	return works
}
