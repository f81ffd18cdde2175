//go:build tools

package main

// The CLI is built from this module too, so that what it has in common with the provider is compiled once.
import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
