package submit

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// refusal answers with a code and what the API says of it.
func refusal(code int, message string) func(http.ResponseWriter, *http.Request, int) {
	return func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.Header().Set("X-Request-Id", "request-1")
		w.WriteHeader(code)
		_, _ = w.Write([]byte(`{"id": "x", "message": "` + message + `"}`))
	}
}

func body(code int, text string) func(http.ResponseWriter, *http.Request, int) {
	return func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.WriteHeader(code)
		_, _ = w.Write([]byte(text))
	}
}

func TestAnswers(t *testing.T) {
	app413639 := `{"appId": "` + app + `", "status": {"value": "pending"}, "customData": {"imageId": 413639}}`
	for _, row := range []struct {
		name   string
		answer func(http.ResponseWriter, *http.Request, int)
		code   int
		tries  int
		says   []string
	}{
		{"pending", refusal(400, "app is in pending state"), ExitRefused, 1, []string{"the app is pending or in review", "Wait for the review", `request "request-1"`}},
		{"in review", refusal(400, "Cannot update app: in review"), ExitRefused, 1, []string{"the app is pending or in review"}},
		{"no droplet app", refusal(400, "app is not a droplet 1-click"), ExitRefused, 1, []string{"the app is no droplet 1-Click App"}},
		{"no image", refusal(400, "imageId is required"), ExitRefused, 1, []string{"misses the image"}},
		{"400 without a word", body(400, ""), ExitRefused, 1, []string{"no image was named, the app is no droplet app, or it is pending"}},
		{"401", refusal(401, "Unable to authenticate you"), ExitRefused, 1, []string{"does not accept the token", "Unable to authenticate you"}},
		{"403", refusal(403, "forbidden"), ExitRefused, 1, []string{"the token is invalid, or the app or the image belongs to another team"}},
		{"404", refusal(404, "not found"), ExitRefused, 1, []string{"the API knows no app " + app}},
		{"422", refusal(422, "no"), ExitRefused, 1, []string{"the API refuses it (422)"}},
		{"429 all the time", refusal(429, "slow down"), ExitUnclear, 3, []string{"too many requests", "Nothing was changed"}},
		{"500 all the time", refusal(500, "oops"), ExitUnclear, 3, []string{"the API itself has an error (500)", "Look into the Vendor Portal"}},
		{"502 of a proxy", body(502, "<html>\x1b[2Jbad gateway"), ExitUnclear, 3, []string{"(502)", `<html>\x1b[2Jbad gateway`}},
		{"202", body(202, app413639), ExitUnclear, 1, []string{"only 200 says"}},
		{"204", body(204, ""), ExitUnclear, 1, []string{"only 200 says"}},
		{"200 without a body", body(200, ""), ExitUnclear, 1, []string{"cannot be read: it is empty"}},
		{"200 with a page", body(200, "<html>"), ExitUnclear, 1, []string{"cannot be read: it is no JSON"}},
		{"200 cut off", body(200, app413639[:40]), ExitUnclear, 1, []string{"its end is missing"}},
		{"200 with a list", body(200, "[]"), ExitUnclear, 1, []string{"cannot be read"}},
		{"200 with null", body(200, "null"), ExitUnclear, 1, []string{"of another app"}},
		{"200 and more", body(200, app413639+"x"), ExitUnclear, 1, []string{"something follows its end"}},
		{"200 of another type", body(200, strings.Replace(app413639, "413639", `"413639"`, 1)), ExitUnclear, 1, []string{`its field "customData.imageId" has the type string`}},
		{"200 of another app", body(200, strings.Replace(app413639, app, "other", 1)), ExitUnclear, 1, []string{`of another app: "other"`}},
		{"200 of another image", body(200, strings.Replace(app413639, "413639", "1", 1)), ExitUnclear, 1, []string{"of another image: 1"}},
		{"200 without a state", body(200, strings.Replace(app413639, "pending", "", 1)), ExitUnclear, 1, []string{"does not say what state"}},
		{"200 too long", body(200, strings.Repeat(" ", largestAnswer)+app413639), ExitUnclear, 1, []string{"cannot be read: it is empty"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := newRun(t)
			r.answer = row.answer
			assert.Equal(t, row.code, r.submit("--app-id", app), r.err)
			for _, want := range row.says {
				assert.Contains(t, r.err, want)
			}
			assert.Empty(t, r.out)
			assert.NotContains(t, r.err, "\x1b")
			assert.Len(t, r.requests, row.tries)
		})
	}
}

// A token that the API repeats is not repeated here.
func TestTokenInAnAnswer(t *testing.T) {
	r := newRun(t)
	for _, code := range []int{400, 401, 403, 404, 429, 500} {
		r.answer = refusal(code, "Bearer "+r.token+" is not welcome")
		assert.NotEqual(t, ExitSubmitted, r.submit("--app-id", app, "-v"))
		assert.Contains(t, r.err, "Bearer [token] is not welcome")
	}
	r.answer = body(200, `{"appId": "`+app+`", "status": {"value": "`+r.token+`"}, "customData": {"imageId": 413639}}`)
	assert.Equal(t, ExitSubmitted, r.submit("--app-id", app), r.err)
	assert.Contains(t, r.out, `"[token]"`)
	assert.NotContains(t, r.out, r.token)
	r.answer = body(200, `{"appId": "`+strings.Repeat("x", 190)+r.token+`"}`)
	assert.Equal(t, ExitUnclear, r.submit("--app-id", app))
	assert.NotContains(t, r.err, r.token[:8], "nor the part of it that is left where words are cut off")
}

