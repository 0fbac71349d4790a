package main

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"rostrum/adapters/jwt"
	"rostrum/cmd/rostrum/config"
	"rostrum/cmd/rostrum/usage"
	"rostrum/domain"
)

// tokenCommand makes a JSON Web Token that the server of the same configuration takes.
func tokenCommand() *cobra.Command {
	var order tokenOrder
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Make a token for development",
		Long: "Makes a JSON Web Token and signs it with auth.jwt.secret, or with the private key (PEM) in the file of --key whose\n" +
			"public key is in auth.jwt.key_files. Whoever has it may do what it says until it expires; nobody can take it back.",
		Example: "  rostrum token --config rostrum.yaml --subject studio --action publish --room 'studio-*'\n" +
			"  ROSTRUM_TOKEN=$(rostrum token --config rostrum.yaml) rostrum publish --demo lobby\n" +
			"  rostrum token --key issuer.pem --subject ann --action play --room lobby --expires 15m",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := config.Load(cmd.Flags())
			if err != nil {
				return err
			}
			minted, err := order.mint(cfg.Auth.JWT, time.Now())
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd, minted)
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), minted.Token)
			return err
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&order.key, "key", "", "file with the private key to sign with, in PEM")
	flags.StringVar(&order.subject, "subject", "developer", "whose token it is")
	flags.StringSliceVar(&order.actions, "action", []string{"publish", "play"}, "what it allows: publish, play, admin")
	flags.StringSliceVar(&order.rooms, "room", []string{"*"}, "where: room names or globs")
	flags.DurationVar(&order.expires, "expires", time.Hour, "how long it is valid")
	jsonFlag(cmd, &asJSON)
	config.Flags(flags)
	return cmd
}

// issued is a token, and what it says.
type issued struct {
	Token   string          `json:"token"`
	Subject string          `json:"subject"`
	Actions []domain.Action `json:"actions"`
	Rooms   []string        `json:"rooms"`
	Expires time.Time       `json:"expires"`
}

// tokenOrder is the token that somebody wants.
type tokenOrder struct {
	key     string
	subject string
	actions []string
	rooms   []string
	expires time.Duration
}

func (o tokenOrder) mint(cfg config.JWT, now time.Time) (issued, error) {
	signer, err := o.signer(cfg)
	if err != nil {
		return issued{}, err
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
			return issued{}, usage.Errorf("--action: must be publish, play or admin, not %q", text)
		}
		claims.Actions = append(claims.Actions, action)
	}
	token, err := jwt.Mint(signer, claims)
	return issued{token, o.subject, claims.Actions, o.rooms, claims.Expires.UTC().Truncate(time.Second)}, err
}

// signer returns the secret or the private key to sign with.
func (o tokenOrder) signer(cfg config.JWT) (string, error) {
	switch {
	case o.key != "":
		key, err := os.ReadFile(o.key)
		if err != nil {
			return "", usage.Errorf("--key: %w", err)
		}
		return string(key), nil
	case cfg.Secret != "":
		return cfg.Secret.Reveal(), nil
	default:
		return "", usage.Errorf("there is nothing to sign with: configure auth.jwt.secret (the output of \"openssl rand -hex 32\") for the server and this command, or give the private key by --key")
	}
}
