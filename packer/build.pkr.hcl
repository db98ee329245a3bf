# Builds, cleans, validates and submits a Marketplace image: docs/packer.md.
#
# Every script goes through /run, which is in memory: Packer's default is /tmp, and so
# the disk of which the image is made.
build {
  sources = [
    "source.digitalocean.ubuntu",
    "source.digitalocean.debian",
    "source.digitalocean.rocky",
  ]

  # Its own folder, as what lies in /tmp is removed.
  provisioner "file" {
    source      = var.imgcheck
    destination = "/usr/local/bin/imgcheck"
  }
  provisioner "shell" {
    remote_folder   = "/run"
    execute_command = "{{ .Vars }} sh {{ .Path }}"
    scripts = [
      "${path.root}/scripts/010-wait.sh",
      "${path.root}/scripts/020-upgrade.sh",
    ]
  }
  provisioner "shell" {
    remote_folder     = "/run"
    execute_command   = "{{ .Vars }} sh {{ .Path }}"
    expect_disconnect = true
    script            = "${path.root}/scripts/030-reboot.sh"
  }

  provisioner "file" {
    source      = "${path.root}/files/"
    destination = "/"
  }
  provisioner "shell" {
    remote_folder   = "/run"
    execute_command = "{{ .Vars }} sh {{ .Path }}"
    environment_vars = [
      "APP_NAME=${var.app_name}",
      "APP_VERSION=${var.app_version}",
      "PACKAGES=${join(" ", var.packages)}",
    ]
    scripts = [
      "${path.root}/scripts/040-application.sh",
      "${path.root}/scripts/050-firewall.sh",
      "${path.root}/scripts/060-logins.sh",
    ]
  }

  # Packer's key is gone then; its connection is still open. The report comes of a refusal,
  # too, and only then the gate falls.
  provisioner "shell" {
    remote_folder   = "/run"
    execute_command = "{{ .Vars }} sh {{ .Path }}"
    script          = "${path.root}/scripts/090-clean.sh"
  }
  provisioner "file" {
    direction   = "download"
    source      = "/run/imgcheck-report.json"
    destination = "report-${source.name}.json"
  }
  provisioner "shell" {
    remote_folder   = "/run"
    execute_command = "{{ .Vars }} sh {{ .Path }}"
    script          = "${path.root}/scripts/099-gate.sh"
  }

  post-processors {
    post-processor "manifest" {
      output = "manifest-${source.name}.json"
    }
    post-processor "shell-local" {
      environment_vars = [
        "APP_ID=${var.app_id}",
        "APP_VERSION=${var.app_version}",
        "SUBMIT=${var.submit}",
        "BUILD=${source.name}",
      ]
      script = "${path.root}/scripts/submit.sh"
    }
  }
}
