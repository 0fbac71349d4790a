package main

import (
	"context"
	"log/slog"

	"rostrum/adapters/jwt"
	"rostrum/adapters/statictoken"
	"rostrum/cmd/rostrum/config"
	"rostrum/domain"
	"rostrum/ports"
)

// access is who knows bearers, in the order in which they are asked.
type access []ports.Authenticator

// mintedToken is the token that this start made up; empty if there was one.
type mintedToken string

// openAccess knows the configured tokens, and those of the identity provider. Where there
// are neither it makes one up that may do everything, and keeps it.
func openAccess(cfg *config.Config, log *slog.Logger, c closers) (access, mintedToken, error) {
	known, minted, err := openTokens(cfg.Auth)
	if err != nil || !cfg.Auth.JWT.On() {
		return access{known}, minted, err
	}
	j := cfg.Auth.JWT
	provider, err := jwt.Open(context.Background(), jwt.Config{
		Issuer: j.Issuer, Audience: j.Audience, JWKSURL: j.JWKSURL, KeyFiles: j.KeyFiles, Secret: j.Secret.Reveal(),
		Leeway: j.Leeway.Duration, ActionsClaim: j.ActionsClaim, RoomsClaim: j.RoomsClaim, Log: log,
	})
	if err != nil {
		return nil, "", err
	}
	c.onClose(func() error { provider.Close(); return nil })
	return access{known, provider}, minted, nil
}

// openTokens knows the tokens that the configuration lists, or that the first start made up.
func openTokens(auth config.Auth) (*statictoken.Authenticator, mintedToken, error) {
	var tokens []statictoken.Token
	for _, t := range auth.Tokens {
		tokens = append(tokens, statictoken.Token{
			Token: t.Token.Reveal(), Subject: domain.Subject(t.Subject), Actions: t.Actions, Rooms: t.Rooms,
		})
	}
	master, minted := auth.Token.Reveal(), mintedToken("")
	if master == "" && len(tokens) == 0 && !auth.JWT.On() {
		token, isNew, err := statictoken.Mint(auth.TokenFile)
		if err != nil {
			return nil, "", err
		}
		if master = token; isNew {
			minted = mintedToken(token)
		}
	}
	if master != "" {
		tokens = append(tokens, statictoken.Token{
			Token: master, Subject: "operator", Actions: []domain.Action{domain.ActionAdmin}, Rooms: []string{"*"},
		})
	}
	known, err := statictoken.New(tokens, auth.Anonymous)
	return known, minted, err
}
