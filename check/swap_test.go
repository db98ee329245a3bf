package check

import "testing"

func TestSwap(t *testing.T) {
	testCheck(t, swap(), []row{
		{name: "none", want: Pass},
		{name: "a folder of that name", overlay: "-- swap dir --\n", want: Pass},
		{
			name: "files by their names", overlay: "-- swapfile size=2G --\n-- var/swap size=1M --\n-- swap.img --\n", want: Warn,
			findings: []string{"warn /swapfile a swap file of 2.0 GiB", "warn /var/swap a swap file of 1.0 MiB"},
		},
		{
			name: "what fstab names", overlay: "-- etc/fstab append --\n/srv/my\\040swap none swap sw 0 0\nUUID=1-2 none swap sw 0 0\n#/x none swap sw 0 0\n/gone none swap sw 0 0\n/dev/zram0 none swap sw 0 0\n" +
				"-- \"srv/my swap\" size=1M --\n", want: Warn,
			findings: []string{
				"warn /etc/fstab:2 swap is used after every boot",
				"warn /etc/fstab:3 swap is used after every boot",
				"warn /etc/fstab:5 names swap that is not there",
				"warn /srv/my swap a swap file of 1.0 MiB",
			},
		},
		{
			name: "what is in use", change: running(nil, nil), want: Warn,
			overlay: "-- proc/swaps --\nFilename\tType\tSize\tUsed\tPriority\n/srv/s\tfile\t1\t0\t-2\n/dev/vda2\tpartition\t1\t0\t-3\n/dev/zram0\tpartition\t1\t0\t5\n/x\\040(deleted)\tfile\t1\t0\t-4\n-- srv/s size=1M --\n",
			findings: []string{
				"warn /dev/vda2 swap space, in use now",
				"warn /srv/s a swap file of 1.0 MiB, in use now",
				"warn /x swap space, in use now",
			},
		},
		{name: "what another machine uses", overlay: "-- proc/swaps --\nFilename\n/dev/vda2 partition\n", want: Pass},
		{name: "fstab cannot be read beside a file", overlay: "-- etc/fstab removed --\n-- etc/fstab fifo --\n-- swapfile size=1M --\n", want: Error,
			findings: []string{"warn /swapfile a swap file of 1.0 MiB"}, err: "looking for swap: reading what is mounted at boot"},
	})
}
