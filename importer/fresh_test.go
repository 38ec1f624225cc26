package importer

import (
	"strconv"
	"testing"
)

// TestFreshNames: a node may ask for as many names as it has inputs. Were each search begun
// anew, so many would take hours.
func TestFreshNames(t *testing.T) {
	t.Parallel()
	tr := newTranslation(&model{names: map[string]bool{"sum/Add": true, "sum/Add_3": true}})
	const n = 200_000
	seen := make(map[string]bool, n)
	for range n {
		name := tr.fresh("sum/Add")
		if seen[name] || name == "sum/Add" || name == "sum/Add_3" {
			t.Fatalf("%q is taken", name)
		}
		seen[name] = true
	}
	if last := "sum/Add_" + strconv.Itoa(n+2); !seen[last] {
		t.Errorf("%q is not among the names: some were left out", last)
	}
}
