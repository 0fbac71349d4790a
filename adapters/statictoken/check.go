package statictoken

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"rostrum/domain"
)

// minLength is how many characters a token has at least. It keeps out slips such
// as "x"; a token that cannot be guessed has 20 or more, at random.
const minLength = 8

// check says what is wrong with the entry, without its token.
func (t Token) check() error {
	switch {
	case t.Token == "":
		return errors.New("its token is empty: give it one, or take the entry out")
	case len(t.Token) < minLength:
		return fmt.Errorf("its token is shorter than %d characters: use a random one, as \"openssl rand -hex 16\" makes", minLength)
	case isRooms(t.Token):
		return errors.New("it begins as the tokens of rooms do: use another")
	case t.Subject == "":
		return errors.New("its subject is empty: name who holds the token, for sessions belong to their subject")
	case t.Subject == Anonymous:
		return fmt.Errorf("its subject is %q, which stands for those who have no token: choose another name", Anonymous)
	case strings.HasPrefix(string(t.Subject), "jwt:"), strings.HasPrefix(string(t.Subject), "token:"):
		return errors.New(`its subject begins with "jwt:" or "token:", which the bearers of other tokens have: choose another name`)
	case len(t.Actions) == 0:
		return errors.New("it has no actions: give it some of publish, play, admin")
	case len(t.Rooms) == 0:
		return errors.New(`it has no rooms: give it names or globs, "*" for every room`)
	}
	for _, action := range t.Actions {
		if err := checkAction(string(action)); err != nil {
			return err
		}
	}
	for _, glob := range t.Rooms {
		if err := checkGlob(glob); err != nil {
			return err
		}
	}
	return nil
}

// isRooms reports whether a token would be taken for one of a room's own.
func isRooms(token string) bool {
	_, _, ok := domain.ParseTokenSecret(token)
	return ok
}

func checkAction(action string) error {
	if _, ok := domain.ParseAction(action); !ok {
		return fmt.Errorf("action %q is unknown: use publish, play or admin", action)
	}
	return nil
}

func checkGlob(glob string) error {
	if glob == "" {
		return errors.New(`a room is empty: use a name, a glob such as "lobby-*", or "*" for every room`)
	}
	if _, err := path.Match(glob, ""); err != nil {
		return fmt.Errorf(`room glob %q is malformed: close its brackets, or use "*" alone`, glob)
	}
	return nil
}

// parseAnonymous returns the one grant that the entries come to, nil for none.
func parseAnonymous(entries []string) (*domain.Grant, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	grant := &domain.Grant{Subject: Anonymous}
	for i, e := range entries {
		permission, err := parseEntry(e)
		if err != nil {
			return nil, fmt.Errorf("anonymous entry %d (%q): %w", i+1, e, err)
		}
		grant.Permissions = append(grant.Permissions, permission)
	}
	return grant, nil
}

func parseEntry(e string) (domain.Permission, error) {
	action, glob, ok := strings.Cut(e, ":")
	if !ok {
		return domain.Permission{}, errors.New(`write it as action:rooms, for example "play:*"`)
	}
	if err := checkAction(action); err != nil {
		return domain.Permission{}, err
	}
	if domain.Action(action) == domain.ActionAdmin {
		return domain.Permission{}, errors.New("nobody administers without a token: list one for it instead")
	}
	return domain.Permission{Action: domain.Action(action), Rooms: glob}, checkGlob(glob)
}

// atEntry counts from one, as people do in a list.
func atEntry(list string, i int, subject domain.Subject, err error) error {
	return fmt.Errorf("%s %d (subject %q): %w", list, i+1, subject, err)
}

func sameAs(twin int) error {
	return fmt.Errorf("its token is that of token %d: give each its own", twin+1)
}
