package snn

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// tagged is a coder that notes the tags of a message's own fields.
type tagged struct{ tags *[]int }

func (c tagged) note(tag uint16) { *c.tags = append(*c.tags, int(tag)) }

func (c tagged) reading() bool                                  { return true }
func (c tagged) has(uint16) bool                                { return true }
func (c tagged) ints(tag uint16, _ *[]int64)                    { c.note(tag) }
func (c tagged) text(tag uint16, _ *string)                     { c.note(tag) }
func (c tagged) array(tag uint16, _ *[]byte)                    { c.note(tag) }
func (c tagged) message(tag uint16, _ func(coder))              { c.note(tag) }
func (c tagged) list(tag uint16, _ int, _ func(c coder, i int)) { c.note(tag) }
func (c tagged) refuse(string)                                  {}

// tagsOf returns the tags of the fields that a function visits.
func tagsOf(fields func(c coder)) []int {
	var tags []int
	fields(tagged{&tags})
	return tags
}

// TestFieldsAreSpecified holds the messages of doc.go to the schema, tag by tag.
func TestFieldsAreSpecified(t *testing.T) {
	ops := []Op{Input{}, Input{Quantised: true}, Conv{}, Dense{}, Sum{}, SumPool{}, MaxPool{}, Concat{}, Gather{}, Product{}}
	schema := map[string][]int{
		"network":  tagsOf(func(c coder) { networkFields(c, &Network{}) }),
		"host":     tagsOf(func(c coder) { hostFields(c, &HostOp{}) }),
		"meta":     tagsOf(func(c coder) { metaFields(c, &Meta{}) }),
		"label":    {1},
		"layer":    tagsOf(func(c coder) { layerFields(c, &Layer{}) }),
		"neuron":   tagsOf(func(c coder) { neuronFields(c, &Neuron{}) }),
		"float32s": {1},
		"int32s":   {1},
	}
	windows, weights := tagsOf(func(c coder) { windowFields(c, &Window{}) }), tagsOf(func(c coder) { weightFields(c, &Weights{}) })
	specified := specifiedTags(t)
	for _, op := range ops {
		tags := tagsOf(func(c coder) { opFields(c, &op) })
		schema[strconv.Itoa(opNumber(op))] = tags[1:] // the first is the operator's number
	}
	for name, tags := range specified {
		if i := slices.Index(tags, window); i >= 0 {
			tags = slices.Replace(tags, i, i+1, windows...)
		}
		if i := slices.Index(tags, weighted); i >= 0 {
			tags = slices.Replace(tags, i, i+1, weights...)
		}
		specified[name] = tags
	}
	if got, want := slices.Sorted(maps.Keys(specified)), slices.Sorted(maps.Keys(schema)); !slices.Equal(got, want) {
		t.Fatalf("doc.go has the messages %v, the schema %v", got, want)
	}
	for name, want := range schema {
		if got := specified[name]; !slices.Equal(got, want) {
			t.Errorf("message %s has the fields %v, in doc.go %v", name, want, got)
		}
	}
}

// What stands in doc.go for the fields of a window and of weights.
const (
	window   = -1
	weighted = -2
)

var (
	messageLine = regexp.MustCompile(`^//	(  )?(\w+) +(\w.*)$`)
	inBrackets  = regexp.MustCompile(`\([^)]*\)`)
	tag         = regexp.MustCompile(`(?:^|[,;] +)(\d+) |(window)|(weights)$`)
)

// specifiedTags reads the messages of doc.go; an operator has its number as its name.
func specifiedTags(t *testing.T) map[string][]int {
	t.Helper()
	b, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, text, ok := strings.Cut(string(b), "tag by tag:\n//\n")
	if !ok {
		t.Fatal("doc.go does not list the messages")
	}
	text, _, _ = strings.Cut(text, "\n//\n")
	bodies := map[string]string{}
	name := ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if m := messageLine.FindStringSubmatch(line); m != nil {
			name = m[2]
			body := m[3]
			if m[1] != "" { // the word behind an operator's number is its name
				kind := regexp.MustCompile(`^[a-z]+( pool)?( first)?`).FindString(body)
				body = body[len(kind):]
			}
			bodies[name] = body
			continue
		}
		bodies[name] += " " + strings.TrimSpace(strings.TrimPrefix(line, "//"))
	}
	delete(bodies, "op") // what an operator's message begins with
	tags := map[string][]int{}
	for name, body := range bodies {
		tags[name] = nil
		for _, m := range tag.FindAllStringSubmatch(strings.TrimSpace(inBrackets.ReplaceAllString(body, "")), -1) {
			switch {
			case m[2] != "":
				tags[name] = append(tags[name], window)
			case m[3] != "":
				tags[name] = append(tags[name], weighted)
			default:
				n, _ := strconv.Atoi(m[1])
				tags[name] = append(tags[name], n)
			}
		}
	}
	return tags
}
