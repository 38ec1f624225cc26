package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"ann2snn/internal/escape"
	"ann2snn/internal/eval"
	"ann2snn/internal/infile"
	"ann2snn/internal/report"
)

// standardInput is the input that stands for the stream.
const standardInput = "-"

func count(list []string, word string) int {
	n := 0
	for _, s := range list {
		if s == word {
			n++
		}
	}
	return n
}

// readLabels reads the names of that many classes, a line each.
func readLabels(ctx context.Context, path string, classes int) ([]string, error) {
	if classes == 0 {
		return nil, usagef("--labels %s: the network has no classes to be named", path)
	}
	text, err := infile.Read(ctx, path)
	if err != nil {
		return nil, fileError(path, err)
	}
	const byteOrderMark = "\ufeff"
	var names []string
	for line := range strings.Lines(strings.TrimRight(strings.TrimPrefix(string(text), byteOrderMark), " \t\r\n")) {
		name := strings.TrimSpace(line)
		if name == "" {
			return nil, fmt.Errorf("%s line %d: no name", path, len(names)+1)
		}
		names = append(names, name)
	}
	if len(names) != classes {
		return nil, hintf(fmt.Errorf("%s has %s, the classes of the network are %d", path, eval.Plural(len(names), "name"), classes),
			"a line for each class, that of class 0 first")
	}
	return names, nil
}

// answers prints what run finds, in the form that was asked for.
type answers struct {
	*app
	*runOptions
	all   []classified // for JSON, which is one document
	parts []summary
}

// summary says how many samples of an input have each answer.
type summary struct {
	Input   string       `json:"input"`
	Samples int          `json:"samples"`
	Classes []classCount `json:"classes"` // the most frequent first
}

// classCount is how many samples have an answer, alone or, for several labels, among others.
type classCount struct {
	Class   int          `json:"class"`
	Label   string       `json:"label,omitempty"`
	Samples int          `json:"samples"`
	Share   eval.Percent `json:"share"`
}

// add takes the answers to an input.
func (a *answers) add(input string, results []classified) error {
	switch {
	case a.summary:
		s, err := summarise(input, results)
		if err != nil {
			return err
		}
		a.parts = append(a.parts, *s)
		if !a.json && !a.lines {
			return s.print(a.stdout, a.style())
		}
	case a.lines:
		return printLines(a.stdout, results)
	case a.json:
		a.all = append(a.all, results...)
	default:
		return a.print(input, results)
	}
	return nil
}

// end prints what is printed at once.
func (a *answers) end() error {
	switch {
	case a.summary && a.lines:
		return printLines(a.stdout, a.parts)
	case a.summary && a.json:
		return report.JSON(a.stdout, a.parts)
	case a.json:
		return report.JSON(a.stdout, a.all)
	}
	return nil
}

// print writes answers for people to read, and after many how often each occurs.
func (a *answers) print(input string, results []classified) error {
	for _, r := range results {
		if err := r.print(a.stdout, a.style()); err != nil {
			return err
		}
	}
	if len(results) < 2 || !results[0].counted() {
		return nil
	}
	s, err := summarise(input, results)
	if err != nil {
		return err
	}
	return s.print(a.stdout, a.style())
}

// printLines writes values as JSON, one a line.
func printLines[T any](w io.Writer, values []T) error {
	for _, v := range values {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil {
			return err
		}
		if _, err := w.Write(escape.JSON(b.Bytes())); err != nil {
			return err
		}
	}
	return nil
}

// counted reports whether an answer is one or several classes.
func (r *classified) counted() bool { return r.Task == nil || r.Decision != nil || r.Above != nil }

// classes returns the classes of an answer.
func (r *classified) classes() []classCount {
	var list []classCount
	switch {
	case r.Decision != nil:
		list = append(list, classCount{Class: r.Decision.Class, Label: r.Decision.Label})
	case r.Task == nil:
		list = append(list, classCount{Class: r.Top[0].Class, Label: r.Top[0].Label})
	}
	for _, s := range r.Above {
		list = append(list, classCount{Class: s.Class, Label: s.Label})
	}
	return list
}

// summarise counts the answers to an input.
func summarise(input string, results []classified) (*summary, error) {
	s := &summary{Input: input, Samples: len(results), Classes: []classCount{}}
	at := make(map[int]int) // place in Classes of each class
	for _, r := range results {
		if !r.counted() {
			return nil, hintf(errors.New("a summary counts answers that are classes, and this network gives others"), "without --summary the answers are printed")
		}
		for _, c := range r.classes() {
			i, seen := at[c.Class]
			if !seen {
				i = len(s.Classes)
				at[c.Class] = i
				s.Classes = append(s.Classes, c)
			}
			s.Classes[i].Samples++
		}
	}
	for i := range s.Classes {
		s.Classes[i].Share = eval.Percent(100 * float64(s.Classes[i].Samples) / float64(len(results)))
	}
	slices.SortFunc(s.Classes, func(a, b classCount) int {
		return cmp.Or(cmp.Compare(b.Samples, a.Samples), cmp.Compare(a.Class, b.Class))
	})
	return s, nil
}

// shownClasses is how many classes of a summary are printed.
const shownClasses = 20

func (s *summary) print(w io.Writer, style report.Style) error {
	fmt.Fprintf(w, "%s: %s\n", escape.Terminal(s.Input), eval.Plural(s.Samples, "sample"))
	g := &report.Grid{Columns: []string{"", ">class", "label", ">samples", ">%"}}
	for _, c := range s.Classes[:min(shownClasses, len(s.Classes))] {
		g.Add("", strconv.Itoa(c.Class), c.Label, strconv.Itoa(c.Samples), c.Share.String())
	}
	if len(s.Classes) > 0 {
		if err := g.DropEmpty().Write(w, style); err != nil {
			return err
		}
	}
	if more := len(s.Classes) - shownClasses; more > 0 {
		fmt.Fprintf(w, "  classes not shown: %d\n", more)
	}
	return nil
}
