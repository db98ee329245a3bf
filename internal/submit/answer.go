package submit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/digitalocean/godo"
)

const (
	lookFirst = "Look into the Vendor Portal whether the app is pending now; if it is not, run this again."
	vendors   = "https://cloud.digitalocean.com/vendorportal"
)

// answer is what is read of the app that a success returns.
type answer struct {
	AppID  string `json:"appId"`
	Status struct {
		Value string `json:"value"`
	} `json:"status"`
	Custom struct {
		ImageID int64 `json:"imageId"`
	} `json:"customData"`
}

// accepted returns the state of the app after a success. An answer that does not
// confirm the image is no success.
func (s *sender) accepted(code int, body []byte, image int64) (string, error) {
	unclear := func(format string, args ...any) error {
		return failure{fmt.Errorf("the API answers %d, but "+format, append([]any{code}, args...)...), lookFirst, ExitUnclear}
	}
	var a answer
	if code != http.StatusOK {
		return "", unclear("only 200 says that an update is taken")
	}
	if err := decode(body, &a); err != nil {
		return "", unclear("its answer cannot be read: %w", err)
	}
	switch {
	case a.AppID != s.appID:
		return "", unclear("of another app: %s", s.brief(a.AppID))
	case a.Custom.ImageID != image:
		return "", unclear("of another image: %d", a.Custom.ImageID)
	case a.Status.Value == "":
		return "", unclear("it does not say what state the app is in")
	}
	return s.brief(a.Status.Value), nil
}

// unsent turns an error of the client into a failure. The error itself is shown only
// where the API has not answered: what it holds else is the API's to choose.
func (s *sender) unsent(ctx context.Context, err error) error {
	refused := new(godo.ErrorResponse)
	if errors.As(err, &refused) {
		return s.refused(refused)
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return failure{errors.New("interrupted before the API had answered"), lookFirst, ExitInterrupted}
	}
	after := ""
	if s.tries > 1 {
		after = fmt.Sprintf(" after %d attempts", s.tries)
	}
	failed := new(url.Error)
	if errors.As(err, &failed) && failed.Timeout() || errors.Is(err, context.DeadlineExceeded) {
		return failure{fmt.Errorf("the API at %s has not answered in time%s", s.api.Host, after), lookFirst, ExitUnclear}
	}
	return failure{fmt.Errorf("no answer from the API at %s%s: %w", s.api.Host, after, cause(err)), lookFirst, ExitUnclear}
}

// cause takes off an error what the client has wrapped around it, which repeats the
// address of every attempt.
func cause(err error) error {
	for failed := new(url.Error); errors.As(err, &failed); failed = new(url.Error) {
		err = failed.Err
	}
	return errors.New(strings.TrimSpace(err.Error()))
}

// refused says what an answer means that is no success.
func (s *sender) refused(r *godo.ErrorResponse) error {
	code := r.Response.StatusCode
	f := failure{code: ExitRefused}
	var says string
	switch {
	case code == http.StatusBadRequest:
		says, f.remedy = badRequest(r.Message, s.tries)
		if s.tries > 1 {
			f.code = ExitUnclear
		}
	case code == http.StatusUnauthorized:
		says, f.remedy = "the API does not accept the token", "Make a new one, with write access: https://cloud.digitalocean.com/account/api/tokens"
	case code == http.StatusForbidden:
		says = "the API does not allow it: the token is invalid, or the app or the image belongs to another team"
		f.remedy = "Use a token with write access, of the team that owns the app, and build the image with that team's token too."
	case code == http.StatusNotFound:
		says, f.remedy = "the API knows no app "+s.appID, "Take the id from the URL of the app's page in the Vendor Portal: "+vendors
	case code == http.StatusTooManyRequests:
		says, f.remedy, f.code = "too many requests were made with this token", again(r.Response), ExitUnclear
	case code >= 500:
		says, f.remedy, f.code = fmt.Sprintf("the API itself has an error (%d)", code), lookFirst, ExitUnclear
	case code >= 300 && code < 400:
		says = "the API points to another address, which is not followed: the token would go there"
		f.remedy, f.code = "Look whether a proxy answers in its place, and whether --api-url is right.", ExitUnclear
	default:
		says, f.remedy = fmt.Sprintf("the API refuses it (%d)", code), "Look at the app in the Vendor Portal: "+vendors
	}
	f.error = errors.New(says + s.quote(r))
	return f
}

// badRequest tells apart what the API documents for 400, as far as its words allow.
func badRequest(message string, tries int) (says, remedy string) {
	words := strings.ToLower(message)
	switch {
	case strings.Contains(words, "pending") || strings.Contains(words, "review"):
		if tries > 1 {
			return "the app is pending or in review now: an earlier attempt of this run may have been taken", lookFirst
		}
		return "the app is pending or in review, and takes no update until that is decided", "Wait for the review, or withdraw the update that is waiting: " + vendors
	case strings.Contains(words, "droplet"):
		return "the app is no droplet 1-Click App", "Only droplet apps have an image; look whether --app-id is right."
	case strings.Contains(words, "image"):
		return "the API misses the image, or does not know it", "Look whether the snapshot still exists, in the account of the team that owns the app."
	}
	return "the API refuses the request: no image was named, the app is no droplet app, or it is pending or in review", "Look at the app in the Vendor Portal: " + vendors
}

func again(r *http.Response) string {
	if wait, asked := askedToWait(r); asked && wait > 0 {
		return fmt.Sprintf("Nothing was changed. Run this again in %s.", wait.Round(time.Second))
	}
	return "Nothing was changed. Run this again in some minutes."
}

// quote adds what the API says itself, and what its support asks for.
func (s *sender) quote(r *godo.ErrorResponse) string {
	message := r.Message
	if message == "" && r.NestedError != nil {
		message = r.NestedError.Message
	}
	var added string
	if message != "" {
		added = "; it says " + s.brief(message)
	}
	if r.RequestID != "" {
		added += "; request " + s.brief(r.RequestID)
	}
	return added
}

// brief shows the beginning of somebody else's words, with nothing in it that moves a
// cursor, and no token: one that is cut off would not be known for one any more.
func (s *sender) brief(words string) string {
	const longest = 200
	words = s.hide(words)
	runes := []rune(words)
	if len(runes) > longest {
		words = string(runes[:longest]) + "…"
	}
	return fmt.Sprintf("%q", words)
}
