package ipvs

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"

	"conntrail/kubeproxy/objects"
	"k8s.io/kubernetes/pkg/proxy"
	utilipset "k8s.io/kubernetes/pkg/proxy/ipvs/ipset"
	ipsettest "k8s.io/kubernetes/pkg/proxy/ipvs/ipset/testing"
	utilipvs "k8s.io/kubernetes/pkg/proxy/ipvs/util"
	ipvstest "k8s.io/kubernetes/pkg/proxy/ipvs/util/testing"
	netutils "k8s.io/utils/net"
)

// record is what the fakes were told, in words of ipvsadm, ipset and ip.
type record []string

func (r *record) add(format string, a ...any) { *r = append(*r, fmt.Sprintf(format, a...)) }

func address(ip net.IP, port uint16) string {
	return net.JoinHostPort(ip.String(), strconv.Itoa(int(port)))
}

func server(vs *utilipvs.VirtualServer) string {
	option := map[string]string{"TCP": "-t", "UDP": "-u", "SCTP": "--sctp-service"}[vs.Protocol]
	return option + " " + address(vs.Address, vs.Port)
}

func options(vs *utilipvs.VirtualServer) string {
	text := "-s " + vs.Scheduler
	if vs.Flags&utilipvs.FlagPersistent != 0 {
		text += fmt.Sprintf(" -p %d", vs.Timeout)
	}
	return text
}

func real(vs *utilipvs.VirtualServer, rs *utilipvs.RealServer) string {
	return server(vs) + " -r " + address(rs.Address, rs.Port)
}

type ipvs struct {
	*ipvstest.FakeIPVS
	*record
	forgotten bool
}

func (f *ipvs) AddVirtualServer(vs *utilipvs.VirtualServer) error {
	f.add("-A %s %s", server(vs), options(vs))
	return f.FakeIPVS.AddVirtualServer(vs)
}

func (f *ipvs) UpdateVirtualServer(vs *utilipvs.VirtualServer) error {
	f.add("-E %s %s", server(vs), options(vs))
	return f.FakeIPVS.UpdateVirtualServer(vs)
}

func (f *ipvs) DeleteVirtualServer(vs *utilipvs.VirtualServer) error {
	f.add("-D %s", server(vs))
	return f.FakeIPVS.DeleteVirtualServer(vs)
}

func (f *ipvs) AddRealServer(vs *utilipvs.VirtualServer, rs *utilipvs.RealServer) error {
	f.add("-a %s -m -w %d", real(vs, rs), rs.Weight)
	return f.FakeIPVS.AddRealServer(vs, rs)
}

// UpdateRealServer is kube-proxy's fake's, less the records of the deletion and addition by which that does it.
func (f *ipvs) UpdateRealServer(vs *utilipvs.VirtualServer, rs *utilipvs.RealServer) error {
	f.add("-e %s -m -w %d", real(vs, rs), rs.Weight)
	return f.FakeIPVS.UpdateRealServer(vs, rs)
}

func (f *ipvs) DeleteRealServer(vs *utilipvs.VirtualServer, rs *utilipvs.RealServer) error {
	f.add("-d %s", real(vs, rs))
	return f.FakeIPVS.DeleteRealServer(vs, rs)
}

// GetRealServers answers that those have a connection whose address ends in an even digit, until all are forgotten.
func (f *ipvs) GetRealServers(vs *utilipvs.VirtualServer) ([]*utilipvs.RealServer, error) {
	found, err := f.FakeIPVS.GetRealServers(vs)
	var answer []*utilipvs.RealServer
	for _, rs := range found {
		text := rs.Address.String()
		connected := *rs
		if !f.forgotten && strings.ContainsAny(text[len(text)-1:], "02468ace") {
			connected.InactiveConn = 1
		}
		answer = append(answer, &connected)
	}
	return answer, err
}

type ipset struct {
	*ipsettest.FakeIPSet
	*record
}

func (f *ipset) AddEntry(entry string, set *utilipset.IPSet, ignoreExistErr bool) error {
	f.add("add %s %s", set.Name, entry)
	return f.FakeIPSet.AddEntry(entry, set, ignoreExistErr)
}

func (f *ipset) DelEntry(entry, set string) error {
	f.add("del %s %s", set, entry)
	return f.FakeIPSet.DelEntry(entry, set)
}

// links embeds the fake that NewFakeProxier has made.
type links struct {
	NetLinkHandle
	*record
}

func (f *links) EnsureAddressBind(ip, device string) (bool, error) {
	exists, err := f.NetLinkHandle.EnsureAddressBind(ip, device)
	if !exists {
		f.add("address %s", ip)
	}
	return exists, err
}

func (f *links) UnbindAddress(ip, device string) error {
	f.add("no address %s", ip)
	return f.NetLinkHandle.UnbindAddress(ip, device)
}

type golden struct {
	*Proxier
	*record
	ipvs *ipvs
	ipt  *objects.Iptables
}

// told is what the fakes were told: servers each with their own commands in order, all else sorted.
func (g golden) told() string {
	told := *g.record
	*g.record = nil
	slices.SortStableFunc(told, func(a, b string) int { return strings.Compare(order(a), order(b)) })
	return strings.Join(append(told, ""), "\n")
}

// order leaves the commands of one real server in their order, which counts.
func order(line string) string {
	words := strings.Fields(line)
	switch words[0] {
	case "-a", "-d", "-e":
		return "-a " + strings.Join(words[1:5], " ")
	default:
		return line
	}
}

func (g golden) Sync() string {
	return g.Back() + objects.Ordered(g.ipt.Written(), "KUBE-IPVS-OUT-FILTER")
}

func (g golden) Back() string {
	if err := g.syncProxyRules(); err != nil {
		panic(err)
	}
	return g.told()
}

func (g golden) Recheck() string {
	g.ipvs.forgotten = true
	g.gracefuldeleteManager.tryDeleteRs()
	return g.told()
}

// The clean-up of rules, which are the same chains and jumps whatever the objects. What else cleanupLeftovers removes, it
// removes from the machine that it runs on.
func TestConntrailCleanUp(t *testing.T) {
	ipt := objects.NewIptables(false)
	if cleanupIptablesLeftovers(context.Background(), ipt) {
		t.Fatal("clean-up failed")
	}
	objects.Golden(t, "ipvs-clean-up", ipt.Written())
}

func TestConntrail(t *testing.T) {
	objects.Write(t, "ipvs", func(s objects.Setup) objects.Proxier {
		told := &record{}
		ipt := objects.NewIptables(s.V6())
		servers := &ipvs{FakeIPVS: ipvstest.NewFake(), record: told}
		sets := &ipset{ipsettest.NewFake(testIPSetVersion), told}
		p := NewFakeProxier(context.Background(), ipt, servers, sets, []string{s.NodeIP}, nil, s.Family)
		for _, info := range ipsetInfo {
			p.ipsetList[info.name] = NewIPSet(sets, info.name, info.setType, s.V6(), info.comment)
		}
		p.netlinkHandle = &links{p.netlinkHandle, told}
		p.endpointsChanges = proxy.NewEndpointsChangeTracker(s.Family, objects.Node, nil, nil)
		p.nodeName = objects.Node
		p.topologyLabels = objects.Zone
		p.nodeIP = netutils.ParseIPSloppy(s.NodeIP)
		p.masqueradeMark = "0x00004000"
		p.masqueradeAll = s.MasqueradeAll
		p.localDetector = s.LocalDetector
		return golden{p, told, servers, ipt}
	})
}
