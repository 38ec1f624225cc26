// Package escape makes text out of files harmless in what the program writes: names of
// models, layers and labels, folders and command lines may hold anything. There is one
// function per language.
//
//   - Terminals: Terminal, Lines. JSON, which is often shown on one: JSON.
//   - Markdown: Markdown for prose and cells of tables, Code and CodeCell for names.
//   - JavaScript: JavaScript. C: Comment, as names reach C in comments only.
//   - HTML and the SVG in it are written by html/template and by the charts library, which
//     escape what they are given. What is printable passes them: they are given Terminal's.
//   - Go, Makefiles and linker scripts hold numbers and names that export.CheckName let pass.
//     CSV is not written.
//
// The test of all outputs is TestHostileNames in cmd/ann2snn.
package escape

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Terminal replaces what could move the cursor, change colours, end the line or turn the
// direction of writing: the result is valid UTF-8 on one line.
func Terminal(s string) string {
	return strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return utf8.RuneError
		}
		return r
	}, s)
}

// Lines is Terminal for a text of several lines. All but the first are indented, if they are
// not: what comes from a file cannot begin a line that looks like one of the program's own.
func Lines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		line = Terminal(strings.ReplaceAll(line, "\t", "    "))
		if i > 0 && line != "" && !strings.HasPrefix(line, "  ") {
			line = "  " + line
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n")
}

// JSON writes characters of a JSON text that are not printable as \u escapes. The text means
// the same: outside of strings JSON has no such characters but white space.
func JSON(text []byte) []byte {
	var b bytes.Buffer
	for _, r := range string(text) {
		if r == '\n' || strconv.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		b.WriteString(unicodeEscape(r))
	}
	return b.Bytes()
}

// unicodeEscape is a character as JSON and JavaScript write it in strings.
func unicodeEscape(r rune) string {
	var b strings.Builder
	for _, unit := range utf16.AppendRune(nil, r) {
		fmt.Fprintf(&b, `\u%04x`, unit)
	}
	return b.String()
}

// JavaScript is the inside of a string literal of JavaScript that means s, in any quotes,
// in a script of an HTML page too.
func JavaScript(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strconv.IsPrint(r) && !strings.ContainsRune("\\\"'`$<>&", r) {
			b.WriteRune(r)
			continue
		}
		b.WriteString(unicodeEscape(r))
	}
	return b.String()
}

// Markdown is text that means s and nothing else, in prose and in cells of tables.
func Markdown(s string) string {
	runes := []rune(Terminal(s))
	var b strings.Builder
	for i, r := range runes {
		special := strings.ContainsRune("\\`*[]<>&|~$@", r)
		before, after := string(runes[:i]), string(runes[i+1:])
		switch r {
		case '_': // between letters it means nothing
			special = i == 0 || i+1 == len(runes) || !isWord(runes[i-1]) || !isWord(runes[i+1])
		case ':', '.': // addresses become links by themselves
			special = strings.HasPrefix(after, "//") || strings.HasSuffix(strings.ToLower(before), "www") || digits(before)
		case '#', '+', '-', '=', ')': // they begin headings and lists, where a line begins
			special = digits(before)
		}
		if special {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// digits reports whether what stands before a character leaves it at the beginning of a line,
// or behind the number of a list.
func digits(before string) bool { return strings.TrimLeft(before, " 0123456789") == "" }

func isWord(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

// Code is a code span of Markdown that shows s. It is empty where s is.
func Code(s string) string {
	s = Terminal(s)
	if s == "" {
		return ""
	}
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	space := ""
	if strings.Trim(s, " `") != s && strings.Trim(s, " ") != "" {
		space = " " // readers take one from either end
	}
	return fence + space + s + space + fence
}

// CodeCell is Code in a cell of a table. A bar would end the cell: with one it is prose, as
// readers differ about backslashes in code.
func CodeCell(s string) string {
	if strings.Contains(s, "|") {
		return Markdown(s)
	}
	return Code(s)
}

// Comment is a comment's part in C that shows s in quotes, in ASCII.
func Comment(s string) string {
	for _, pair := range []string{"/*", "*/", "??", "??"} { // once more for the middle of ???
		s = strings.ReplaceAll(s, pair, pair[:1]+" "+pair[1:])
	}
	return fmt.Sprintf("%+q", s)
}
