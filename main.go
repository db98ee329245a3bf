// Imgcheck validates a build droplet before it becomes a DigitalOcean Marketplace image.
package main

import (
	"context"
	"os"

	"imgcheck/internal/cli"
)

func main() {
	os.Exit(cli.Run(context.Background(), os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr))
}
