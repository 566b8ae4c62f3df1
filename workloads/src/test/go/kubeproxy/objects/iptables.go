package objects

import (
	"fmt"
	"slices"
	"strings"

	utiliptables "k8s.io/kubernetes/pkg/util/iptables"
	iptablestest "k8s.io/kubernetes/pkg/util/iptables/testing"
)

// Iptables is kube-proxy's own fake. It writes down what changes it, but for chains and jumps that kube-proxy makes one by one
// before it restores.
type Iptables struct {
	*iptablestest.FakeIPTables
	written strings.Builder
}

// NewIptables is one of a family.
func NewIptables(v6 bool) *Iptables {
	if v6 {
		return &Iptables{FakeIPTables: iptablestest.NewIPv6Fake()}
	}
	return &Iptables{FakeIPTables: iptablestest.NewFake()}
}

// Written is what changed it since this was asked last.
func (f *Iptables) Written() string {
	defer f.written.Reset()
	return f.written.String()
}

// HasRandomFully is asked by 1.34 only: iptables has it from 1.6.2 on.
func (f *Iptables) HasRandomFully() bool { return true }

// RestoreAll is part of iptables.Interface.
func (f *Iptables) RestoreAll(data []byte, flush utiliptables.FlushFlag, counters utiliptables.RestoreCountersFlag) error {
	f.written.Write(data)
	return f.FakeIPTables.RestoreAll(data, flush, counters)
}

// Restore is part of iptables.Interface.
func (f *Iptables) Restore(table utiliptables.Table, data []byte, flush utiliptables.FlushFlag, counters utiliptables.RestoreCountersFlag) error {
	f.written.Write(data)
	return f.FakeIPTables.Restore(table, data, flush, counters)
}

// DeleteRule is part of iptables.Interface.
func (f *Iptables) DeleteRule(table utiliptables.Table, chain utiliptables.Chain, args ...string) error {
	fmt.Fprintf(&f.written, "-t %s -D %s %s\n", table, chain, strings.Join(quoted(args), " "))
	return f.FakeIPTables.DeleteRule(table, chain, args...)
}

// FlushChain is part of iptables.Interface.
func (f *Iptables) FlushChain(table utiliptables.Table, chain utiliptables.Chain) error {
	fmt.Fprintf(&f.written, "-t %s -F %s\n", table, chain)
	return f.FakeIPTables.FlushChain(table, chain)
}

// DeleteChain is part of iptables.Interface.
func (f *Iptables) DeleteChain(table utiliptables.Table, chain utiliptables.Chain) error {
	fmt.Fprintf(&f.written, "-t %s -X %s\n", table, chain)
	return f.FakeIPTables.DeleteChain(table, chain)
}

func quoted(args []string) []string {
	words := slices.Clone(args)
	for i, word := range words {
		if strings.Contains(word, " ") {
			words[i] = `"` + word + `"`
		}
	}
	return words
}

// Ordered puts restore input into an order that is the same each time: chains by name, the rules of each as they were, but for
// those chains into which kube-proxy writes in the order of a Go map, whose rules are sorted.
func Ordered(text string, unordered ...string) string {
	lines := strings.SplitAfter(text, "\n")
	start := 0
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, "*"):
			start = i + 1
		case strings.HasPrefix(line, "COMMIT"):
			slices.SortStableFunc(lines[start:i], func(a, b string) int {
				return strings.Compare(place(a, unordered), place(b, unordered))
			})
		}
	}
	return strings.Join(lines, "")
}

// place is what a line is sorted by.
func place(line string, unordered []string) string {
	words := strings.Fields(line)
	switch {
	case words[0] == "-X":
		return "3" + line
	case words[0] != "-A":
		return "1" + line
	case !slices.Contains(unordered, words[1]):
		return "2" + words[1]
	case strings.Contains(line, "NOTE: this must be the last rule in this chain"):
		return "2" + words[1] + "~"
	default:
		return "2" + line[len("-A "):]
	}
}
