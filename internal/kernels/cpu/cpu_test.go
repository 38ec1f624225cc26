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

// TestSetsDescribeThemselves: every set has a name of its own, says where it runs and what
// it is good for, and no set before another needs less than that one.
func TestSetsDescribeThemselves(t *testing.T) {
	all := All()
	for i, s := range all {
		if s.Name == "" || s.For == "" || (s.Arch == "") != (s.Needs == 0) {
			t.Errorf("%+v does not describe itself", s)
		}
		for _, before := range all[:i] {
			if before.Name == s.Name || s.Needs.Has(before.Needs) {
				t.Errorf("%s is never chosen: %s needs no more", s.Name, before.Name)
			}
		}
	}
	if last := all[len(all)-1]; last.Needs != 0 {
		t.Errorf("the last set, %s, is not the specification", last.Name)
	}
}

func TestFeaturesHaveNames(t *testing.T) {
	for want, f := range map[string]Features{"none": 0, "avx2+avx512+avx512vnni": AVX2 | AVX512 | AVX512VNNI, "sdot": SDOT} {
		if got := f.String(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
