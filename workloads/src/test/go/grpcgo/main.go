// Command grpcgo is a server of grpc-go for GrpcGoTest: it answers with the message, or with the
// status that the message begins with, and writes down all bytes that it says on each connection.
//
// Usage: grpcgo FILE; the port stands on the first line of standard output. It ends with its
// standard input.
package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// raw takes messages as the bytes that they are.
type raw struct{}

func (raw) Marshal(v any) ([]byte, error) { return *v.(*[]byte), nil }

func (raw) Unmarshal(data []byte, v any) error {
	*v.(*[]byte) = append([]byte(nil), data...)
	return nil
}

func (raw) Name() string { return "raw" }

// answer is the reply to a message, or the status.
func answer(message []byte) (*[]byte, error) {
	text := string(message)
	if !strings.HasPrefix(text, "!") {
		return &message, nil
	}
	code, why, _ := strings.Cut(text[1:], " ")
	number, err := strconv.Atoi(code)
	if err != nil {
		return nil, err
	}
	return nil, status.Error(codes.Code(number), why)
}

func find(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
	var message []byte
	if err := decode(&message); err != nil {
		return nil, err
	}
	if err := grpc.SetHeader(ctx, metadata.Pairs("x-head", "in the head")); err != nil {
		return nil, err
	}
	if err := grpc.SetTrailer(ctx, metadata.Pairs("x-served-by", "go-2")); err != nil {
		return nil, err
	}
	reply, err := answer(message)
	if err != nil {
		return nil, err
	}
	return reply, nil
}

func chat(_ any, stream grpc.ServerStream) error {
	stream.SetTrailer(metadata.Pairs("x-served-by", "go-2"))
	for {
		var message []byte
		if err := stream.RecvMsg(&message); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if string(message) == "end" {
			return nil
		}
		reply, err := answer(message)
		if err != nil {
			return err
		}
		if err := stream.SendMsg(reply); err != nil {
			return err
		}
	}
}

// record is what is said on all connections, one after the other.
type record struct {
	sync.Mutex
	to io.Writer
}

func (r *record) note(line string) {
	r.Lock()
	defer r.Unlock()
	fmt.Fprintln(r.to, line)
}

type recorded struct {
	net.Conn
	in *record
}

func (c recorded) Write(bytes []byte) (int, error) {
	c.in.note(hex.EncodeToString(bytes))
	return c.Conn.Write(bytes)
}

type listener struct {
	net.Listener
	in *record
}

func (l listener) Accept() (net.Conn, error) {
	made, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.in.note("connection")
	return recorded{made, l.in}, nil
}

func main() {
	file, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	fmt.Fprintln(file, "# grpc-go", grpc.Version, runtime.Version())
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	server := grpc.NewServer(grpc.ForceServerCodec(raw{}))
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "shop.v1.Items",
		HandlerType: (*any)(nil),
		Methods:     []grpc.MethodDesc{{MethodName: "Find", Handler: find}},
		Streams: []grpc.StreamDesc{
			{StreamName: "Chat", Handler: chat, ServerStreams: true, ClientStreams: true},
		},
	}, nil)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	fmt.Println(socket.Addr().(*net.TCPAddr).Port)
	if err := server.Serve(listener{socket, &record{to: file}}); err != nil {
		panic(err)
	}
}
