package doctor

import (
	"context"
	"log/slog"
	"strings"
	"sync"

	"rostrum/adapters/jwt"
	"rostrum/cmd/rostrum/config"
)

// issuer reads the keys of JSON Web Tokens from where the server would.
func issuer(cfg config.JWT) func(context.Context) Result {
	return func(ctx context.Context) Result {
		heard := &warnings{}
		provider, err := jwt.Open(ctx, jwt.Config{
			Issuer: cfg.Issuer, Audience: cfg.Audience, JWKSURL: cfg.JWKSURL, KeyFiles: cfg.KeyFiles, Secret: cfg.Secret.Reveal(),
			Leeway: cfg.Leeway.Duration, ActionsClaim: cfg.ActionsClaim, RoomsClaim: cfg.RoomsClaim, Log: slog.New(heard),
		})
		if err != nil {
			return fail(err.Error(), "Correct auth.jwt.")
		}
		provider.Close()
		if said := heard.text(); said != "" {
			return fail(said, "See whether the issuer runs and can be reached from here; the server starts without it, and takes no tokens of its keys until then.")
		}
		if cfg.Issuer != "" && len(cfg.Audience) == 0 {
			return warn("the keys of "+cfg.Issuer+" are known, but auth.jwt.audience is empty: tokens that it has issued for something else are taken too",
				"Give auth.jwt.audience what stands for this server in the claim aud.")
		}
		return ok("the keys are known")
	}
}

// warnings keeps what is logged from the level warn on. It is a slog.Handler for any number
// of goroutines.
type warnings struct {
	mu   sync.Mutex
	said []string
}

// Enabled is slog.Handler's.
func (*warnings) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

// Handle is slog.Handler's.
func (w *warnings) Handle(_ context.Context, record slog.Record) error { //nolint:gocritic // the interface has it so
	text := []string{record.Message}
	record.Attrs(func(a slog.Attr) bool {
		text = append(text, a.Value.String())
		return true
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said = append(w.said, strings.Join(text, ": "))
	return nil
}

// WithAttrs is slog.Handler's.
func (w *warnings) WithAttrs([]slog.Attr) slog.Handler { return w }

// WithGroup is slog.Handler's.
func (w *warnings) WithGroup(string) slog.Handler { return w }

func (w *warnings) text() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(w.said, "; ")
}
