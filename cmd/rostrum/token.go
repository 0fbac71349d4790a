package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"rostrum/adapters/jwt"
	"rostrum/cmd/rostrum/config"
	"rostrum/domain"
)

// tokenCommand makes a JSON Web Token that the server of the same configuration takes.
func tokenCommand() *cobra.Command {
	var order tokenOrder
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Make a token for development",
		Long: "Makes a JSON Web Token and signs it with auth.jwt.secret, or with the private key (PEM) in the file of --key whose\n" +
			"public key is in auth.jwt.key_files. Whoever has it may do what it says until it expires; nobody can take it back.",
		Example: "  rostrum token --config rostrum.yaml --subject studio --action publish --room 'studio-*'\n" +
			"  rostrum token --key issuer.pem --subject ann --action play --room lobby --expires 15m",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := config.Load(cmd.Flags())
			if err != nil {
				return err
			}
			token, err := order.mint(cfg.Auth.JWT, time.Now())
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), token)
			return err
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&order.key, "key", "", "file with the private key to sign with, in PEM")
	flags.StringVar(&order.subject, "subject", "developer", "whose token it is")
	flags.StringSliceVar(&order.actions, "action", []string{"publish", "play"}, "what it allows: publish, play, admin")
	flags.StringSliceVar(&order.rooms, "room", []string{"*"}, "where: room names or globs")
	flags.DurationVar(&order.expires, "expires", time.Hour, "how long it is valid")
	config.Flags(flags)
	return cmd
}

// tokenOrder is the token that somebody wants.
type tokenOrder struct {
	key     string
	subject string
	actions []string
	rooms   []string
	expires time.Duration
}

func (o tokenOrder) mint(cfg config.JWT, now time.Time) (string, error) {
	signer, err := o.signer(cfg)
	if err != nil {
		return "", err
	}
	claims := jwt.Claims{
		Subject: o.subject, Rooms: o.rooms, Issuer: cfg.Issuer, Expires: now.Add(o.expires),
		ActionsClaim: cfg.ActionsClaim, RoomsClaim: cfg.RoomsClaim,
	}
	if len(cfg.Audience) > 0 {
		claims.Audience = cfg.Audience[:1]
	}
	for _, text := range o.actions {
		action, ok := domain.ParseAction(text)
		if !ok {
			return "", fmt.Errorf("--action: must be publish, play or admin, not %q", text)
		}
		claims.Actions = append(claims.Actions, action)
	}
	return jwt.Mint(signer, claims)
}

// signer returns the secret or the private key to sign with.
func (o tokenOrder) signer(cfg config.JWT) (string, error) {
	switch {
	case o.key != "":
		key, err := os.ReadFile(o.key)
		if err != nil {
			return "", fmt.Errorf("--key: %w", err)
		}
		return string(key), nil
	case cfg.Secret != "":
		return cfg.Secret.Reveal(), nil
	default:
		return "", errors.New("there is nothing to sign with: configure auth.jwt.secret (the output of \"openssl rand -hex 32\") for the server and this command, or give the private key by --key")
	}
}
