package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"rostrum/cmd/rostrum/config"
)

func TestSecretIsNeverShown(t *testing.T) {
	const secret = "hunter2-hunter2"
	cfg := config.Config{Auth: config.Auth{Token: secret, Tokens: []config.Token{{Token: secret}}}}
	shown := make(map[string]string)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10.3s", "%t"} {
		shown[verb] = fmt.Sprintf(verb, cfg.Auth.Token)
		shown["Config "+verb] = fmt.Sprintf(verb, &cfg)
	}
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"slog text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"slog json": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var out bytes.Buffer
		slog.New(handler(&out)).Info("start", "token", cfg.Auth.Token, "config", cfg)
		shown[name] = out.String()
	}
	asJSON, jsonErr := json.Marshal(cfg)
	asYAML, yamlErr := yaml.Marshal(cfg)
	if jsonErr != nil || yamlErr != nil {
		t.Fatal(jsonErr, yamlErr)
	}
	shown["json"], shown["yaml"] = string(asJSON), string(asYAML)

	for how, text := range shown {
		if strings.Contains(text, "hunter") || strings.Contains(strings.ToLower(text), fmt.Sprintf("%x", secret)) {
			t.Errorf("%s shows the secret: %s", how, text)
		}
		if !strings.Contains(text, "***") {
			t.Errorf("%s shows no mask: %s", how, text)
		}
	}
	if cfg.Auth.Token.Reveal() != secret {
		t.Error("Reveal does not")
	}
}

func TestEmptySecretShowsThatItIs(t *testing.T) {
	if got := fmt.Sprintf("%v|%s", config.Secret(""), config.Secret("")); got != "|" {
		t.Errorf("got %q", got)
	}
}
