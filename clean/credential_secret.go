package clean

import (
	"context"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func credentialSecret() *Step {
	return &Step{
		ID:    "credential-secret",
		Title: "systemd has no key for credentials",
		Doc: "Removes the key by which systemd encrypts credentials on machines without a TPM: every droplet would have the same one. " +
			"It is not done by default, as credentials that are encrypted already (/etc/credstore.encrypted) cannot be read without it; a new key is made when one is needed.",
		Script:  "cleanup.sh does nothing here.",
		Sources: []string{"https://systemd.io/BUILDING_IMAGES/"},
		Stages:  []Stage{StageSecrets},
		Plan: func(_ context.Context, s *Scope) ([]*Action, error) {
			p := newPlan(s)
			p.remove(host.At(distro.CredentialSecret))
			return p.end()
		},
	}
}
