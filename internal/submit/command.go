package submit

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"imgcheck/internal/manual"
)

// apiURL is where DigitalOcean's API answers.
const apiURL = "https://api.digitalocean.com/"

// flags are the command line as it was given.
type flags struct {
	manifest, report, build string
	appID, version          string
	reason, osVersion       string
	software                []string
	maxAge, timeout         time.Duration
	api                     string
	dryRun, verbose         bool
}

func newCommand(p *process) *cobra.Command {
	var f flags
	c := &cobra.Command{
		Use:   "mp-submit --manifest manifest.json --report report.json --app-id ID",
		Short: "Submit the snapshot of a Packer build to the DigitalOcean Marketplace",
		Long: `Submit the snapshot of a Packer build to the DigitalOcean Marketplace, through
the Vendor API. It runs on your own machine, where the token is, not on the
droplet.

Nothing is sent unless the report is one of imgcheck that calls the image
publishable, of this build, and recent. What is left out is left as it is in the
listing; what is given as an empty value is cleared.

Environment:
  DIGITALOCEAN_API_TOKEN  the token
  DIGITALOCEAN_TOKEN      the token, where the first is not set
  APP_ID                  the app, where --app-id is not given
  APP_VERSION             its new version, where --version is not given

Exit codes:
  0    submitted
  1    refused by the API
  2    nothing was sent: wrong usage, no fitting report
  3    no clear answer: look into the Vendor Portal
  130  interrupted`,
		Example: `  mp-submit --manifest manifest.json --report report.json --app-id ID --dry-run
  mp-submit --manifest manifest.json --report report.json --app-id ID \
    --version 1.4.2 --reason 'nginx 1.28' --software nginx=1.28.0`,
		SilenceErrors: true, SilenceUsage: true,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return p.submit(c.Context(), c, f) },
	}
	set := c.Flags()
	set.SortFlags = false
	set.StringVar(&f.manifest, "manifest", "", "the `FILE` of Packer's manifest post-processor")
	set.StringVar(&f.report, "report", "", "the `FILE` of the JSON report that imgcheck wrote in this build")
	set.StringVar(&f.appID, "app-id", "", "the app's `ID`, from the URL of its page in the Vendor Portal")
	set.StringVar(&f.version, "version", "", "the app's new `VERSION`")
	set.StringVar(&f.reason, "reason", "", "what has changed, a `TEXT` for the reviewers")
	set.StringVar(&f.osVersion, "os-version", "", "the operating `SYSTEM`, such as Ubuntu 24.04")
	set.StringArrayVar(&f.software, "software", nil, "software in the image, as `NAME=VERSION` (repeatable; '' clears the list)")
	set.StringVar(&f.build, "build", "", "the `NAME` of the build, where Packer's last run had several")
	set.DurationVar(&f.maxAge, "max-age", 24*time.Hour, "refuse a report that is older than this `TIME`")
	set.DurationVar(&f.timeout, "timeout", 2*time.Minute, "give up after this `TIME`, repeated attempts included")
	set.StringVar(&f.api, "api-url", apiURL, "the `URL` where the API answers; https, unless it is this machine")
	set.BoolVar(&f.dryRun, "dry-run", false, "check everything, show what would be sent, and send nothing")
	set.BoolVarP(&f.verbose, "verbose", "v", false, "say what is attempted")
	c.AddCommand(newVersion(p))
	c.SetOut(p.stdout)
	c.SetErr(p.stderr)
	manual.Help(c)
	completeFiles(c)
	return c
}

// completeFiles lets shells complete names of files where files are meant, and nothing
// else by them.
func completeFiles(c *cobra.Command) {
	c.ValidArgsFunction = cobra.NoFileCompletions
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Name != "manifest" && f.Name != "report" {
			// The one error there is says that it has a completion already.
			_ = c.RegisterFlagCompletionFunc(f.Name, cobra.NoFileCompletions)
		}
	})
}

func newVersion(p *process) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Show the version of mp-submit",
		Example: "  mp-submit version",
		Args:    cobra.NoArgs, ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(p.stdout, "mp-submit %s (%s)\n", version, commit)
			return err
		},
	}
}

// submit is the whole run: look, refuse or send, and say what came of it.
func (p *process) submit(ctx context.Context, c *cobra.Command, f flags) error {
	if err := p.readToken(f.dryRun); err != nil {
		return err
	}
	update, err := p.newUpdate(c, &f)
	if err != nil {
		return err
	}
	api, err := parseAPI(f.api)
	if err != nil {
		return err
	}
	built, err := p.fittingBuild(f)
	if err != nil {
		return err
	}
	update.ImageID = built.image
	if f.dryRun {
		return p.show(api.JoinPath(route(f.appID)).String(), update)
	}
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	s := sender{process: p, api: api, appID: f.appID, verbose: f.verbose}
	status, err := s.send(ctx, update)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "Submitted: image %d for the app %s, which is now %s.\n%s\n", update.ImageID, f.appID, status,
		"Until it is reviewed the app takes no other update.")
	return err
}

// fittingBuild returns the build whose image may be submitted.
func (p *process) fittingBuild(f flags) (build, error) {
	data, err := readFile("manifest", f.manifest, largestManifest)
	if err != nil {
		return build{}, err
	}
	built, err := parseManifest(data, f.build)
	if err != nil {
		return build{}, err
	}
	if data, err = readFile("report", f.report, largestReport); err != nil {
		return build{}, err
	}
	r, err := parseReport(data)
	if err != nil {
		return build{}, err
	}
	for _, note := range r.reservations() {
		p.say(note)
	}
	return built, r.fits(built, p.now(), f.maxAge)
}

// show prints what would be sent.
func (p *process) show(url string, u *update) error {
	body, err := json.MarshalIndent(u, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "Would send, and has sent nothing:\nPATCH %s\n%s\n", url, p.hide(string(body)))
	return err
}
