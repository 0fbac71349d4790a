package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"rostrum/api"
	"rostrum/cmd/rostrum/config"
	"rostrum/cmd/rostrum/usage"
)

// jsonFlag adds --json to a command. When it is given, main tells errors as JSON as well.
func jsonFlag(cmd *cobra.Command, wanted *bool) {
	cmd.Flags().BoolVar(wanted, "json", false, "print JSON, also of errors")
}

// printJSON prints a command's result.
func printJSON(cmd *cobra.Command, result any) error {
	encoder := json.NewEncoder(cmd.OutOrStdout())
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(result)
}

// configCommand prints what flags, environment, file and defaults make together.
func configCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "config",
		Short:   "Print the effective configuration, secrets masked",
		Long:    "Prints what flags, environment, file and defaults make together, as the server of the same would have it,\nor everything that is wrong with it. Secrets are masked: the output is fit to be shown.",
		Example: "  rostrum config --config rostrum.yaml\n  ROSTRUM_HTTP_ADDR=:9000 rostrum config --json | jq .http",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := config.Load(cmd.Flags())
			if err != nil {
				return err
			}
			if !asJSON {
				return config.Print(cmd.OutOrStdout(), cfg)
			}
			var text strings.Builder
			if err := config.Print(&text, cfg); err != nil {
				return err
			}
			return printYAMLAsJSON(cmd, []byte(text.String()))
		},
	}
	jsonFlag(cmd, &asJSON)
	config.Flags(cmd.Flags())
	return cmd
}

// printYAMLAsJSON prints a document, its keys in alphabetical order.
func printYAMLAsJSON(cmd *cobra.Command, document []byte) error {
	var values map[string]any
	if err := yaml.Unmarshal(document, &values); err != nil {
		return err
	}
	return printJSON(cmd, values)
}

// What the contract can be printed as.
var (
	specs   = []string{"3.1", "3.0"}
	formats = []string{"yaml", "json"}
)

// openapiCommand prints the contract.
func openapiCommand() *cobra.Command {
	var spec, format string
	cmd := &cobra.Command{
		Use:     "openapi",
		Short:   "Print the API's contract, OpenAPI",
		Long:    "Prints the API's contract, from which clients can be generated. It is what the server has at /openapi.yaml;\n3.0 is for tools that do not know 3.1 yet, and says the same.",
		Example: "  rostrum openapi > openapi.yaml\n  rostrum openapi --spec 3.0 --format json | jq '.paths | keys'",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("--spec", spec, specs); err != nil {
				return err
			}
			if err := oneOf("--format", format, formats); err != nil {
				return err
			}
			document, err := api.WriteOpenAPI(spec)
			if err != nil {
				return err
			}
			if format == "json" {
				return printYAMLAsJSON(cmd, document)
			}
			_, err = cmd.OutOrStdout().Write(document)
			return err
		},
	}
	cmd.Flags().StringVar(&spec, "spec", specs[0], "version of OpenAPI: "+strings.Join(specs, " or "))
	cmd.Flags().StringVar(&format, "format", formats[0], strings.Join(formats, " or "))
	return cmd
}

// oneOf says what a flag may be, where it is something else.
func oneOf(flag, value string, allowed []string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return usage.Errorf("%s %s: use %s", flag, fmt.Sprintf("%q", value), strings.Join(allowed, " or "))
}
