package postgres

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// conditions are what a list is filtered by, and its order: a stretch of one index, whose
// first columns have one value each and whose last are what the list is ordered by.
//
// Bounds compare all of these columns as rows, and the order names all of them, so that no
// other index will do. Where a column is said to be equal to a value, PostgreSQL may take an
// index without it and read past all other rows, since it expects the values to be spread
// evenly over the order: of a room that was large once, those are all that came later.
type conditions struct {
	columns []string // that have one value each
	values  []string // what stands for these
	all     []string
	args    []any
}

// is has a column have a value. It comes before the bounds.
func (c *conditions) is(column string, value any) {
	c.columns = append(c.columns, column)
	c.values = append(c.values, c.argument(value))
}

// bound adds a bound of the stretch, by none or some of the columns that the list is ordered
// by. There is one on each side, since an index is read from one that PostgreSQL chooses.
func (c *conditions) bound(operator string, columns []string, values ...any) {
	left, right := slices.Concat(c.columns, columns), slices.Clone(c.values)
	for _, value := range values {
		right = append(right, c.argument(value))
	}
	if len(left) > 0 {
		c.all = append(c.all, `(`+strings.Join(left, `, `)+`) `+operator+` (`+strings.Join(right, `, `)+`)`)
	}
}

// times adds the bounds of a list that goes back in time: from, before, and the place that
// a page begins behind.
func (c *conditions) times(from, before, after time.Time, id string) {
	if from.IsZero() {
		c.bound(`>=`, nil)
	} else {
		c.bound(`>=`, []string{`started`}, from)
	}
	switch first := id == "" && after.IsZero(); {
	case !first && (before.IsZero() || after.UnixMicro() < before.UnixMicro()):
		c.bound(`<`, []string{`started`, `id`}, after, id)
	case !before.IsZero():
		c.bound(`<`, []string{`started`}, before)
	default:
		c.bound(`<=`, nil)
	}
}

// argument takes a value and returns what stands for it.
func (c *conditions) argument(value any) string {
	c.args = append(c.args, value)
	return "$" + strconv.Itoa(len(c.args))
}

func (c *conditions) where() string {
	if len(c.all) == 0 {
		return ""
	}
	return ` WHERE ` + strings.Join(c.all, ` AND `)
}

// backInTime is the order of a list that goes back in time.
func (c *conditions) backInTime() string {
	var order strings.Builder
	for _, column := range c.columns {
		order.WriteString(column + ` DESC, `)
	}
	return ` ORDER BY ` + order.String() + `started DESC, id DESC`
}

func (c *conditions) limit(limit int) string {
	return ` LIMIT ` + c.argument(max(limit, 0))
}
