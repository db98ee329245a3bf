package check

import "testing"

func TestRandomSeed(t *testing.T) {
	testCheck(t, randomSeed(), []row{
		{name: "none", want: Pass},
		{name: "an empty one", overlay: "-- var/lib/systemd/random-seed no-newline --\n", want: Pass},
		{
			name: "systemd's and the boot loader's", overlay: "-- var/lib/systemd/random-seed --\n{{random 32}}\n-- boot/efi/loader/random-seed --\n{{random 32}}\n", want: Warn,
			findings: []string{
				"warn /boot/efi/loader/random-seed every droplet would begin with this seed",
				"warn /var/lib/systemd/random-seed every droplet would begin with this seed",
			},
		},
		{name: "what leads nowhere", overlay: "-- var/lib/random-seed link=/var/lib/random-seed --\n", want: Error, err: "looking for random seeds"},
	})
}
