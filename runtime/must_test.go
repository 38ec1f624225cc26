package runtime_test

// must returns v, of a call that cannot fail as the test makes it.
func must[T any](v T, err error) T {
	ok(err)
	return v
}

func ok(err error) {
	if err != nil {
		panic(err)
	}
}
