// Command pulumi-resource-docker is the plugin behind @pulumi/docker, for machines that cannot reach Pulumi's download
// site: kreuzwerker's Terraform provider under Pulumi's bridge, with the tokens and names of the npm SDK.
//
// It lacks the native docker.Image of the official plugin.
package main

import (
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// version is that of the npm SDK, set by the linker.
var version = "0.0.0"

// typeOf gives "docker:index/container:Container" for "Container".
func typeOf(name string) tokens.Type {
	return tokens.Type("docker:index/" + strings.ToLower(name[:1]) + name[1:] + ":" + name)
}

// nameFields stores the npm SDK's names of all fields. Otherwise the bridge derives them again for each field that it reads or
// compares.
func nameFields(resource *tfbridge.ResourceInfo, schema shim.SchemaMap) {
	fields := map[string]*tfbridge.SchemaInfo{}
	schema.Range(func(field string, _ shim.Schema) bool {
		named := tfbridge.SchemaInfo{}
		if info := resource.Fields[field]; info != nil {
			named = *info
		}
		named.Name = tfbridge.TerraformToPulumiNameV2(field, schema, resource.Fields)
		fields[field] = &named
		return true
	})
	resource.Fields = fields
}

func main() {
	resource := func(name string) *tfbridge.ResourceInfo { return &tfbridge.ResourceInfo{Tok: typeOf(name)} }
	container := resource("Container")
	container.DeleteBeforeReplace = true // its name and its ports are fixed
	container.Fields = map[string]*tfbridge.SchemaInfo{
		// The npm SDK keeps these two names; the bridge would pluralize them.
		"command":           {Name: "command"},
		"networks_advanced": {Name: "networksAdvanced"},
	}
	image := resource("RemoteImage")
	image.Fields = map[string]*tfbridge.SchemaInfo{"name": {Name: "name"}} // the image's reference, never a generated name
	info := tfbridge.ProviderInfo{
		P:           sdkv2.NewProvider(provider.New(version)()),
		Name:        "docker",
		Version:     version,
		Description: "kreuzwerker/docker for Pulumi",
		Resources: map[string]*tfbridge.ResourceInfo{
			"docker_buildx_builder": resource("BuildxBuilder"),
			"docker_config":         resource("ServiceConfig"),
			"docker_container":      container,
			"docker_image":          image,
			"docker_network":        resource("Network"),
			"docker_plugin":         resource("Plugin"),
			"docker_registry_image": resource("RegistryImage"),
			"docker_secret":         resource("Secret"),
			"docker_service":        resource("Service"),
			"docker_tag":            resource("Tag"),
			"docker_volume":         resource("Volume"),
		},
	}
	info.SetAutonaming(255, "-")
	for name, resource := range info.Resources {
		nameFields(resource, info.P.ResourcesMap().Get(name).Schema())
	}
	tfbridge.Main("docker", version, info, []byte(`{"name":"docker"}`))
}
