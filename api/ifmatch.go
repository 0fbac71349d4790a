package api

import "strings"

// ifMatch is the condition of a request: for which ICE sessions or versions of a room,
// named by their tags, it is meant (RFC 9110 §13.1.1).
type ifMatch struct {
	any  bool // whichever it is
	tags []string
}

// parseIfMatch reads the field lines of If-Match as the one list that they are,
// and reports whether they name anything: lines that are missing, blank or nothing
// but commas do not. A list with anything in it that is no entity-tag fits nothing,
// so its sender learns by the same 412 as one whose tag is old what to do. A weak
// tag is left out, since the comparison is strong. The star may stand in quotes:
// the example of RFC 9725 §4.3.3 has it so, and no tag of ours reads like that.
func parseIfMatch(lines []string) (condition ifMatch, given bool) {
	rest := strings.Join(lines, ",")
	if trimOWS(rest) == "*" {
		return ifMatch{any: true}, true
	}
	for {
		rest = strings.TrimLeft(rest, ", \t")
		if rest == "" {
			return condition, given
		}
		given = true
		tag, weak, after, ok := cutEntityTag(rest)
		if !ok {
			return ifMatch{}, true
		}
		if rest = after; !weak {
			condition.tags = append(condition.tags, tag)
			condition.any = condition.any || tag == "*"
		}
	}
}

// cutEntityTag takes the entity-tag (RFC 9110 §8.8.3) off the beginning of a list.
// ok says that there was one, with nothing between it and the next comma.
func cutEntityTag(list string) (tag string, weak bool, rest string, ok bool) {
	list, weak = strings.CutPrefix(list, "W/")
	list, ok = strings.CutPrefix(list, `"`)
	if !ok {
		return "", false, "", false
	}
	tag, rest, ok = strings.Cut(list, `"`)
	if !ok || strings.ContainsFunc(tag, notInTag) {
		return "", false, "", false
	}
	rest = strings.TrimLeft(rest, " \t")
	return tag, weak, rest, rest == "" || rest[0] == ','
}

func notInTag(r rune) bool { return r <= ' ' || r == '\x7f' }

func trimOWS(s string) string { return strings.Trim(s, " \t") }

// fits reports whether what has that tag is meant.
func (c ifMatch) fits(tag string) bool {
	if c.any {
		return true
	}
	for _, t := range c.tags {
		if t == tag {
			return true
		}
	}
	return false
}

// entityTag writes a tag as a strong one.
func entityTag(tag string) string { return `"` + tag + `"` }
