package submit

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/report"
)

const app = "60089fc6d333037bffa70d9b"

// built is when the build of the tests ended.
func built() time.Time { return time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC) }

const oneBuild = `{"builds": [{"name": "ubuntu", "builder_type": "digitalocean", "build_time": 1795251600, "files": null,
	"artifact_id": "nyc3:413639", "packer_run_uuid": "run-2", "custom_data": null}], "last_run_uuid": "run-2"}`

// sealed is the report of a clean that ended ten minutes before the build.
func sealed() *report.Report {
	return &report.Report{
		Schema: report.Schema, Tool: report.Tool{Name: "imgcheck", Version: "1.0.0"}, Command: "clean", Mode: "live", Root: "/",
		Machine: report.Machine{ID: "ubuntu", Version: "24.04", Vendor: "DigitalOcean"}, StartedAt: built().Add(-12 * time.Minute),
		DurationMS: 120_000, Verdict: "warn", Counts: report.Counts{Pass: 1, Warn: 1, Skip: 1},
		Results:  []report.Result{{ID: "a", Status: "pass"}, {ID: "b", Status: "warn"}, {ID: "c", Status: "skip"}},
		Cleaning: &report.Cleaning{Validated: true, Sealed: true, Owed: []string{}},
	}
}

// run is one run of mp-submit against an API of its own.
type run struct {
	t        *testing.T
	dir      string
	token    string
	env      map[string]string
	manifest string
	report   *report.Report
	pace     pace
	now      time.Time
	// answer is what the API does with the request of the given number, from 1.
	answer func(w http.ResponseWriter, r *http.Request, number int)
	ctx    context.Context

	requests []*http.Request
	bodies   []string
	out, err string
}

func newRun(t *testing.T) *run {
	r := &run{
		t: t, dir: t.TempDir(), token: "dop_v1_" + strings.ToLower(rand.Text()+rand.Text()), manifest: oneBuild, report: sealed(),
		pace: pace{attempts: 3, attempt: 2 * time.Second, least: time.Millisecond, longest: 20 * time.Millisecond},
		now:  built().Add(time.Hour), ctx: context.Background(),
	}
	r.env = map[string]string{"DIGITALOCEAN_API_TOKEN": r.token}
	r.answer = func(w http.ResponseWriter, _ *http.Request, _ int) { taken(w, 413639) }
	return r
}

// taken answers as the API does when it has taken an image.
func taken(w http.ResponseWriter, image int) {
	body, _ := json.Marshal(map[string]any{
		"appId": app, "name": "Example", "version": 4, "type": "droplet", "emergencyContacts": []any{},
		"status": map[string]any{"value": "pending", "lastUpdated": 1692302119556}, "customData": map[string]any{"imageId": image},
	})
	_, _ = w.Write(body)
}

// submit runs it and returns its exit code. The token must not be seen, whatever happens.
func (r *run) submit(args ...string) int {
	r.t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		assert.NoError(r.t, err)
		r.requests, r.bodies = append(r.requests, q), append(r.bodies, string(body))
		r.answer(w, q, len(r.requests))
	}))
	defer server.Close()
	data, err := json.Marshal(r.report)
	require.NoError(r.t, err)
	args = append([]string{"--manifest", r.write("manifest.json", r.manifest), "--report", r.write("report.json", string(data)), "--api-url", server.URL}, args...)
	return r.bare(args...)
}

// bare runs it with nothing but the given arguments.
func (r *run) bare(args ...string) int {
	r.t.Helper()
	var out, errs bytes.Buffer
	p := &process{env: r.env, stdout: &out, stderr: &errs, now: func() time.Time { return r.now }, pace: r.pace}
	code := p.run(r.ctx, args)
	r.out, r.err = out.String(), errs.String()
	assert.NotContains(r.t, r.out+r.err, r.token)
	return code
}

