package check

import "testing"

func TestCloudInitState(t *testing.T) {
	testCheck(t, cloudInitState(), []row{
		{name: "the vendor's scripts alone", want: Pass},
		{name: "empty folders", overlay: "-- var/lib/cloud/instances dir --\n-- var/lib/cloud/data dir --\n-- var/lib/cloud/seed/nocloud/x --\nx\n", want: Pass},
		{
			name: "an instance", want: Warn,
			overlay: "-- var/lib/cloud/instance link=/var/lib/cloud/instances/5 --\n-- var/lib/cloud/instances/5/user-data.txt --\nx\n-- var/lib/cloud/data/result.json --\nx\n",
			findings: []string{
				"warn /var/lib/cloud/data/result.json kept of the build droplet",
				"warn /var/lib/cloud/instance names the build droplet's instance",
				"warn /var/lib/cloud/instances/5 kept of the build droplet",
			},
		},
		{
			name: "a link to what is gone", overlay: "-- var/lib/cloud/instance link=/var/lib/cloud/instances/5 --\n", want: Warn,
			findings: []string{"warn /var/lib/cloud/instance names the build droplet's instance"},
		},
		{name: "no folder but a file", overlay: "-- var/lib/cloud/data --\nx\n", want: Error, err: "looking at cloud-init's state"},
	})
}
