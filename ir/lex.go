package ir

import (
	"fmt"
	"strconv"
	"strings"
)

// A parser reads the text form. The first failure is kept and ends the text, so that
// no reader needs to look for it.
type parser struct {
	src   string
	pos   int // of the next byte
	token int // of the last token
	err   error

	g   *Graph
	ids map[string]ValueID
	// generated counts the elements of fill(...) and ramp(...), which the length of the
	// text does not bound.
	generated int
}

// failf keeps the first failure, which is at the last token.
func (p *parser) failf(format string, args ...any) {
	if p.err == nil {
		line := strings.Count(p.src[:p.token], "\n")
		column := p.token - strings.LastIndexByte(p.src[:p.token], '\n')
		p.err = fmt.Errorf("ir: %d:%d: %w", line+1, column, fmt.Errorf(format, args...))
	}
	p.src = p.src[:p.pos]
}

// skip passes blanks and a comment and begins a token.
func (p *parser) skip() {
	for p.pos < len(p.src) && strings.IndexByte(" \t\r", p.src[p.pos]) >= 0 {
		p.pos++
	}
	if p.pos < len(p.src) && p.src[p.pos] == '#' {
		p.pos += lineLength(p.src[p.pos:])
	}
	p.token = p.pos
}

// lineLength is the number of bytes before the line's end.
func lineLength(s string) int {
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		return i
	}
	return len(s)
}

// peek returns the next byte that is not blank, 0 at the end of the text.
func (p *parser) peek() byte {
	p.skip()
	if p.pos == len(p.src) {
		return 0
	}
	return p.src[p.pos]
}

// accept passes c if it is next.
func (p *parser) accept(c byte) bool {
	if p.peek() != c || c == 0 {
		return false
	}
	p.pos++
	return true
}

func (p *parser) expect(c byte) {
	if !p.accept(c) {
		p.failf("want %q", c)
	}
}

// run passes the bytes that belong to a class.
func (p *parser) run(class func(byte) bool) string {
	start := p.pos
	for p.pos < len(p.src) && class(p.src[p.pos]) {
		p.pos++
	}
	return p.src[start:p.pos]
}

// atom reads a word or number.
func (p *parser) atom() string {
	p.skip()
	s := p.run(func(c byte) bool { return isLetter(c) || isDigit(c) || strings.IndexByte(".+-", c) >= 0 })
	if s == "" {
		p.failf("want a word or number")
	}
	return s
}

// quoted reads a Go string in double quotes.
func (p *parser) quoted() string {
	if p.peek() != '"' {
		p.failf("want a string in quotes")
		return ""
	}
	line := p.src[p.pos:]
	prefix, err := strconv.QuotedPrefix(line[:lineLength(line)])
	if err != nil {
		p.failf("string without end or with a bad escape")
		return ""
	}
	p.pos += len(prefix)
	s, err := strconv.Unquote(prefix)
	if err != nil {
		p.failf("string with a bad escape")
	}
	return s
}

func (p *parser) integer() int64 {
	word := p.atom()
	i, err := strconv.ParseInt(word, 10, 64)
	if err != nil {
		p.failf("%q is not an integer", word)
	}
	return i
}

// number reads a number that a float of so many bits can hold.
func (p *parser) number(bits int) float64 {
	word := p.atom()
	f, err := strconv.ParseFloat(word, bits)
	if err != nil {
		p.failf("%q is not a float%d number", word, bits)
	}
	return f
}

func (p *parser) boolean() bool {
	word := p.atom()
	if word != "true" && word != "false" {
		p.failf("%q is neither true nor false", word)
	}
	return word == "true"
}

// list reads items between two brackets, separated by commas.
func (p *parser) list(left, right byte, item func()) {
	p.expect(left)
	for p.err == nil && !p.accept(right) {
		item()
		if p.peek() != right {
			p.expect(',')
		}
	}
}

func (p *parser) ints() []int {
	var list []int
	p.list('[', ']', func() { list = append(list, int(p.integer())) })
	return list
}