func (r *run) write(name, text string) string {
	r.t.Helper()
	file := filepath.Join(r.dir, name)
	require.NoError(r.t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

func TestSubmits(t *testing.T) {
	r := newRun(t)
	code := r.submit("--app-id", app, "--version", "1.4.2", "--reason", "nginx <new> & safe", "--os-version", "Ubuntu 24.04",
		"--software", "nginx=1.28.0", "--software", "app=a=b", "--verbose")
	assert.Equal(t, ExitSubmitted, code, r.err)
	assert.Equal(t, "Submitted: image 413639 for the app "+app+", which is now \"pending\".\nUntil it is reviewed the app takes no other update.\n", r.out)
	require.Len(t, r.requests, 1)
	sent := r.requests[0]
	assert.Equal(t, "PATCH /api/v1/vendor-portal/apps/"+app, sent.Method+" "+sent.URL.Path)
	assert.Equal(t, "Bearer "+r.token, sent.Header.Get("Authorization"))
	assert.Equal(t, "application/json", sent.Header.Get("Content-Type"))
	assert.JSONEq(t, `{"imageId": 413639, "reasonForUpdate": "nginx <new> & safe", "version": "1.4.2", "osVersion": "Ubuntu 24.04",
		"softwareIncluded": [{"name": "nginx", "version": "1.28.0"}, {"name": "app", "version": "a=b"}]}`, r.bodies[0])
	assert.Contains(t, r.err, "mp-submit: attempt 1: PATCH http://127.0.0.1")
}

// What is left out stays as it is in the listing, what is given empty is cleared.
func TestLeftOutIsNotEmpty(t *testing.T) {
	for _, row := range []struct {
		name string
		args []string
		env  map[string]string
		body string
	}{
		{"nothing", nil, nil, `{"imageId": 413639}`},
		{"empty", []string{"--version=", "--reason=", "--os-version=", "--software="}, nil,
			`{"imageId": 413639, "reasonForUpdate": "", "version": "", "osVersion": "", "softwareIncluded": []}`},
		{"software without a version", []string{"--software", "nginx="}, nil, `{"imageId": 413639, "softwareIncluded": [{"name": "nginx", "version": ""}]}`},
		{"the environment", nil, map[string]string{"APP_VERSION": "7\r\n"}, `{"imageId": 413639, "version": "7"}`},
		{"the environment is empty", nil, map[string]string{"APP_VERSION": ""}, `{"imageId": 413639}`},
		{"the flag wins", []string{"--version", ""}, map[string]string{"APP_VERSION": "7"}, `{"imageId": 413639, "version": ""}`},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := newRun(t)
			r.env["APP_ID"] = app + "\r\n"
			for name, value := range row.env {
				r.env[name] = value
			}
			assert.Equal(t, ExitSubmitted, r.submit(row.args...), r.err)
			require.Len(t, r.bodies, 1)
			assert.JSONEq(t, row.body, r.bodies[0])
		})
	}
}

func TestDryRunSendsNothing(t *testing.T) {
	r := newRun(t)
	assert.Equal(t, ExitSubmitted, r.submit("--app-id", app, "--dry-run", "--reason", "holds "+r.token), r.err)
	assert.Empty(t, r.requests)
	assert.Regexp(t, `^Would send, and has sent nothing:\nPATCH http://127\.0\.0\.1:[0-9]+/api/v1/vendor-portal/apps/`+app+"\n", r.out)
	assert.Contains(t, r.out, `"reasonForUpdate": "holds [token]"`)
	r.env = nil
	assert.Equal(t, ExitSubmitted, r.submit("--app-id", app, "--dry-run"), "it needs no token")
	r.report.Verdict = "fail"
	assert.Equal(t, ExitNothingSent, r.submit("--app-id", app, "--dry-run"), "it is guarded too")
}

func TestUsage(t *testing.T) {
	for _, row := range []struct {
		name string
		args []string
		env  map[string]string
		says string
	}{
		{"no token", nil, map[string]string{"DIGITALOCEAN_API_TOKEN": "", "DIGITALOCEAN_TOKEN": " \r\n"}, "there is no API token"},
		{"two lines as token", nil, map[string]string{"DIGITALOCEAN_API_TOKEN": "one\ntwo"}, "DIGITALOCEAN_API_TOKEN holds something else than a token"},
		{"no app", []string{"--app-id="}, nil, "no app was named"},
		{"another path", []string{"--app-id", "../../v2/droplets"}, nil, `"../../v2/droplets" is no id of an app`},
		{"http", []string{"--api-url", "http://api.example.com"}, nil, "--api-url must be https"},
		{"no address", []string{"--api-url", "api.example.com"}, nil, "--api-url is no plain address"},
		{"a password in the address", []string{"--api-url", "https://u:p@api.example.com"}, nil, "--api-url is no plain address"},
		{"software", []string{"--software", "nginx"}, nil, `--software "nginx": must be NAME=VERSION`},
		{"software without a name", []string{"--software", " =1"}, nil, "must be NAME=VERSION"},
		{"an escape", []string{"--reason", "\x1b[2J"}, nil, "--reason holds control characters"},
		{"no flag", []string{"--frobnicate"}, nil, "unknown flag: --frobnicate"},
		{"an argument", []string{"manifest.json"}, nil, "manifest.json"},
		{"no manifest", []string{"--manifest="}, nil, "no manifest was given"},
		{"no report", []string{"--report="}, nil, "no report was given"},
		{"no such manifest", []string{"--manifest=/no/such"}, nil, "the manifest cannot be read"},
		{"a folder", []string{"--report=/"}, nil, `the report "/" is no regular file`},
		{"a device", []string{"--manifest=/dev/zero"}, nil, "is no regular file"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := newRun(t)
			for name, value := range row.env {
				r.env[name] = value
			}
			assert.Equal(t, ExitNothingSent, r.submit(append([]string{"--app-id", app}, row.args...)...))
			assert.Contains(t, r.err, row.says)
			assert.Empty(t, r.out)
			assert.Empty(t, r.requests)
		})
	}
}

func TestTokenOfEitherName(t *testing.T) {
	r := newRun(t)
	r.env = map[string]string{"DIGITALOCEAN_TOKEN": r.token + "\r\n"}
	assert.Equal(t, ExitSubmitted, r.submit("--app-id", app), r.err)
	assert.Equal(t, "Bearer "+r.token, r.requests[0].Header.Get("Authorization"))
}

func TestVersion(t *testing.T) {
	r := newRun(t)
	assert.Equal(t, ExitSubmitted, r.bare("version"))
	assert.Equal(t, "mp-submit dev (unknown)\n", r.out)
}
