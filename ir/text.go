package ir

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// maxListed is how many elements of a constant the text form shows before it prefers a
// shorter form.
const maxListed = 16

// WriteText writes g as text with the values of all constants; Parse reads it back.
// Values are numbered anew by that: graph inputs, constants, then the nodes' outputs.
func (g *Graph) WriteText(w io.Writer) error { return g.write(w, true) }

// WriteSummary is WriteText with digests in place of the values of large constants:
// for reading and comparing, not for Parse.
func (g *Graph) WriteSummary(w io.Writer) error { return g.write(w, false) }

// String returns what WriteSummary writes.
func (g *Graph) String() string {
	var b strings.Builder
	_ = g.write(&b, false) // a strings.Builder never fails
	return b.String()
}

func (g *Graph) write(w io.Writer, full bool) error {
	b := bufio.NewWriter(w)
	if s := attrText(reflect.ValueOf(g.Source), reflect.ValueOf(Source{})); s != "" {
		fmt.Fprintf(b, "source%s\n", s)
	}
	for _, id := range g.Inputs {
		fmt.Fprintf(b, "input %s\n", g.typedName(id))
	}
	for _, v := range g.Values {
		if c := v.Type.Const; c != nil {
			fmt.Fprintf(b, "const %s %s = %s\n", nameText(v.Name), tensorType(c), tensorValues(c, full))
		}
	}
	for _, n := range g.Nodes {
		fmt.Fprintln(b, g.nodeText(n))
	}
	if len(g.Outputs) > 0 {
		fmt.Fprintf(b, "output %s\n", join(g.Outputs, g.name))
	}
	return b.Flush()
}

func (g *Graph) nodeText(n Node) string {
	kind, attributes, name := "nil", "", ""
	if n.Op != nil {
		kind = n.Op.Kind()
		if base, ok := opOf(kind); ok {
			attributes = attrText(reflect.Indirect(reflect.ValueOf(n.Op)), reflect.ValueOf(base))
		}
	}
	if n.Name != "" {
		name = " " + strconv.Quote(n.Name)
	}
	return fmt.Sprintf("%s = %s(%s)%s%s", join(n.Out, g.typedName), kind, join(n.In, g.name), name, attributes)
}

func join(ids []ValueID, text func(ValueID) string) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = text(id)
	}
	return strings.Join(parts, ", ")
}

// name is the text of a value; illegal graphs, too, can be written.
func (g *Graph) name(id ValueID) string {
	switch {
	case id == None:
		return "_"
	case id < 0 || int(id) >= len(g.Values):
		return fmt.Sprintf("%%!%d", id)
	}
	return nameText(g.Values[id].Name)
}

func (g *Graph) typedName(id ValueID) string {
	name := g.name(id)
	if id < 0 || int(id) >= len(g.Values) || !g.Type(id).present() {
		return name
	}
	return name + " " + g.Type(id).String()
}

func nameText(name string) string {
	for _, c := range []byte(name) {
		if !isNameByte(c) {
			return "%" + strconv.Quote(name)
		}
	}
	if name == "" {
		return `%""`
	}
	return "%" + name
}

// isNameByte reports whether c may stand in a value name without quotes.
func isNameByte(c byte) bool {
	return isLetter(c) || isDigit(c) || strings.IndexByte("./:+-", c) >= 0
}

// tensorType is the type of a constant, with the stored type where it differs, as in
// "float32<float16>[4]".
func tensorType(t *Tensor) string {
	stored := ""
	if t.Stored != "" {
		stored = "<" + strconv.Quote(t.Stored) + ">"
	}
	return t.DType.String() + stored + Fixed(t.Shape...).String()
}

// tensorValues lists the elements; of many it says that they are all the same, or, for
// a summary, gives the digest of their little-endian bytes.
func tensorValues(t *Tensor, full bool) string {
	var parts []string
	switch t.DType {
	case Float32:
		parts = elementTexts(t.F, full, floatText)
	case Int64:
		parts = elementTexts(t.I, full, func(i int64) string { return strconv.FormatInt(i, 10) })
	case Bool:
		parts = elementTexts(t.B, full, strconv.FormatBool)
	}
	switch {
	case parts == nil && t.Len() > 0:
		return "sha256:" + digest(t)
	case len(parts) == 1 && t.Len() > 1:
		return "fill(" + parts[0] + ")"
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// elementTexts returns the texts of v: one text if many are equal, none if they are too
// many.
func elementTexts[E comparable](v []E, full bool, text func(E) string) []string {
	if len(v) > maxListed && allText(v, text) {
		v = v[:1]
	}
	if len(v) > maxListed && !full {
		return nil
	}
	parts := make([]string, len(v))
	for i, e := range v {
		parts[i] = text(e)
	}
	return parts
}

// allText reports whether all elements have the same text: negative zero is not zero.
func allText[E comparable](v []E, text func(E) string) bool {
	for _, e := range v[1:] {
		if e != v[0] || text(e) != text(v[0]) {
			return false
		}
	}
	return true
}

func floatText(f float32) string { return strconv.FormatFloat(float64(f), 'g', -1, 32) }

// digest is the start of the SHA-256 of the elements.
func digest(t *Tensor) string {
	h := sha256.New()
	var b [8]byte
	for _, f := range t.F {
		binary.LittleEndian.PutUint32(b[:], math.Float32bits(f))
		h.Write(b[:4])
	}
	for _, i := range t.I {
		binary.LittleEndian.PutUint64(b[:], uint64(i))
		h.Write(b[:])
	}
	for _, v := range t.B {
		h.Write(strconv.AppendBool(b[:0], v))
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}
