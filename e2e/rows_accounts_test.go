//go:build e2e

package e2e

// shadowFaults are root's password field and lines that are not what they should be.
func shadowFaults() []fault {
	return []fault{
		{name: "root hash", plant: `shadow root "$HASH"`, want: "root-password=fail", says: "root-password: password"},
		{name: "root yescrypt hash", plant: `shadow root "\$y\$j9T\$${HASH#????}"`, want: "root-password=fail"},
		{name: "root DES hash", plant: `shadow root abJnggxhB/yWI`, want: "root-password=fail"},
		{name: "root empty", bug: "B14", plant: `shadow root ""`, want: "root-password=fail", says: "root-password: empty"},
		{name: "root locked hash", bug: "B13", plant: `shadow root "!$HASH"`, want: "root-password=fail", says: "root-password: hash"},
		{name: "root locked and invalid", bug: "B13", plant: `shadow root '!*'`, want: "root-password=fail", says: "root-password: img_check.sh"},
		{name: "root locked word", bug: "B13", plant: `shadow root '!locked'`, want: "root-password=fail"},
		{name: "root *LK*", bug: "B13", plant: `shadow root '*LK*'`, want: "root-password=fail"},
		{name: "root !", plant: `shadow root '!'`},
		{name: "root !!", plant: `shadow root '!!'`},
		{name: "root line without colons", plant: `sed -i 's/^root:.*/root/' /etc/shadow`, want: "root-password=fail user-passwords=error system-passwords=error"},
		{name: "root missing from shadow", bug: "B15", plant: `sed -i '/^root:/d' /etc/shadow`, want: "root-password=warn"},
		{name: "root twice, the second with a hash", plant: `echo "root:$HASH:20000::::::" >>/etc/shadow`, want: "root-password=fail"},
		{name: "shadow missing", plant: `rm /etc/shadow`, want: "root-password=error user-passwords=error system-passwords=error"},
		{name: "shadow is a folder", plant: `rm /etc/shadow; mkdir /etc/shadow`, want: "root-password=error user-passwords=error system-passwords=error"},
		{name: "shadow without any colon", bug: "B34", plant: `echo 'no such thing as a field' >/etc/shadow`,
			want: "root-password=error user-passwords=error system-passwords=error"},
		{name: "a field that the shell would expand", bug: "B34", plant: `account star 1000 /home/star '*'; cd /home/star; touch a b c`},
	}
}

// accountFaults are the accounts beside root.
func accountFaults() []fault {
	return []fault{
		{name: "user hash", bug: "B1", plant: `account app 1000 /home/app "$HASH"`, want: "user-passwords=fail", says: "user-passwords: app"},
		{name: "user empty", bug: "B1", plant: `account app 1000 /home/app ""`, want: "user-passwords=fail"},
		{name: "user locked hash", bug: "B13", plant: `account app 1000 /home/app "!$HASH"`, want: "user-passwords=fail"},
		{name: "user locked and invalid", bug: "B13", plant: `account app 1000 /home/app '!*'`, want: "user-passwords=fail"},
		{name: "user locked", plant: `account app 1000 /home/app '!'`},
		{name: "user never had one", plant: `account app 1000 /home/app '*'`},
		{name: "second user of two", bug: "B1", plant: `account one 1000 /home/one '*'; account two 1001 /home/two "$HASH"`,
			want: "user-passwords=fail", says: "user-passwords: two"},
		{name: "centos is a user too", bug: "B15", plant: `account centos 1000 /home/centos "$HASH"`, want: "user-passwords=fail"},
		{name: "nfsnobody is not", plant: `account nfsnobody 65533 /nonexistent "!!"`},
		{name: "uid 600 where users begin at 500", bug: "B15", plant: `sed -i 's/^UID_MIN.*/UID_MIN 500/' /etc/login.defs; account app 600 /home/app "$HASH"`,
			want: "user-passwords=fail"},
		{name: "system hash", bug: "B15", plant: `shadow daemon "$HASH"`, want: "system-passwords=fail", says: "system-passwords: daemon"},
		{name: "system empty", bug: "B15", plant: `shadow www-data ""`, want: "system-passwords=fail"},
		{name: "hash in passwd", bug: "B15", plant: `sed -i "s|^backup:x:|backup:$HASH:|" /etc/passwd`, want: "system-passwords=fail"},
		{name: "system missing from shadow", bug: "B15", plant: `sed -i '/^irc:/d' /etc/shadow`, want: "system-passwords=warn"},
		{name: "second uid 0", bug: "B15", plant: `account toor 0 /root '*'`, want: "uid-zero=fail", says: "uid-zero: toor"},
		{name: "second uid 0 with a hash", bug: "B15", plant: `account toor 0 /root "$HASH"`, want: "uid-zero=fail system-passwords=fail"},
		{name: "passwd missing", plant: `rm /etc/passwd`, want: "root-password=error user-passwords=error system-passwords=error " +
			"uid-zero=error authorized-keys=error private-keys=error known-hosts=error ssh-files=error shell-history=error " +
			"sshd-config=error credentials=error architecture=error account-backups=error installer-files=error"},
	}
}