func TestTriesAgain(t *testing.T) {
	for _, code := range []int{429, 500, 502, 503} {
		r := newRun(t)
		r.answer = func(w http.ResponseWriter, _ *http.Request, number int) {
			if number < 3 {
				w.Header().Set("Retry-After", "0")
				w.WriteHeader(code)
				return
			}
			taken(w, 413639)
		}
		assert.Equal(t, ExitSubmitted, r.submit("--app-id", app), r.err)
		require.Len(t, r.bodies, 3)
		assert.Equal(t, r.bodies[0], r.bodies[2], "the same is sent again, whole")
	}
}

// An attempt without an answer may have been taken: then the next one finds the app pending.
func TestPendingAfterAnError(t *testing.T) {
	r := newRun(t)
	r.answer = func(w http.ResponseWriter, q *http.Request, number int) {
		if number == 1 {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		refusal(400, "app is pending")(w, q, number)
	}
	assert.Equal(t, ExitUnclear, r.submit("--app-id", app))
	assert.Contains(t, r.err, "an earlier attempt of this run may have been taken")
}

func TestDoesNotWaitForever(t *testing.T) {
	for _, header := range []string{"3600", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)} {
		r := newRun(t)
		r.answer = func(w http.ResponseWriter, _ *http.Request, _ int) {
			w.Header().Set("Retry-After", header)
			w.WriteHeader(http.StatusTooManyRequests)
		}
		start := time.Now()
		assert.Equal(t, ExitUnclear, r.submit("--app-id", app))
		assert.Less(t, time.Since(start), 5*time.Second)
		assert.Regexp(t, `Run this again in (1h0m0s|59m\d+s)`, r.err)
		assert.Len(t, r.requests, 1)
	}
}

func TestTimeouts(t *testing.T) {
	silent := func(_ http.ResponseWriter, q *http.Request, _ int) {
		select {
		case <-q.Context().Done():
		case <-time.After(5 * time.Second):
		}
	}
	r := newRun(t)
	r.answer, r.pace.attempt = silent, 30*time.Millisecond
	assert.Equal(t, ExitUnclear, r.submit("--app-id", app))
	assert.Contains(t, r.err, "has not answered in time after 3 attempts")

	r = newRun(t)
	r.answer = silent
	assert.Equal(t, ExitUnclear, r.submit("--app-id", app, "--timeout", "50ms"))
	assert.Contains(t, r.err, "has not answered in time\nLook into the Vendor Portal")

	r = newRun(t)
	r.answer = silent
	ctx, cancel := context.WithCancel(context.Background())
	r.ctx = ctx
	time.AfterFunc(50*time.Millisecond, cancel)
	assert.Equal(t, ExitInterrupted, r.submit("--app-id", app))
	assert.Contains(t, r.err, "interrupted before the API had answered")
}

func TestNobodyAnswers(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	r := newRun(t)
	assert.Equal(t, ExitUnclear, r.submit("--app-id", app, "--api-url", gone.URL, "-v"))
	assert.Contains(t, r.err, "after 3 attempts: dial tcp")

	r = newRun(t)
	r.answer = func(w http.ResponseWriter, _ *http.Request, _ int) {
		hijacker, ok := w.(http.Hijacker)
		require.True(t, ok)
		conn, _, err := hijacker.Hijack()
		require.NoError(t, err)
		require.NoError(t, conn.Close())
	}
	assert.Equal(t, ExitUnclear, r.submit("--app-id", app))
	assert.Contains(t, r.err, "no answer from the API")

	tls := httptest.NewTLSServer(http.NotFoundHandler())
	defer tls.Close()
	r = newRun(t)
	assert.Equal(t, ExitUnclear, r.submit("--app-id", app, "--api-url", tls.URL))
	assert.Contains(t, r.err, "certificate")
}

// A redirect is not followed, whatever its kind and wherever it leads.
func TestTokenStaysWithTheAPI(t *testing.T) {
	for _, code := range []int{301, 302, 303, 307, 308} {
		asked := false
		other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
		r := newRun(t)
		r.answer = func(w http.ResponseWriter, q *http.Request, number int) {
			if number == 1 {
				http.Redirect(w, q, other.URL+"/api", code)
			}
		}
		assert.Equal(t, ExitUnclear, r.submit("--app-id", app))
		assert.Contains(t, r.err, "points to another address, which is not followed")
		assert.Len(t, r.requests, 1)
		assert.False(t, asked)
		other.Close()

		r = newRun(t)
		r.answer = func(w http.ResponseWriter, q *http.Request, _ int) { http.Redirect(w, q, "/elsewhere", code) }
		assert.Equal(t, ExitUnclear, r.submit("--app-id", app))
		assert.Len(t, r.requests, 1)
	}
}
