package cpu

import (
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	for _, set := range Sets() {
		if found, err := Find(set.Name); err != nil || found != set {
			t.Errorf("%s is %v, %v", set.Name, found, err)
		}
	}
	if _, err := Find("abacus"); err == nil || !strings.Contains(err.Error(), "possible: ") {
		t.Errorf("an unknown set: %v", err)
	}
}

func TestDefault(t *testing.T) {
	if Default() != Sets()[0] {
		t.Errorf("the default is %v", Default())
	}
	last := Sets()[len(Sets())-1]
	Use(last)
	defer Use(nil)
	if last.Needs != 0 || Default() != last {
		t.Errorf("the default is %v, not the set in Go", Default())
	}
}
