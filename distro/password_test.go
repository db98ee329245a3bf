package distro

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestParsePassword(t *testing.T) {
	sha := "$6$salt$" + strings.Repeat("a", 86)
	for want, fields := range map[Password][]string{
		PasswordNone:     {"*", "!", "!!"},
		PasswordEmpty:    {""},
		PasswordShadowed: {"x"},
		PasswordHash: {
			sha, "$1$salt$x", "$5$x", "$2b$10$x", "$y$j9T$x", "$7$x", "_J9..rasmBYk8r9AiWNc", "abJnggxhB/yWI",
			"plain", "xx", " ", "\x00", "NP", "$",
		},
		PasswordLockedHash: {"!" + sha, "!!" + sha, "*" + sha, "!*" + sha, "!abJnggxhB/yWI", "!_J9..rasmBYk8r9AiWNc"},
		PasswordLocked:     {"!*", "!!!", "**", "*LK*", "!locked", "*NP*", "! ", "!$", "!x"},
	} {
		for _, field := range fields {
			assert.Equal(t, want, ParsePassword(field), "%q", field)
		}
	}
}

// TestOnlyThreeFieldsPass is the soundness of the two checks that img_check.sh has.
func TestOnlyThreeFieldsPass(t *testing.T) {
	for _, field := range []string{"x", "", "!x", "!!!", "* ", "!\r"} {
		assert.NotEqual(t, PasswordNone, shadowPassword(field), "%q", field)
	}
}
