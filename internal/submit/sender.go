package submit

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/go-retryablehttp"
	"golang.org/x/oauth2"
)

// largestAnswer is how many bytes of an answer are read.
const largestAnswer = 1 << 20

// pace is how patiently the API is asked.
type pace struct {
	attempts       int           // the first one included
	attempt        time.Duration // the longest that one takes
	least, longest time.Duration // between two; the longest is also what a Retry-After may ask for
}

func usualPace() pace {
	return pace{attempts: 4, attempt: 30 * time.Second, least: time.Second, longest: 30 * time.Second}
}

// sender sends one update of one app.
type sender struct {
	*process
	api     *url.URL
	appID   string
	verbose bool
	// tries is how often the request was sent.
	tries int
}

// route is where an app is updated. The older one that ends in /versions/VERSION is
// deprecated.
func route(appID string) string { return "api/v1/vendor-portal/apps/" + appID }

// send sends the update and returns the state that the app is in now. Its errors are
// failures, each with what to do.
func (s *sender) send(ctx context.Context, u *update) (string, error) {
	client, err := s.client()
	if err != nil {
		return "", err
	}
	request, err := client.NewRequest(ctx, http.MethodPatch, s.api.JoinPath(route(s.appID)).String(), u)
	if err != nil {
		return "", fmt.Errorf("making the request: %w", err)
	}
	var body bytes.Buffer
	response, err := client.Do(ctx, request, &body)
	if err != nil {
		return "", s.unsent(ctx, err)
	}
	return s.accepted(response.StatusCode, body.Bytes(), u.ImageID)
}

// client is DigitalOcean's client with bounds. It follows no redirect: the token would
// go wherever the answer points to, and a PATCH would become a GET.
func (s *sender) client() (*godo.Client, error) {
	authorized := oauth2.NewClient(context.Background(), oauth2.StaticTokenSource(&oauth2.Token{AccessToken: s.token}))
	authorized.Timeout = s.pace.attempt
	least, longest := s.pace.least.Seconds(), s.pace.longest.Seconds()
	client, err := godo.New(authorized,
		godo.SetBaseURL(s.api.String()),
		godo.SetUserAgent("mp-submit/"+version),
		godo.WithRetryAndBackoffs(godo.RetryConfig{RetryMax: s.pace.attempts - 1, RetryWaitMin: &least, RetryWaitMax: &longest}))
	if err != nil {
		return nil, fmt.Errorf("making the client: %w", err)
	}
	outer, isOuter := client.HTTPClient.Transport.(*oauth2.Transport)
	if !isOuter {
		return nil, fmt.Errorf("making the client: it does not authorize")
	}
	inner, isInner := outer.Base.(*retryablehttp.RoundTripper)
	if !isInner {
		return nil, fmt.Errorf("making the client: it does not retry")
	}
	s.bound(inner.Client)
	client.HTTPClient.CheckRedirect = noRedirect
	return client, nil
}

// bound adds to the client that retries what it has no options for.
func (s *sender) bound(c *retryablehttp.Client) {
	c.HTTPClient.CheckRedirect = noRedirect
	c.HTTPClient.Transport = bounded{c.HTTPClient.Transport}
	c.RequestLogHook = func(_ retryablehttp.Logger, r *http.Request, attempt int) {
		s.tries = attempt + 1
		if s.verbose {
			s.say(fmt.Sprintf("attempt %d: %s %s", s.tries, r.Method, r.URL.Redacted()))
		}
	}
	retries := c.CheckRetry
	c.CheckRetry = func(ctx context.Context, r *http.Response, err error) (bool, error) {
		if wait, asked := askedToWait(r); asked && wait > s.pace.longest {
			return false, nil
		}
		return retries(ctx, r, err)
	}
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// askedToWait returns for how long an answer asks to be left alone.
func askedToWait(r *http.Response) (time.Duration, bool) {
	if r == nil {
		return 0, false
	}
	header := r.Header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(header, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	if at, err := http.ParseTime(header); err == nil {
		return time.Until(at).Round(time.Second), true
	}
	return 0, false
}

// bounded cuts answers off, as the client reads them whole.
type bounded struct{ http.RoundTripper }

// RoundTrip answers with no more than largestAnswer bytes.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := b.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(response.Body, largestAnswer), response.Body}
	return response, nil
}
