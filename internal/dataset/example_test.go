package dataset_test

import (
	"fmt"

	"ann2snn/internal/dataset"
	"ann2snn/models"
	"ann2snn/preprocess"
)

func ExampleOpenFS() {
	spec, err := preprocess.Preset("mnist")
	if err != nil {
		fmt.Println(err)
		return
	}
	set, err := dataset.OpenFS(models.Samples(), "test", dataset.Options{
		Preprocess: spec,
		InputShape: []int{1, 28, 28},
		Limit:      100,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer set.Close()
	values := make([]float32, 28*28)
	label, err := set.Sample(7, values)
	fmt.Println(set.Format(), set.Len(), models.Classes()[label], err)
	// Output: idx 100 U <nil>
}
