package eval

import (
	"cmp"
	"context"
	"slices"
)

// versus counts the samples that only the candidate answers rightly, and those that only the
// given preprocessing does.
func (d *diagnosing) versus(c *candidate) (gained, lost, tried int) {
	for i, r := range d.right {
		if c.right[i] < 0 {
			continue
		}
		tried++
		switch {
		case c.right[i] > r:
			gained++
		case c.right[i] < r:
			lost++
		}
	}
	return gained, lost, tried
}

// seek drops candidates as soon as they cannot be shown to be better: most gain nothing on the
// samples that the given preprocessing answers wrongly.
func (d *diagnosing) seek(ctx context.Context) error {
	least := 1
	for luck(least, 0) > doubt {
		least++
	}
	some := d.all[1:]
	wrong, right := d.placesWith(0), d.placesWith(1)
	for ; len(wrong) > 0 && len(some) > 0; wrong = wrong[min(roughLook, len(wrong)):] {
		some = slices.DeleteFunc(slices.Clone(some), func(c *candidate) bool {
			gained, _, _ := d.versus(c)
			return gained+len(wrong) < least
		})
		var err error
		if some, err = d.try(ctx, wrong[:min(roughLook, len(wrong))], some); err != nil {
			return err
		}
	}
	for from := 0; from < len(right); from += roughLook {
		some = slices.DeleteFunc(slices.Clone(some), func(c *candidate) bool {
			gained, lost, _ := d.versus(c)
			return gained < least || luck(gained, lost) > doubt
		})
		var err error
		if some, err = d.try(ctx, right[from:min(from+roughLook, len(right))], some); err != nil {
			return err
		}
	}
	some = slices.DeleteFunc(slices.Clone(some), func(c *candidate) bool {
		gained, lost, _ := d.versus(c)
		return gained < least || luck(gained, lost) > doubt
	})
	d.all = append(d.all[:1:1], some...)
	if len(some) == 0 {
		return nil
	}
	return d.lookAgain(ctx)
}

// placesWith returns the samples whose answers are right (1) or wrong (0).
func (d *diagnosing) placesWith(right int8) []int {
	var places []int
	for i, r := range d.right {
		if r == right {
			places = append(places, i)
		}
	}
	return places
}

// compareAll tries every candidate on the first samples, but those that are far behind after a
// few of them; the best on more.
func (d *diagnosing) compareAll(ctx context.Context) error {
	some, err := d.try(ctx, numbers(0, min(roughLook, len(d.right))), d.all[1:])
	if err != nil {
		return err
	}
	all := append(d.all[:1:1], some...)
	best := 0
	for _, c := range some {
		best = max(best, c.rights())
	}
	far := func(c *candidate) bool { return best-c.rights() > roughLook/2 }
	near := slices.DeleteFunc(slices.Clone(some), far)
	if near, err = d.try(ctx, numbers(0, len(d.right)), near); err != nil {
		return err
	}
	behind := slices.DeleteFunc(slices.Clone(some), func(c *candidate) bool { return !far(c) })
	d.all = append(append(all[:1:1], near...), behind...)
	return d.lookAgain(ctx)
}

func (c *candidate) rights() int {
	n := 0
	for _, r := range c.right {
		n += max(0, int(r))
	}
	return n
}

func numbers(from, to int) []int {
	var all []int
	for i := from; i < to; i++ {
		all = append(all, i)
	}
	return all
}

// lookAgain answers more samples with the given preprocessing and the best candidates.
func (d *diagnosing) lookAgain(ctx context.Context) error {
	full := len(d.right)
	best := slices.DeleteFunc(slices.Clone(d.all[1:]), func(c *candidate) bool {
		_, _, tried := d.versus(c)
		return tried < full
	})
	slices.SortStableFunc(best, func(a, b *candidate) int { return cmp.Compare(b.rights(), a.rights()) })
	best = best[:min(mostLeft, len(best))]
	if err := d.askGiven(ctx, len(d.order)); err != nil {
		return err
	}
	_, err := d.try(ctx, numbers(full, len(d.order)), best)
	return err
}
