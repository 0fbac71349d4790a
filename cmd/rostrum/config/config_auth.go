package config

import "rostrum/domain"

// Auth is who may do what.
type Auth struct {
	// Token that may do everything in every room. Like every token it is 8 or more of
	// A-Z a-z 0-9 -._~+/ with = only at its end. Empty: only those in tokens, or else in
	// token_file, are valid. Example: the output of "openssl rand -hex 24".
	Token Secret `yaml:"token"`

	// File that keeps the token which the first start makes up when neither token nor
	// tokens is given; later starts read it there. Its directory is made when it is
	// missing. Empty: each such start makes up another.
	TokenFile string `yaml:"token_file" default:"data/token"`

	// Tokens that may do less than everything; given in the file only. Example:
	//
	//	- token: made-with-openssl-rand-hex-24
	//	  subject: studio
	//	  actions: [publish]
	//	  rooms: ["studio-*", lobby]
	//
	// The keys of each, all of them needed:
	Tokens []Token `yaml:"tokens"`

	// What anybody may do without a token, as ACTION:ROOMS with the action publish or
	// play and a glob for the rooms. Empty: nothing. Example: ["play:*"].
	Anonymous []string `yaml:"anonymous"`

	// Tokens of an identity provider, or that are made elsewhere: JSON Web Tokens.
	JWT JWT `yaml:"jwt"`

	// How long before its token expires a session is ended, so that nothing flows with an
	// expired one. Example: 30s.
	ExpiryLead Duration `yaml:"expiry_lead" default:"0s"`
}

// JWT is which JSON Web Tokens are valid: those signed by a key of jwks_url, of the issuer,
// of key_files, or with secret. None of them: no such token is. A token must expire, and its
// subject must be given; algorithms are HS256, RS256, ES256 and EdDSA, for each key the one
// that is its own.
type JWT struct {
	// Who must have issued the token, as its claim iss has it. Without jwks_url, key_files and
	// secret the keys are found there by OpenID Connect discovery.
	// Example: "https://login.example.com/realms/video".
	Issuer string `yaml:"issuer"`

	// For whom the token must be: one of these must be in its claim aud. Empty: for anybody,
	// which lets in whoever has a token of the issuer's for something else.
	// Example: ["rostrum"].
	Audience []string `yaml:"audience"`

	// Where the issuer's keys are, as a JSON Web Key Set. They are fetched anew each hour, and
	// when a token has a key that is not known. Empty: as the issuer tells.
	// Example: "https://login.example.com/keys".
	JWKSURL string `yaml:"jwks_url"`

	// Files with public keys or certificates in PEM: RSA, ECDSA P-256 or Ed25519.
	// Example: ["/etc/rostrum/issuer.pem"].
	KeyFiles []string `yaml:"key_files"`

	// Secret that tokens are signed with by HS256: 32 characters or more. "rostrum token"
	// makes tokens with it. Example: the output of "openssl rand -hex 32".
	Secret Secret `yaml:"secret"`

	// How far the issuer's clock may be off.
	Leeway Duration `yaml:"leeway" default:"30s"`

	// Claim that lists what the bearer may do: publish, play, admin. A dot leads into an
	// object. Example: "rostrum.actions".
	ActionsClaim string `yaml:"actions_claim" default:"rostrum_actions"`

	// Claim that lists where it may: room names, or globs with *, ? and [a-z].
	// Example: "rostrum.rooms".
	RoomsClaim string `yaml:"rooms_claim" default:"rostrum_rooms"`
}

// Token is one bearer token and what it grants.
type Token struct {
	// The token itself.
	Token Secret `yaml:"token"`

	// Whose it is: sessions may be ended by the subject that began them.
	Subject string `yaml:"subject"`

	// What it allows: publish, play, or admin, which includes both.
	Actions []domain.Action `yaml:"actions"`

	// Where it allows that: room names, or globs with *, ? and [a-z].
	Rooms []string `yaml:"rooms"`
}
