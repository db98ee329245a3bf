package distro

import (
	"fmt"
	"strings"
)

// noPassword is the field that no password opens; img_check.sh takes it too.
const noPassword = "*"

// Person reports whether a reviewer takes the account for a person's.
func (a Account) Person() bool {
	return a.User && a.Name != "nobody" && a.Name != "nfsnobody"
}

// Passwordless are the contents of an account file in which some accounts have no
// password any more.
type Passwordless struct {
	// Data is the whole file. Nothing else in it is changed.
	Data []byte
	// Accounts are the accounts whose lines were changed, in the order of the lines.
	Accounts []string
}

// ShadowWithout reads shadow anew and returns it without the passwords of the
// accounts that are chosen by name. A line that cannot be read stays as it is.
func (m *Machine) ShadowWithout(chosen func(name string) bool) (Passwordless, error) {
	data, err := m.Root.ReadFile(Shadow, accountsLimit)
	if err != nil {
		return Passwordless{}, fmt.Errorf("reading the passwords: %w", err)
	}
	return clearShadow(data, chosen), nil
}

// PasswdWithout does the same for what passwd itself holds: the answer then stands in
// shadow, or is no, where shadow has no line for the account.
func (m *Machine) PasswdWithout(chosen func(name string) bool) (Passwordless, error) {
	data, err := m.Root.ReadFile(Passwd, accountsLimit)
	if err != nil {
		return Passwordless{}, fmt.Errorf("reading the accounts: %w", err)
	}
	shadow, err := m.Root.ReadFile(Shadow, accountsLimit)
	if err != nil {
		return Passwordless{}, fmt.Errorf("reading the passwords: %w", err)
	}
	entries, _ := ParseShadow(shadow) // those it cannot read are no answer
	shadowed := map[string]bool{}
	for _, e := range entries {
		shadowed[e.Name] = true
	}
	return clearPasswd(data, chosen, shadowed), nil
}

func clearShadow(data []byte, chosen func(string) bool) Passwordless {
	return editAccounts(data, func(f []string) bool {
		if len(f) > 9 || !chosen(f[0]) || shadowPassword(f[1]) == PasswordNone {
			return false
		}
		f[1] = noPassword
		return true
	})
}

func clearPasswd(data []byte, chosen func(string) bool, shadowed map[string]bool) Passwordless {
	return editAccounts(data, func(f []string) bool {
		if len(f) != 7 || !chosen(f[0]) {
			return false
		}
		switch ParsePassword(f[1]) {
		case PasswordEmpty, PasswordHash, PasswordLockedHash:
		default:
			return false
		}
		if f[1] = noPassword; shadowed[f[0]] {
			f[1] = "x"
		}
		return true
	})
}

// editAccounts lets edit change the fields of each line that is text and has at least
// two. The fields' first one is the name as the C library reads it.
func editAccounts(data []byte, edit func([]string) bool) Passwordless {
	var p Passwordless
	all := strings.Split(string(data), "\n")
	for i, line := range all {
		trimmed := strings.TrimLeft(line, " \t\r\f\v")
		f := strings.Split(trimmed, ":")
		if len(f) < 2 || f[0] == "" || strings.ContainsRune(line, 0) || !edit(f) {
			continue
		}
		p.Accounts = append(p.Accounts, f[0])
		all[i] = line[:len(line)-len(trimmed)] + strings.Join(f, ":")
	}
	p.Data = []byte(strings.Join(all, "\n"))
	return p
}
