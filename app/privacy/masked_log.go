package privacy

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"regexp"
	"strings"
)

// Masked returns a logger that says as much of IP addresses as is kept of clients'. It is
// for what others say, whose words are not ours: their messages, errors and other texts
// are searched for addresses, be they a client's or not.
func (a Addresses) Masked(log *slog.Logger) *slog.Logger {
	if a == WholeAddresses {
		return log
	}
	return slog.New(maskedHandler{log.Handler(), a})
}

// maskedHandler masks addresses on their way to a handler.
type maskedHandler struct {
	slog.Handler
	addresses Addresses
}

// Handle is slog.Handler.
func (h maskedHandler) Handle(ctx context.Context, r slog.Record) error {
	masked := slog.NewRecord(r.Time, r.Level, h.addresses.in(r.Message), r.PC)
	r.Attrs(func(attr slog.Attr) bool {
		masked.AddAttrs(h.mask(attr))
		return true
	})
	return h.Handler.Handle(ctx, masked)
}

// WithAttrs is slog.Handler.
func (h maskedHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return maskedHandler{h.Handler.WithAttrs(h.maskAll(attrs)), h.addresses}
}

// WithGroup is slog.Handler.
func (h maskedHandler) WithGroup(name string) slog.Handler {
	return maskedHandler{h.Handler.WithGroup(name), h.addresses}
}

func (h maskedHandler) maskAll(attrs []slog.Attr) []slog.Attr {
	masked := make([]slog.Attr, len(attrs))
	for i, attr := range attrs {
		masked[i] = h.mask(attr)
	}
	return masked
}

func (h maskedHandler) mask(attr slog.Attr) slog.Attr {
	switch v := attr.Value.Resolve(); v.Kind() {
	case slog.KindString:
		attr.Value = slog.StringValue(h.addresses.in(v.String()))
	case slog.KindGroup:
		attr.Value = slog.GroupValue(h.maskAll(v.Group())...)
	case slog.KindAny:
		switch v.Any().(type) {
		case error, fmt.Stringer:
			attr.Value = slog.StringValue(h.addresses.in(fmt.Sprint(v.Any())))
		default: // what says nothing by itself
		}
	default: // a figure or a time
	}
	return attr
}

// maybeAddress finds what can be an IP address: with two colons, or with three dots. quad is
// the latter, also within the former.
var (
	maybeAddress = regexp.MustCompile(`[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*|` + quad.String())
	quad         = regexp.MustCompile(`[0-9]{1,3}(\.[0-9]{1,3}){3}`)
)

// in returns a text with as much of each IP address in it as is kept.
func (a Addresses) in(text string) string { return maybeAddress.ReplaceAllStringFunc(text, a.within) }

// within masks what can be an address. A colon of the text can stand before it and behind
// it, and a port behind one of IPv4; what is none is a time of the day, maybe, or a version.
func (a Addresses) within(found string) string {
	for _, address := range []string{
		strings.TrimRight(found, "."), strings.TrimRight(found, ".:"), strings.TrimLeft(found, ":"), strings.Trim(found, ".:"),
	} {
		if _, err := netip.ParseAddr(address); err == nil {
			return strings.Replace(found, address, a.masked(address), 1)
		}
	}
	return quad.ReplaceAllStringFunc(found, func(address string) string {
		if _, err := netip.ParseAddr(address); err != nil {
			return address
		}
		return a.masked(address)
	})
}

// masked returns what stands for an address in a text, which is never nothing.
func (a Addresses) masked(address string) string {
	if kept := a.Of(address); kept != "" {
		return kept
	}
	return "(address)"
}
