// Mp-submit submits the snapshot of a build to the DigitalOcean Marketplace. It runs on
// the vendor's own machine, where the API token lives, never on a droplet.
package main

import (
	"context"
	"os"

	"imgcheck/internal/submit"
)

func main() {
	os.Exit(submit.Run(context.Background(), os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
}
