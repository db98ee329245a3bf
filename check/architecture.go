package check

import (
	"context"
	"errors"
	"fmt"

	"imgcheck/distro"
)

// oldestDroplet is the level of x86-64 that every droplet's processor has.
const oldestDroplet = 2

func architecture() *Check {
	return &Check{
		ID:       "architecture",
		Category: "droplet",
		Title:    "Everything here runs on any droplet's processor",
		Found:    "%d thing that may not run everywhere|%d things that may not run everywhere",
		Doc: "Droplets have amd64 processors of several generations, and a customer's may be older than the one that built the image. A system for another processor is a warning, and so is every program or library " +
			"outside of the distribution's packages (/usr/local, /opt, /srv, /var/www, /var/lib/gems, .gem, .local, .cargo, .rbenv, .rvm, .nvm, .pyenv in homes) whose ELF notes name x86-64-v3 or v4 as needed: " +
			"the dynamic linker refuses it on a processor without AVX2. Libraries in glibc-hwcaps are left out, as they are only taken where they work. " +
			"Most programs have no such note, whatever they need: that one was built by -march=native does not show. The folders with native extensions of Python, Node.js and Ruby are therefore named as notes.",
		Sources: []string{
			"https://gitlab.com/x86-psABIs/x86-64-ABI",
			"https://docs.digitalocean.com/products/droplets/concepts/choosing-a-plan/",
		},
		Remedy: "Build with \"-march=x86-64\" or \"-march=x86-64-v2\" instead of native or v3 (CFLAGS, RUSTFLAGS=-Ctarget-cpu=x86-64-v2, GOAMD64=v2), or install the distribution's package.",
		Run:    judgeArchitecture,
	}
}

func judgeArchitecture(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	var findings []Finding
	name, source, archErr := m.Architecture(ctx)
	if archErr == nil && name != distro.AMD64 {
		findings = append(findings, Finding{Level: LevelWarn, Message: fmt.Sprintf("the system is made for %s (%s), and droplets are amd64", name, source)})
	}
	natives, nativesErr := m.Natives(ctx)
	for _, file := range natives.Demanding {
		if file.Level > oldestDroplet {
			findings = append(findings, Finding{Level: LevelWarn, Path: file.Path, Message: fmt.Sprintf("needs x86-64-v%d", file.Level)})
		}
	}
	for _, e := range natives.Extensions {
		findings = append(findings, Finding{Level: LevelNote, Path: e.Path, Message: fmt.Sprintf("native extensions of %s: %d", e.Language, e.Count)})
	}
	return findings, errors.Join(archErr, nativesErr)
}
