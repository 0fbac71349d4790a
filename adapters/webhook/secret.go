package webhook

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// shortest is the least size of a key in bytes, and of a text in characters.
const shortest = 24

// prefix begins a secret that is written as the specification says.
const prefix = "whsec_"

const howTo = `Make one by: echo "whsec_$(openssl rand -base64 24)", and give it to the receivers too`

// parseSecret returns what signs. Its errors do not contain the secret.
func parseSecret(secret string) (*standardwebhooks.Webhook, error) {
	encoded, standard := strings.CutPrefix(secret, prefix)
	switch {
	case secret == "":
		return nil, errors.New("webhooks have no secret to be signed with. " + howTo)
	case strings.TrimSpace(secret) != secret:
		return nil, errors.New("the webhooks' secret begins or ends with white space: take that away")
	case !standard && utf8.RuneCountInString(secret) < shortest:
		return nil, fmt.Errorf("the webhooks' secret has fewer than %d characters. %s", shortest, howTo)
	case !standard:
		return standardwebhooks.NewWebhookRaw([]byte(secret))
	}
	key, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, fmt.Errorf("the webhooks' secret begins with %s, and what follows is not base64. %s", prefix, howTo)
	}
	if len(key) < shortest {
		return nil, fmt.Errorf("the webhooks' secret has fewer than %d bytes behind %s. %s", shortest, prefix, howTo)
	}
	return standardwebhooks.NewWebhookRaw(key)
}

// spellings are all that a receiver may know the secret as, the longest first.
func spellings(secret string) []string {
	if encoded, standard := strings.CutPrefix(secret, prefix); standard {
		return []string{secret, encoded}
	}
	return []string{secret}
}
