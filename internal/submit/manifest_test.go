package submit

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestManifest(t *testing.T) {
	noted := func(name, builder, artifact, run, more string) string {
		return `{"name": "` + name + `", "builder_type": "` + builder + `", "build_time": 1795251600, "artifact_id": "` + artifact +
			`", "packer_run_uuid": "` + run + `"` + more + `}`
	}
	of := func(last string, builds ...string) string {
		return `{"builds": [` + strings.Join(builds, ", ") + `], "last_run_uuid": "` + last + `"}`
	}
	old := noted("ubuntu", "digitalocean", "nyc3:1", "run-1", "")
	ubuntu := noted("ubuntu", "digitalocean", "nyc3:2", "run-2", "")
	debian := noted("debian", "digitalocean", "nyc3,fra1:3", "run-2", `, "custom_data": {"a": "b"}`)
	for _, row := range []struct {
		name, manifest, build string
		image                 int64
		says                  string
	}{
		{"one", of("run-2", ubuntu), "", 2, ""},
		{"the last run", of("run-2", old, ubuntu), "", 2, ""},
		{"the last run is not the last line", of("run-1", old, ubuntu), "", 1, ""},
		{"several regions", of("run-2", debian), "", 3, ""},
		{"several builds, one is named", of("run-2", ubuntu, debian), "debian", 3, ""},
		{"without the last run", of("", ubuntu), "", 2, ""},
		{"carriage returns", strings.ReplaceAll(of("run-2", ubuntu), ", ", ",\r\n"), "", 2, ""},
		{"no builds", of("run-2"), "", 0, "the manifest holds no build"},
		{"null", `{"builds": null}`, "", 0, "the manifest holds no build"},
		{"several builds", of("run-2", ubuntu, debian), "", 0, `Packer's last run has 2 builds: "ubuntu", "debian"`},
		{"no such build", of("run-2", old, ubuntu), "rocky", 0, `has no build "rocky"; it has "ubuntu"`},
		{"two of one name", of("run-2", ubuntu, ubuntu), "ubuntu", 0, `2 builds "ubuntu"`},
		{"several runs, none is the last", of("", old, ubuntu), "", 0, "does not say which run was the last"},
		{"the last run has no build", of("run-3", old, ubuntu), "", 0, "no build of the run that it calls the last"},
		{"an AMI", of("run-2", noted("a", "amazon-ebs", "us-east-1:ami-0abc", "run-2", "")), "", 0, `Packer's builder "amazon-ebs"`},
		{"the null builder", of("run-2", noted("a", "null", "Null", "run-2", "")), "", 0, `Packer's builder "null"`},
		{"an AMI of ours", of("run-2", noted("a", "digitalocean", "nyc3:ami-0abc", "run-2", "")), "", 0, "is no snapshot"},
		{"no region", of("run-2", noted("a", "digitalocean", "413639", "run-2", "")), "", 0, "is no snapshot"},
		{"no id", of("run-2", noted("a", "digitalocean", "nyc3:", "run-2", "")), "", 0, "is no snapshot"},
		{"image 0", of("run-2", noted("a", "digitalocean", "nyc3:0", "run-2", "")), "", 0, "is no snapshot"},
		{"a huge id", of("run-2", noted("a", "digitalocean", "nyc3:99999999999999999999", "run-2", "")), "", 0, "is no snapshot"},
		{"two ids", of("run-2", noted("a", "digitalocean", "nyc3:1:2", "run-2", "")), "", 0, "is no snapshot"},
		{"an escape", of("run-2", noted(`\u001b[2J`, "digitalocean", "x", "run-2", "")), "", 0, `"\x1b[2J"`},
		{"no time", of("run-2", strings.Replace(ubuntu, "1795251600", "0", 1)), "", 0, "does not say when"},
		{"empty", "", "", 0, "it is empty"},
		{"cut off", of("run-2", ubuntu)[:60], "", 0, "its end is missing"},
		{"text", "==> digitalocean: Creating droplet", "", 0, "it is no JSON"},
		{"two documents", of("run-2", ubuntu) + of("run-2", ubuntu), "", 0, "something follows its end"},
		{"another type", `{"builds": {}}`, "", 0, `its field "builds" has the type object`},
	} {
		t.Run(row.name, func(t *testing.T) {
			b, err := parseManifest([]byte(row.manifest), row.build)
			if row.says != "" {
				assert.ErrorContains(t, err, row.says)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, row.image, b.image)
			assert.Equal(t, built(), b.ended.UTC())
		})
	}
}

func TestManifestOfTheFuture(t *testing.T) {
	r := newRun(t)
	r.now = built().Add(-time.Hour)
	assert.Equal(t, ExitNothingSent, r.submit("--app-id", app))
	assert.Contains(t, r.err, "lies in the future")
}

func FuzzParseManifest(f *testing.F) {
	f.Add([]byte(oneBuild), "")
	f.Add([]byte(`{"builds": [{}], "last_run_uuid": ""}`), "ubuntu")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		if b, err := parseManifest(data, name); err == nil && b.image <= 0 {
			t.Error("an image without an id")
		}
	})
}
