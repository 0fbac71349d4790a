package main

import (
	"github.com/spf13/cobra"

	"rostrum/api"
	"rostrum/cmd/rostrum/config"
)

// configCommand prints what flags, environment, file and defaults make together.
func configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "config",
		Short:   "Print the effective configuration, secrets masked",
		Example: "  rostrum config --config rostrum.yaml\n  ROSTRUM_HTTP_ADDR=:9000 rostrum config",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := config.Load(cmd.Flags())
			if err != nil {
				return err
			}
			return config.Print(cmd.OutOrStdout(), cfg)
		},
	}
	config.Flags(cmd.Flags())
	return cmd
}

// openapiCommand prints the contract.
func openapiCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "openapi",
		Short: "Print the API's contract, OpenAPI 3.1 as YAML",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			document, err := api.WriteOpenAPI()
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(document)
			return err
		},
	}
}
