package ir

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// attr is one attribute of an operator: a field of its struct.
type attr struct {
	name  string // the field's name in camel case
	value reflect.Value
}

// attrs lists the fields of a struct; those of a nested struct stand in its place.
func attrs(v reflect.Value) []attr {
	var list []attr
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		if f := v.Field(i); f.Kind() == reflect.Struct {
			list = append(list, attrs(f)...)
		} else {
			list = append(list, attr{camelCase(name), f})
		}
	}
	return list
}

// camelCase puts the first letter, or a name that is one acronym, in lower case.
func camelCase(name string) string {
	if name == strings.ToUpper(name) {
		return strings.ToLower(name)
	}
	return strings.ToLower(name[:1]) + name[1:]
}

// attrText writes the fields of v that differ from those of base as "{a=1 b=[2,3]}",
// or nothing where none does.
func attrText(v, base reflect.Value) string {
	var parts []string
	defaults := attrs(base)
	for i, a := range attrs(v) {
		if !sameAttr(a.value, defaults[i].value) {
			parts = append(parts, a.name+"="+attrValueText(a.value))
		}
	}
	if parts == nil {
		return ""
	}
	return " {" + strings.Join(parts, " ") + "}"
}

// sameAttr is deep equality that takes an empty list for a nil one.
func sameAttr(a, b reflect.Value) bool {
	if a.Kind() == reflect.Slice && a.Len()+b.Len() == 0 {
		return true
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

func attrValueText(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case int:
		return strconv.Itoa(x)
	case []int:
		return strings.ReplaceAll(fmt.Sprint(x), " ", ",")
	case float32:
		return floatText(x)
	case string:
		return strconv.Quote(x)
	case *Tensor:
		return tensorType(x) + " " + tensorValues(x, true)
	}
	return fmt.Sprint(v)
}

// attr reads what attrValueText writes into v.
func (p *parser) attr(v reflect.Value) {
	switch names, enum := enums[v.Type()]; {
	case enum:
		word := p.atom()
		i := slices.Index(names, word)
		if i < 0 {
			p.failf("%q is none of %v", word, names)
			return
		}
		v.SetUint(uint64(i))
	case v.Kind() == reflect.Int:
		v.SetInt(p.integer())
	case v.Kind() == reflect.Slice:
		v.Set(reflect.ValueOf(p.ints()))
	case v.Kind() == reflect.Float32:
		v.SetFloat(p.number(32))
	case v.Kind() == reflect.String:
		v.SetString(p.quoted())
	case v.Kind() == reflect.Bool:
		v.SetBool(p.boolean())
	case v.Type() == reflect.TypeFor[*Tensor]():
		v.Set(reflect.ValueOf(p.tensor()))
	}
}
