package config

import _ "embed"

// Template is a file to begin with: all that can be said is there, and commented out but
// for the version.
//
//go:embed template.yaml
var Template string
