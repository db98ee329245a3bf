package distro

// Password is what a password field of passwd or shadow amounts to. The field
// itself is never kept.
type Password int

// The kinds of password fields.
const (
	// PasswordNone: exactly "*", "!" or "!!"; no password opens the account.
	PasswordNone Password = iota + 1
	// PasswordEmpty: no password is asked for.
	PasswordEmpty
	// PasswordHash: a password opens the account.
	PasswordHash
	// PasswordLockedHash: "!" or "*" before a hash; locked, and the hash still leaks.
	PasswordLockedHash
	// PasswordLocked: locked by something else ("!*", "*LK*", "!locked"), which
	// img_check.sh refuses too.
	PasswordLocked
	// PasswordShadowed: "x"; the answer stands in shadow.
	PasswordShadowed
)

// ParsePassword says what the password field of a shadow or passwd line amounts to.
func ParsePassword(field string) Password {
	switch field {
	case "*", "!", "!!":
		return PasswordNone
	case "":
		return PasswordEmpty
	case "x":
		return PasswordShadowed
	}
	locked := field[0] == '!' || field[0] == '*'
	hash := looksHashed(trimLocks(field))
	switch {
	case locked && hash:
		return PasswordLockedHash
	case locked:
		return PasswordLocked
	}
	// What crypt(3) cannot have made matches no password, but "could not be used"
	// is not ours to promise: img_check.sh counts it as one, and so do we.
	return PasswordHash
}

func trimLocks(field string) string {
	for len(field) > 0 && (field[0] == '!' || field[0] == '*') {
		field = field[1:]
	}
	return field
}

// looksHashed reports whether crypt(5) could have made the field: "$id$…", the
// "_" of extended DES, or 13 characters of traditional DES.
func looksHashed(field string) bool {
	if len(field) > 1 && (field[0] == '$' || field[0] == '_') {
		return true
	}
	if len(field) < 13 {
		return false
	}
	for _, c := range []byte(field[:13]) {
		if c != '.' && c != '/' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}
