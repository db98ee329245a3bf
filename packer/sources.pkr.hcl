# One droplet for each. No monitoring, IPv6 or volume: they change the system.
locals {
  name = "${var.app_name}-${replace(var.app_version, ".", "-")}-${formatdate("YYYYMMDDhhmmss", timestamp())}"
}

source "digitalocean" "ubuntu" {
  api_token     = var.token
  image         = var.images["ubuntu"]
  region        = var.region
  size          = var.size
  ssh_username  = "root"
  ssh_timeout   = "10m"
  droplet_name  = "${local.name}-ubuntu"
  snapshot_name = "${local.name}-ubuntu"
  # Packer 1.8 and later: droplet_agent = false
}

source "digitalocean" "debian" {
  api_token     = var.token
  image         = var.images["debian"]
  region        = var.region
  size          = var.size
  ssh_username  = "root"
  ssh_timeout   = "10m"
  droplet_name  = "${local.name}-debian"
  snapshot_name = "${local.name}-debian"
  # Packer 1.8 and later: droplet_agent = false
}

source "digitalocean" "rocky" {
  api_token     = var.token
  image         = var.images["rocky"]
  region        = var.region
  size          = var.size
  ssh_username  = "root"
  ssh_timeout   = "10m"
  droplet_name  = "${local.name}-rocky"
  snapshot_name = "${local.name}-rocky"
  # Packer 1.8 and later: droplet_agent = false
}
