package dataset

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// wordList holds the words for classes in a data set, one for each line or folder.
type wordList struct {
	words   []string
	where   func(i int) string // the place of a word, for messages
	folders bool               // the words are the names of all folders, each once
}

// resolve turns words into labels: where the options name the classes, the places of the
// words among these; else, if the words are numbers, the numbers; else their places among
// the sorted words, which are returned as the names of the classes.
func (l *wordList) resolve(o Options) (labels []int, classes []string, err error) {
	if len(o.Classes) > 0 {
		labels, err = l.known(o.Classes)
		return labels, o.Classes, err
	}
	if labels, err = l.numbers(); err != nil {
		return nil, nil, err
	}
	if labels != nil {
		return labels, nil, l.checkRange(labels, o)
	}
	labels, classes = namesToLabels(l.words)
	if o.Outputs > 1 && !o.Values && len(classes) != o.Outputs {
		return nil, nil, fmt.Errorf("%d names of classes (%s) for a network of %d outputs: which is which is not known (try the numbers of the classes in place of their names, or a network converted with samples of all classes)",
			len(classes), listed(classes), o.Outputs)
	}
	return labels, classes, nil
}

// known returns the places of the words among the classes. A number that is no name is a
// place itself.
func (l *wordList) known(classes []string) ([]int, error) {
	place := make(map[string]int, len(classes))
	for i, name := range slices.Backward(classes) {
		place[name] = i
	}
	labels := make([]int, len(l.words))
	for i, word := range l.words {
		label, ok := place[word]
		if !ok {
			n, err := strconv.ParseUint(word, 10, 31)
			if label = int(n); err != nil || label >= len(classes) {
				return nil, fmt.Errorf("%s: %q is none of the network's %d classes (%s)", l.where(i), word, len(classes), listed(classes))
			}
		}
		labels[i] = label
	}
	return labels, nil
}

// numbers returns the words as numbers, nil where most are none. Where half of them or more
// are numbers, another word is an error: one slip must not turn all labels into names.
func (l *wordList) numbers() ([]int, error) {
	labels, outlier, count := make([]int, len(l.words)), -1, 0
	for i, word := range l.words {
		n, err := strconv.ParseUint(word, 10, 31)
		switch {
		case err == nil:
			labels[i], count = int(n), count+1
		case outlier < 0:
			outlier = i
		}
	}
	if outlier < 0 {
		return labels, nil
	}
	if 2*count < len(l.words) {
		return nil, nil
	}
	return nil, fmt.Errorf("%s: %q is no class, as %d of %d classes are numbers from 0 (try correcting it or leaving it out)",
		l.where(outlier), l.words[outlier], count, len(l.words))
}

// checkRange refuses classes that the model does not have.
func (l *wordList) checkRange(labels []int, o Options) error {
	if o.Outputs < 2 || o.Values {
		return nil
	}
	for i, label := range labels {
		if label < o.Outputs {
			continue
		}
		way := "are these samples of another model?"
		if slices.Min(labels) == 1 && slices.Max(labels) == o.Outputs {
			way = "classes count from 0, these seem to count from 1"
		}
		return fmt.Errorf("%s: class %d of a network of %d outputs (%s)", l.where(i), label, o.Outputs, way)
	}
	return nil
}

func namesToLabels(words []string) (labels []int, names []string) {
	seen := make(map[string]bool)
	for _, word := range words {
		seen[word] = true
	}
	names = slices.Sorted(maps.Keys(seen))
	labels = make([]int, len(words))
	for i, word := range words {
		labels[i], _ = slices.BinarySearch(names, word)
	}
	return labels, names
}

// listed writes names, the first of many.
func listed(names []string) string {
	const most = 8
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + ", ..."
}

// order says which order of the names of folders was taken, where that of numbers and that of
// text differ.
func (l *wordList) order(o Options, labels []int) []string {
	if !l.folders || len(o.Classes) > 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(l.words))
	if numbers, _ := l.numbers(); numbers != nil {
		for i, word := range l.words {
			if at, _ := slices.BinarySearch(sorted, word); at != labels[i] {
				return []string{fmt.Sprintf("class folders are numbers, and taken as such: %q is class %d; programs that sort names as text have it as class %d", word, labels[i], at)}
			}
		}
		return nil
	}
	natural := slices.SortedStableFunc(slices.Values(sorted), byNumbers)
	for i, word := range sorted {
		if natural[i] != word {
			return []string{fmt.Sprintf("names of classes are in the order of text: class %d is %q, where an order by numbers has %q", i, word, natural[i])}
		}
	}
	return nil
}

// byNumbers compares names so that numbers in them count as such.
func byNumbers(a, b string) int {
	for a != "" && b != "" {
		x, y := digits(a), digits(b)
		if x == "" || y == "" {
			if c := cmp.Compare(a[0], b[0]); c != 0 {
				return c
			}
			a, b = a[1:], b[1:]
			continue
		}
		m, n := strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
		if c := cmp.Or(cmp.Compare(len(m), len(n)), cmp.Compare(m, n)); c != 0 {
			return c
		}
		a, b = a[len(x):], b[len(y):]
	}
	return cmp.Compare(len(a), len(b))
}

// digits returns the digits that a text begins with.
func digits(s string) string {
	return s[:len(s)-len(strings.TrimLeft(s, "0123456789"))]
}
