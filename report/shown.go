package report

import (
	"reflect"
	"strings"
)

// makeShown brings all strings of a report that was read into a form that can be
// shown, whoever wrote it. Backslashes stay: the writer has escaped them. Only the
// field Error has lines.
func makeShown(r *Report) { showAll(reflect.ValueOf(r), false) }

func showAll(v reflect.Value, lines bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() && v.CanSet() && v.Type() == reflect.TypeFor[*Detail]() {
			v.Set(reflect.ValueOf(new(Detail)))
		}
		if !v.IsNil() {
			showAll(v.Elem(), lines)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			showAll(v.Field(i), v.Type().Field(i).Name == "Error")
		}
	case reflect.Slice:
		if v.IsNil() && v.CanSet() { // no array of a report is null
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		for i := range v.Len() {
			showAll(v.Index(i), lines)
		}
	case reflect.String:
		if v.CanSet() {
			v.SetString(harmless(v.String(), lines))
		}
	}
}

// harmless escapes what Display escapes, but backslashes and, where it has lines,
// their ends.
func harmless(s string, lines bool) string {
	if lines {
		shown := strings.Split(s, "\n")
		for i := range shown {
			shown[i] = harmless(shown[i], false)
		}
		return strings.Join(shown, "\n")
	}
	parts := strings.Split(s, `\`)
	for i := range parts {
		parts[i] = Display(parts[i])
	}
	return strings.Join(parts, `\`)
}
