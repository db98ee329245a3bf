variable "token" {
  description = "API token with write access. It is better set in the environment than here."
  type        = string
  default     = env("DIGITALOCEAN_API_TOKEN")
  sensitive   = true
}

variable "region" {
  type    = string
  default = "nyc3"
}

variable "size" {
  description = "The smallest that the application can be built on: an image never fits a smaller disk."
  type        = string
  default     = "s-1vcpu-1gb"
}

variable "images" {
  description = "What each build begins with: DigitalOcean's own images only."
  type        = map(string)
  default = {
    ubuntu = "ubuntu-24-04-x64"
    debian = "debian-12-x64"
    rocky  = "rockylinux-9-x64"
  }
}

variable "app_name" {
  type    = string
  default = "one-click"
}

variable "app_version" {
  type    = string
  default = "1.0.0"
}

variable "packages" {
  description = "What the application needs from the distribution."
  type        = list(string)
  default     = ["nginx", "openssl"]
}

variable "imgcheck" {
  description = "The program, on this machine."
  type        = string
  default     = "bin/imgcheck"
}

variable "submit" {
  description = "The build whose snapshot is submitted: ubuntu, debian or rocky. Empty: none."
  type        = string
  default     = ""
}

variable "app_id" {
  description = "The app in the Vendor Portal, for submit."
  type        = string
  default     = ""
}
