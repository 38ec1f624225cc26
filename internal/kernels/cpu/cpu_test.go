package cpu

import "testing"

func TestChoose(t *testing.T) {
	best, err := choose("")
	if err != nil || best != Sets()[0] {
		t.Errorf("the best set is %v, %v", best, err)
	}
	if set, err := choose("go"); err != nil || set.Needs != 0 {
		t.Errorf("go is %v, %v", set, err)
	}
	if _, err := choose("abacus"); err == nil {
		t.Error("an unknown set is no error")
	}
}
